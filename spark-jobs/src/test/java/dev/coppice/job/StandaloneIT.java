package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.job.Launcher.Result;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
  private static final int SWEEPS = 6;

  @TempDir private static Path directory;

  private static Thread stopAtExit;
  private static Path conf;
  private static List<String> expected;

  @BeforeAll
  static void trainOnOneMachine() throws Exception {
    stopAtExit = new Thread(StandaloneIT::killCluster);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
    conf = SmallRun.conf(directory.resolve("test.conf"), SWEEPS);
    SmallRun.prepareHere(directory);
    expected = SmallRun.trainHere(directory, SWEEPS);
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
    trainAnd("executor", "broadcastLimit=268435456", StandaloneIT::killExecutors);
  }

  /** With rows going from block to block, so that what the worker held must be made again. */
  @Test
  void aKilledWorkerChangesNothing() throws Exception {
    trainAnd("worker", "broadcastLimit=0", ProcessHandle::destroyForcibly);
  }

  /** What clients hold lies in executors; the federation of one machine comes out all the same. */
  @Test
  void aKilledExecutorChangesNoFederation() throws Exception {
    int rounds = 4;
    List<String> settings =
        new ArrayList<>(
            List.of(
                "rank=16",
                "density=0.5",
                "maxIter=2",
                "rounds=" + rounds,
                "part=none",
                "clientBy=hash",
                "clientGroups=3",
                "itemBuckets=10",
                "dimBlocks=2",
                "numPartitions=4"));
    List<String> here = new ArrayList<>(settings);
    here.add("input=" + directory.resolve("data"));
    here.add("output=" + directory.resolve("federated"));
    SmallRun.here(directory, "federate", here);
    Path empty = Files.createFile(directory.resolve("federate.conf"));
    settings.add("input=data");
    settings.add("output=federated-hurt");
    hurt("federate", empty, "round", rounds, settings, StandaloneIT::killExecutors);
    Map<String, List<String>> expected = models("federated");
    assertThat(expected).hasSize(1 + 3);
    assertThat(models("federated-hurt")).isEqualTo(expected);
    assertThat(federation("federated-hurt")).isEqualTo(federation("federated"));
  }

  /** The rows of the global model and of every client's own. */
  private static Map<String, List<String>> models(String output) throws IOException {
    Path federation = directory.resolve(output);
    Map<String, List<String>> models = new TreeMap<>();
    models.put("global", ModelRows.of(federation.resolve("model").toString()));
    try (Stream<Path> clients = Files.list(federation.resolve("clients"))) {
      for (Path client : clients.toList()) {
        models.put(client.getFileName().toString(), ModelRows.of(client.toString()));
      }
    }
    return models;
  }

  /** Gates, shares and counts of every client. */
  private static JsonNode federation(String output) throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve(output).resolve("federation.json").toFile());
  }

  private static void killExecutors(ProcessHandle worker) {
    worker.children().forEach(ProcessHandle::destroyForcibly);
  }

  private static void trainAnd(String name, String set, Consumer<ProcessHandle> kill)
      throws Exception {
    hurt("train", conf, "sweep", SWEEPS, List.of("input=data", "model=" + name, set), kill);
    assertThat(ModelRows.of(directory.resolve(name).toString())).isEqualTo(expected);
  }

  /** Runs a job on the cluster and kills a part of it when two steps are done. */
  private static void hurt(
      String job,
      Path conf,
      String step,
      int steps,
      List<String> sets,
      Consumer<ProcessHandle> kill)
      throws Exception {
    Path submit = Launcher.root().resolve("deploy/standalone/submit");
    ProcessHandle worker = processes("worker-2.pid").get(0);
    Object[] command = Launcher.command(submit, job, conf, sets.toArray(String[]::new));
    SmallRun.hurt(
        launcher().start(directory, command),
        step,
        steps,
        () -> {
          assertThat(worker.children()).as("executors of the worker").isNotEmpty();
          kill.accept(worker);
        });
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
    return launcher()
        .with("SPARK_DAEMON_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .run(directory, script, action, "--dir", clusterDirectory());
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
