package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.Command;
import dev.coppice.job.JobProcess;
import dev.coppice.job.data.GenerateJob;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import dev.coppice.publish.Registry;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.checkpoint.BrittleFileSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job {@code train} in processes that are killed while it runs, and what it refuses to go on
 * from.
 */
class ResumeJobIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "rank", "16",
          "density", "0.25",
          "maxIter", "6",
          "numBlocks", "4",
          "numPartitions", "2",
          "patience", "3",
          "metric", "ndcg@5");

  /** The data sets, and the model {@code whole} of a training that nobody killed. */
  @TempDir private static Path shared;

  @TempDir private Path directory;
  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void prepare() throws Exception {
    ResumeJobIT test = new ResumeJobIT();
    test.data("data", "5");
    test.data("other", "6");
    test.run(new TrainJob(), settings(shared.resolve("whole")));
  }

  @BeforeEach
  void register() {
    BrittleFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
  }

  private void data(String name, String seed) throws Exception {
    Map<String, String> generate = new HashMap<>();
    generate.put("output", shared.resolve(name + "-raw").toString());
    generate.put("seed", seed);
    generate.put("users", "150");
    generate.put("items", "80");
    generate.put("interactions", "3000");
    generate.put("communities", "5");
    generate.put("affinity", "1");
    String raw = run(new GenerateJob(), generate).get(0).replaceFirst(".*: ", "");
    run(
        new PrepareJob(),
        Map.of(
            "input", raw,
            "format", "parquet",
            "output", shared.resolve(name).toString(),
            "split", "ratio",
            "validation", "ratio"));
  }

  private List<String> run(Job job, Map<String, String> settings) throws Exception {
    ConfigValues values = job.schema().resolve(settings);
    job.check(values);
    JobContext context =
        new JobContext(job.name(), TestSpark.session(), new Progress(new PrintWriter(said), false));
    return job.run(context, values).lines();
  }

  private Map<String, String> settings(String model, String... more) {
    return settings(directory.resolve(model), more);
  }

  private static Map<String, String> settings(Path model, String... more) {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("input", shared.resolve("data").toString());
    settings.put("model", model.toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private List<String> train(String model, String... more) throws Exception {
    return run(new TrainJob(), settings(model, more));
  }

  /** A training in a process of its own. */
  private Process start(Map<String, String> settings, String... options) throws IOException {
    List<String> properties =
        new ArrayList<>(
            List.of("-Dspark.hadoop.fs.brittle.impl=" + BrittleFileSystem.class.getName()));
    List<String> words = new ArrayList<>(List.of("train"));
    settings.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    for (String option : options) {
      (option.startsWith("-D") ? properties : words).add(option);
    }
    return JobProcess.start(directory, log(), properties, words);
  }

  private Path log() {
    return directory.resolve("log.txt");
  }

  private String text() throws IOException {
    return Files.readString(log(), StandardCharsets.UTF_8);
  }

  private int end(Process process) throws Exception {
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(text()).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Waits for a checkpoint and kills the process at once, with signal 9. */
  private void killAfter(Process process, Path checkpoints, int sweep) throws Exception {
    Instant end = Instant.now().plusSeconds(300);
    try {
      while (newest(checkpoints) < sweep) {
        assertThat(process.isAlive()).as(text()).isTrue();
        assertThat(Instant.now()).as(text()).isBefore(end);
        Thread.sleep(5);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Trains in this process, and cancels what runs as soon as there is a checkpoint. */
  private void cancelAfter(Map<String, String> settings, Path checkpoints, int sweep)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> training = thread.submit(() -> run(new TrainJob(), settings));
      Instant end = Instant.now().plusSeconds(300);
      while (!training.isDone()) {
        assertThat(Instant.now()).as("end of the cancelled training").isBefore(end);
        if (newest(checkpoints) >= sweep) {
          TestSpark.session().sparkContext().cancelAllJobs();
        }
        Thread.sleep(5);
      }
      assertThatThrownBy(training::get).hasStackTraceContaining("cancel");
    } finally {
      thread.shutdownNow();
    }
  }

  private static int newest(Path checkpoints) throws IOException {
    if (!Files.exists(checkpoints)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(checkpoints)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("sweep-\\d+\\.json"))
          .mapToInt(name -> Integer.parseInt(name.replaceAll("\\D", "")))
          .max()
          .orElse(0);
    }
  }

  /** The tables' files, in order, byte by byte; Spark gives each write a random name. */
  private static Map<String, byte[]> tables(Path model) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String table : List.of("users", "items")) {
      try (Stream<Path> all = Files.list(model.resolve(table))) {
        for (Path file : all.filter(f -> f.toString().endsWith(".parquet")).toList()) {
          String name =
              file.getFileName()
                  .toString()
                  .replaceFirst("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "");
          files.put(table + "/" + name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private static String metrics(Path model) throws IOException {
    // Behind them is a checksum of all settings, among them how the work was spread.
    return Files.readString(model.resolve("coppice.json"))
        .replaceFirst("(?s).*\"metrics\"", "")
        .replaceFirst("\"sha256\".*", "");
  }

  private void assertSame(String model) throws IOException {
    Path whole = shared.resolve("whole");
    Path resumed = directory.resolve(model);
    Map<String, byte[]> expected = tables(whole);
    Map<String, byte[]> actual = tables(resumed);
    assertThat(actual.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
    for (String file : expected.keySet()) {
      assertThat(actual.get(file)).as(file).isEqualTo(expected.get(file));
    }
    assertThat(metrics(resumed)).isEqualTo(metrics(whole)).contains("ndcg@5");
  }

  /** Kills with signal 9 between sweeps, then in the middle of a checkpoint, then lets it end. */
  @Test
  void killedProcessesGoOnToTheSameBytes() throws Exception {
    Path checkpoints = directory.resolve("checkpoints");
    Map<String, String> settings =
        settings("killed", "checkpointInterval", "1", "checkpointDir", "brittle:" + checkpoints);
    killAfter(start(settings), checkpoints, 2);
    assertThat(directory.resolve("killed")).doesNotExist();
    int before = newest(checkpoints);

    // Files closed: 1 probe, 2 row files a table; dies with half of the next checkpoint written.
    assertThat(end(start(settings, "--resume", "-D" + BrittleFileSystem.LAST + "=4")))
        .as(text())
        .isEqualTo(137);
    assertThat(text()).contains("resumed after sweep " + before);
    assertThat(newest(checkpoints)).isEqualTo(before);

    assertThat(end(start(settings, "--resume"))).as(text()).isZero();
    assertThat(text().split("resumed after sweep " + before, -1)).hasSizeGreaterThan(2);
    assertSame("killed");
    assertThat(checkpoints).doesNotExist();
  }

  /**
   * Into a registry, with checkpoints where they lie by default, and rows going from block to
   * block. Nothing is published before the end, and the lock of the dead stops nobody.
   */
  @Test
  void killedProcessesPublishTheSameBytes() throws Exception {
    Path registry = directory.resolve("registry");
    Path checkpoints = registry.resolve(".checkpoint");
    Map<String, String> settings =
        settings("unused", "broadcastLimit", "0", "checkpointInterval", "1");
    settings.remove("model");
    settings.put("registry", registry.toString());
    settings.put("runId", "night");
    killAfter(start(settings), checkpoints, 2);
    int first = newest(checkpoints);
    killAfter(start(settings, "--resume"), checkpoints, first + 1);
    int second = newest(checkpoints);
    assertThat(registry.resolve("latest")).doesNotExist();
    assertThat(registry.resolve("models/night")).doesNotExist();

    assertThat(end(start(settings, "--resume"))).as(text()).isZero();
    assertThat(text()).contains("resumed after sweep " + first, "resumed after sweep " + second);
    assertSame("registry/models/night");
    assertThat(checkpoints).doesNotExist();
    Registry published = Registry.at(new Configuration(false), registry.toString());
    assertThat(published.latest().orElseThrow().runId()).isEqualTo("night");
  }

  /** One holds the lock; the other finds it locked, or, if it comes later, nothing to do. */
  @Test
  void ofTwoProcessesAtOnceIntoOneRegistryOnePublishes() throws Exception {
    Path registry = directory.resolve("registry");
    Map<String, String> settings = settings("unused", "broadcastLimit", "0");
    settings.remove("model");
    settings.put("registry", registry.toString());
    settings.put("runId", "night");
    List<Process> both = List.of(start(settings), start(settings));
    List<Integer> codes = List.of(end(both.get(0)), end(both.get(1)));
    assertThat(codes).as(text()).contains(0).isSubsetOf(0, 5);
    assertThat(text()).containsAnyOf("another run", "nothing to do").doesNotContain("--verbose");
    assertSame("registry/models/night");
    assertThat(Registry.at(new Configuration(false), registry.toString()).publications().keySet())
        .containsExactly(1L);
    assertThat(Command.listing(registry)).doesNotContain(".run.lock", ".latest.lock");
  }

  @Test
  void withoutACheckpointItStartsFromTheBeginningAndSaysSo() throws Exception {
    assertThat(train("model", "resume", "true", "maxIter", "2"))
        .anyMatch(line -> line.contains("no checkpoint in") && line.contains("from the beginning"));
    assertThat(said.toString()).contains(".model.checkpoint; started from the beginning");
    assertThat(directory.resolve(".model.checkpoint")).doesNotExist();
  }

  @Test
  void foreignCheckpointsAreRefusedAndANewTrainingReplacesThem() throws Exception {
    String checkpoints = directory.resolve("checkpoints").toString();
    String[] durable = {"checkpointDir", checkpoints, "checkpointInterval", "1"};
    cancelAfter(settings("model", durable), Path.of(checkpoints), 1);
    int before = newest(Path.of(checkpoints));

    assertRefused(
        ExitCode.USAGE,
        () -> train("model", with(durable, "resume", "true", "regParam", "0.02")),
        "regParam = \"0.008\"",
        "regParam = \"0.02\"");
    assertRefused(
        ExitCode.BAD_INPUT,
        () ->
            train(
                "model",
                with(durable, "resume", "true", "input", shared.resolve("other").toString())),
        "other data",
        "train without resume");
    for (String resume : List.of("true", "false")) {
      assertRefused(
          ExitCode.USAGE,
          () -> train("another", with(durable, "resume", resume)),
          "belongs to the training of",
          "another");
    }
    assertThat(newest(Path.of(checkpoints))).isEqualTo(before);
    train("model", with(durable, "regParam", "0.02"));
    assertThat(Path.of(checkpoints)).doesNotExist();
  }

  private static String[] with(String[] settings, String... more) {
    return Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void assertRefused(ExitCode code, ThrowingCallable run, String... parts) {
    assertThatThrownBy(run)
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).as(ErrorText.of(e)).isEqualTo(code))
        .hasMessageContainingAll(parts);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsFoundBeforeTrainingStarts() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "here");
    assertRefused(
        ExitCode.USAGE,
        () -> train("model", "checkpointDir", file.resolve("inside").toString()),
        "checkpointDir = \"" + file.resolve("inside"),
        "cannot be written",
        "checkpointInterval = -1");
    assertThat(said.toString()).doesNotContain("load", "train");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(file).hasContent("here");
  }

  @Test
  void resumeNeedsCheckpoints() {
    assertThatThrownBy(
            () ->
                new TrainJob()
                    .check(
                        TrainKeys.schema()
                            .resolve(
                                settings("model", "resume", "true", "checkpointInterval", "-1"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("resume = true needs checkpoints");
  }
}
