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
  private static final String CONF =
      """
      prepare { format = delimited, delimiter = ",", userCol = 1, itemCol = 2, duplicates = sum }
      train { rank = 32, density = 0.25, maxIter = %d, numBlocks = 8, numPartitions = 4, seed = 7 }
      """
          .formatted(SWEEPS);

  @TempDir private static Path directory;

  private static Thread stopAtExit;
  private static Path conf;
  private static List<String> expected;

  @BeforeAll
  static void trainOnOneMachine() throws Exception {
    stopAtExit = new Thread(StandaloneIT::killCluster);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
    conf = Files.writeString(directory.resolve("test.conf"), CONF);
    Path raw = RawInput.write(directory.resolve("raw.csv"), 300, 200, 6_000);
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    Launcher launcher = launcher().with("COPPICE_MASTER", "local[2]");
    succeed(
        launcher.run(
            directory, Launcher.command(coppice, "prepare", conf, "input=" + raw, "output=data")));
    succeed(
        launcher.run(
            directory, Launcher.command(coppice, "train", conf, "input=data", "model=local")));
    expected = ModelRows.of(directory.resolve("local").toString());
    assertThat(expected).hasSizeGreaterThan(400);
  }

  /** Starts the cluster, or what the last test has killed of it. */
  @BeforeEach
  void startCluster() throws Exception {
    succeed(cluster("start"));
    Result status = cluster("status");
    assertThat(status.code()).as(status.out()).isZero();
    assertThat(status.out()).contains("spark://127.0.0.1:", "worker-1 runs", "worker-2 runs");
  }

  @AfterAll
  static void stopCluster() throws Exception {
    List<ProcessHandle> processes = processes("*.pid");
    succeed(cluster("stop"));
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
    Result result;
    try (Running running =
        launcher()
            .start(
                directory,
                Launcher.command(submit, "train", conf, "input=data", "model=" + name, set))) {
      running.awaitError("sweep 2: loss");
      assertThat(worker.children()).as("executors of the worker").isNotEmpty();
      kill.accept(worker);
      result = running.await();
    }
    succeed(result);
    assertThat(result.err()).contains("Lost executor");
    assertThat(result.err().indexOf("Lost executor"))
        .as("killed before the last sweep")
        .isLessThan(result.err().indexOf("sweep " + SWEEPS + ": loss"));
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

  private static void succeed(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
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
