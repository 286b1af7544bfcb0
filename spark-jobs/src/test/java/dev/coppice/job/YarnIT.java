package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.coppice.job.Launcher.Running;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs jobs on a real YARN with data and models on a real HDFS, small ones in a process of their
 * own. Only on the Spark line whose YARN client and mini cluster can be had as artifacts.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class YarnIT {
  private static final String DATA = "/coppice/data";
  private static final int SWEEPS = 10;

  @TempDir private static Path directory;

  private static Process hadoop;
  private static Thread stopAtExit;
  private static Path conf;
  private static String files;

  @BeforeAll
  static void startClusters() throws Exception {
    String jars = System.getProperty("coppice.minicluster", "");
    assumeFalse(
        jars.isEmpty(),
        "YARN is tested on the spark-3.5 line only: there are no artifacts of it for this line");
    conf = SmallRun.conf(directory.resolve("test.conf"), SWEEPS);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx768m");
    command.add("-XX:TieredStopAtLevel=1");
    for (String opened : List.of("java.lang", "java.util", "java.io")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(classPath(Path.of(jars)));
    command.add(Launcher.root().resolve("spark-jobs/src/minicluster/MiniHadoop.java").toString());
    command.add(directory.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("hadoop.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    hadoop = builder.start();
    stopAtExit = new Thread(YarnIT::kill);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(directory.resolve("ready"))) {
      assertThat(hadoop.isAlive() && System.nanoTime() < limit)
          .as(() -> Launcher.read(directory.resolve("hadoop.log")))
          .isTrue();
      Thread.sleep(100);
    }
    Configuration clients = new Configuration(false);
    clients.addResource(
        new org.apache.hadoop.fs.Path(directory.resolve("conf/core-site.xml").toUri()));
    files = clients.get("fs.defaultFS");
    Path raw = SmallRun.raw(directory.resolve("raw.csv"));
    FileSystem.get(new java.net.URI(files), new Configuration())
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(raw.toUri()),
            new org.apache.hadoop.fs.Path(files + "/raw/raw.csv"));
  }

  /** What the mini cluster needs, in the order in which its classes must be found. */
  private static String classPath(Path jars) throws Exception {
    List<String> first =
        List.of("hadoop-client-api", "hadoop-client-runtime", "hadoop-client-mini");
    List<String> found = new ArrayList<>();
    for (String start : first) {
      found.addAll(jarsOf(jars, start + "*.jar"));
    }
    for (String jar : jarsOf(jars, "*.jar")) {
      if (!found.contains(jar)) {
        found.add(jar);
      }
    }
    return String.join(java.io.File.pathSeparator, found);
  }

  private static List<String> jarsOf(Path jars, String glob) throws Exception {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(jars, glob)) {
      stream.forEach(jar -> found.add(jar.toString()));
    }
    found.sort(null);
    return found;
  }

  @AfterAll
  static void stopClusters() throws Exception {
    if (hadoop == null) {
      return;
    }
    hadoop.getOutputStream().close();
    if (!hadoop.waitFor(1, TimeUnit.MINUTES)) {
      kill();
    }
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
  }

  private static void kill() {
    hadoop.descendants().forEach(ProcessHandle::destroyForcibly);
    hadoop.destroyForcibly();
  }

  @Test
  @Order(1)
  void preparesInClusterMode() throws Exception {
    submit("cluster")
        .run(directory, job("prepare", "input=/raw/raw.csv", "output=" + DATA))
        .succeeded();
    FileSystem hdfs = FileSystem.get(new java.net.URI(files), new Configuration());
    assertThat(hdfs.exists(new org.apache.hadoop.fs.Path(DATA, "manifest.json"))).isTrue();
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    Launcher local =
        submit("client").with("COPPICE_MASTER", "local[2]").with("COPPICE_SPARK_OPTS", OPTIONS);
    local
        .run(
            directory,
            Launcher.command(coppice, "train", conf, "input=" + DATA, "model=/coppice/local"))
        .succeeded();
  }

  @Test
  @Order(2)
  void aKilledExecutorChangesNothingInClientMode() throws Exception {
    Running running =
        submit("client").start(directory, job("train", "input=" + DATA, "model=/coppice/client"));
    SmallRun.hurt(
        running,
        SWEEPS,
        () -> {
          List<ProcessHandle> executors = executors();
          assertThat(executors).as("executors of the application").hasSize(2);
          executors.get(0).destroyForcibly();
        });
    assertThat(ModelRows.of(model("/coppice/client")))
        .isEqualTo(ModelRows.of(model("/coppice/local")));
  }

  @Test
  @Order(3)
  void trainsInClusterMode() throws Exception {
    submit("cluster")
        .run(directory, job("train", "input=" + DATA, "model=/coppice/cluster"))
        .succeeded();
    assertThat(ModelRows.of(model("/coppice/cluster")))
        .isEqualTo(ModelRows.of(model("/coppice/local")));
  }

  /** What the containers run, not the shells that start them. */
  private static List<ProcessHandle> executors() {
    return hadoop
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  private static final String OPTIONS =
      Launcher.QUICK
          + " --num-executors 2 --executor-cores 1 --executor-memory 512m"
          + " --conf spark.yarn.am.memory=512m --conf spark.yarn.populateHadoopClasspath=false";

  private static Launcher submit(String mode) {
    return new Launcher(directory)
        .without("COPPICE_MASTER")
        .with("HADOOP_CONF_DIR", directory.resolve("conf").toString())
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .with("COPPICE_DEPLOY_MODE", mode)
        .with("COPPICE_DRIVER_MEMORY", "768m")
        .with("COPPICE_NODE_JAVA_HOME", System.getProperty("java.home"))
        .with(
            "COPPICE_SPARK_OPTS",
            OPTIONS + " --conf 'spark.yarn.jars=local:" + Launcher.sparkHome() + "/jars/*'");
  }

  private static Object[] job(String name, String... sets) {
    return Launcher.command(Launcher.root().resolve("deploy/yarn/submit"), name, conf, sets);
  }

  private static String model(String path) {
    return files + path;
  }
}
