package dev.coppice.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.spark.job.Launcher.Result;
import dev.coppice.spark.job.Launcher.Running;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains on a real standalone cluster, a master and two workers as processes of this machine, and
 * kills parts of it while training runs: the model is that of one machine, to the bit.
 */
class StandaloneIT {
  private static final int SWEEPS = 12;

  @TempDir private static Path directory;

  private static Thread stopAtExit;
  private static Path conf;
  private static List<String> expected;

  @BeforeAll
  static void trainOnOneMachine() throws Exception {
    stopAtExit = new Thread(StandaloneIT::killCluster);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
    conf = SmallRun.conf(directory.resolve("test.conf"), SWEEPS);
    Path raw = SmallRun.raw(directory.resolve("raw.csv"));
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    Launcher launcher = launcher().with("COPPICE_MASTER", "local[2]");
    launcher
        .run(directory, Launcher.command(coppice, "prepare", conf, "input=" + raw, "output=data"))
        .succeeded();
    launcher
        .run(directory, Launcher.command(coppice, "train", conf, "input=data", "model=local"))
        .succeeded();
    expected = ModelRows.of(directory.resolve("local").toString());
    assertThat(expected).hasSizeGreaterThan(400);
  }

  /** Starts the cluster, or what the last test has killed of it. */
  @BeforeEach
  void startCluster() throws Exception {
    cluster("start").succeeded();
    assertThat(cluster("status").succeeded().out())
        .contains("spark://127.0.0.1:", "worker-1 runs", "worker-2 runs");
  }

  @AfterAll
  static void stopCluster() throws Exception {
    List<ProcessHandle> processes = processes("*.pid");
    cluster("stop").succeeded();
    // A process that nobody has asked for its exit code is still there, but has no command.
    assertThat(processes).noneMatch(process -> process.info().command().isPresent());
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
  }

  @Test
  void aKilledExecutorChangesNothing() throws Exception {
    trainAnd(
        "executor",
        "broadcastLimit=268435456",
        worker -> worker.children().forEach(ProcessHandle::destroyForcibly));
  }

  /** With rows going from block to block, so that what the worker held must be made again. */
  @Test
  void aKilledWorkerChangesNothing() throws Exception {
    trainAnd("worker", "broadcastLimit=0", ProcessHandle::destroyForcibly);
  }

  private static void trainAnd(String name, String set, Consumer<ProcessHandle> kill)
      throws Exception {
    Path submit = Launcher.root().resolve("deploy/standalone/submit");
    ProcessHandle worker = processes("worker-2.pid").get(0);
    Running running =
        launcher()
            .start(
                directory,
                Launcher.command(submit, "train", conf, "input=data", "model=" + name, set));
    SmallRun.hurt(
        running,
        SWEEPS,
        () -> {
          assertThat(worker.children()).as("executors of the worker").isNotEmpty();
          kill.accept(worker);
        });
    assertThat(ModelRows.of(directory.resolve(name).toString())).isEqualTo(expected);
  }

  private static Launcher launcher() {
    return new Launcher(directory)
        .without("COPPICE_MASTER")
        .with("COPPICE_CLUSTER_DIR", clusterDirectory().toString())
        .with("COPPICE_SPARK_OPTS", Launcher.QUICK + " --executor-memory 512m");
  }

  private static Path clusterDirectory() {
    return directory.resolve("the cluster");
  }

  private static Result cluster(String action) throws Exception {
    Path script = Launcher.root().resolve("deploy/standalone/cluster");
    return launcher().run(directory, script, action, "--dir", clusterDirectory());
  }

  private static List<ProcessHandle> processes(String files) throws IOException {
    List<ProcessHandle> processes = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(clusterDirectory(), files)) {
      for (Path file : found) {
        ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).ifPresent(processes::add);
      }
    }
    return processes;
  }

  private static void killCluster() {
    try {
      processes("*.pid").forEach(ProcessHandle::destroyForcibly);
    } catch (IOException e) {
      // The directory is gone, and the cluster with it.
    }
  }
}
