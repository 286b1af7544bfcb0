package dev.coppice.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.LeaseLock;
import dev.coppice.job.data.GenerateJob;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import dev.coppice.job.rank.EvaluateJob;
import dev.coppice.job.train.TrainJob;
import dev.coppice.publish.Publication;
import dev.coppice.publish.Registry;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs that write to and read from a registry, on planted communities. */
class RegistryJobsTest {
  private static final Map<String, String> GOOD =
      Map.of("family", "latent", "rank", "8", "density", "0.5", "maxIter", "3", "numBlocks", "2");
  // One dimension cannot tell five communities apart.
  private static final Map<String, String> BAD =
      Map.of("family", "latent", "rank", "1", "density", "1", "maxIter", "1", "numBlocks", "2");

  @TempDir private static Path shared;

  @TempDir private Path directory;

  /** What the training of the first model said. */
  private static List<String> first;

  private final StringWriter said = new StringWriter();
  private String registry;

  /** A data set, a registry whose published model is that of the run {@code a}, a bad model. */
  @BeforeAll
  static void prepare() throws Exception {
    RegistryJobsTest test = new RegistryJobsTest();
    test.data("data", "5");
    test.registry = shared.resolve("registry").toString();
    first = test.train("a", GOOD);
    test.run(
        new TrainJob(),
        BAD,
        Map.of(
            "input", shared.resolve("data").toString(),
            "model", shared.resolve("bad").toString()));
  }

  @BeforeEach
  void setUp() {
    registry = directory.resolve("registry").toString();
  }

  /** A copy of the registry with one model. */
  private void begun() throws IOException {
    copy(shared.resolve("registry"), directory.resolve("registry"));
  }

  /** Publishes the bad model, whatever it is worth. */
  private void publishBad(String runId) throws Exception {
    run(
        new PublishJob(),
        Map.of("registry", registry, "runId", runId, "maxRegression", "1"),
        Map.of("model", shared.resolve("bad").toString()));
  }

  private void data(String name, String seed) throws Exception {
    String raw = shared.resolve(name + "-raw").toString();
    String summary =
        run(
                new GenerateJob(),
                Map.of("output", raw, "seed", seed, "communities", "5", "affinity", "1"),
                Map.of("users", "150", "items", "80", "interactions", "3000", "itemSkew", "0.2"))
            .get(0);
    run(
        new PrepareJob(),
        Map.of(
            "input",
            summary.replaceFirst(".*: ", ""),
            "format",
            "parquet",
            "output",
            shared.resolve(name).toString()),
        Map.of("split", "ratio", "validation", "ratio"));
  }

  private List<String> run(Job job, Map<String, String> some, Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>(some);
    settings.putAll(more);
    ConfigValues values = job.schema().resolve(settings);
    job.check(values);
    JobContext context =
        new JobContext(job.name(), TestSpark.session(), new Progress(new PrintWriter(said), false));
    return job.run(context, values).lines();
  }

  private List<String> train(String runId, Map<String, String> settings, String... more)
      throws Exception {
    Map<String, String> rest = new HashMap<>();
    rest.put("input", shared.resolve("data").toString());
    rest.put("registry", registry);
    rest.put("runId", runId);
    for (int i = 0; i < more.length; i += 2) {
      rest.put(more[i], more[i + 1]);
    }
    return run(new TrainJob(), settings, rest);
  }

  private void assertEnds(
      ExitCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable run) {
    assertThatThrownBy(run)
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).as(ErrorText.of(e)).isEqualTo(code));
  }

  private String latest() throws IOException {
    return Registry.at(new Configuration(false), registry).latest().orElseThrow().runId();
  }

  private static Map<String, Integer> bytes(Path directory) throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  files.put(file.toString(), java.util.Arrays.hashCode(Files.readAllBytes(file)));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return files;
  }

  @Test
  void trainedModelsArePublishedComparedRefusedAndRolledBack() throws Exception {
    begun();
    assertThat(first)
        .anyMatch(line -> line.contains("no model was published before"))
        .anyMatch(line -> line.startsWith("published: run a as number 1"));
    assertThat(directory.resolve("registry/models/a/report.html")).isNotEmptyFile();
    assertThat(train("night-2", GOOD, "seed", "43", "maxRegression", "0.5"))
        .anyMatch(line -> line.contains("of the published model (a)"))
        .anyMatch(line -> line.endsWith("after a"));
    assertThat(latest()).isEqualTo("night-2");
    assertThat(directory.resolve("registry/models/night-2/evaluation/report.html"))
        .content()
        .contains(
            "Beside the published model", "The gate lets the model pass.", "<th scope=\"col\">a<");

    Map<String, Integer> before = bytes(directory.resolve("registry/models"));
    Map<String, Integer> history = bytes(directory.resolve("registry/history"));
    String text = Files.readString(directory.resolve("registry/latest"));
    assertThatThrownBy(() -> train("night-3", BAD))
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.WORSE_MODEL))
        .hasMessageContaining("worse than the published one")
        .hasMessageContaining("maxRegression=1")
        .hasMessageContaining("night-3/evaluation/report.html");
    JsonNode seen =
        new ObjectMapper()
            .readTree(
                directory.resolve("registry/models/night-3/evaluation/metrics.json").toFile());
    assertThat(seen.at("/details/gate/passed").asBoolean(true)).isFalse();
    assertThat(seen.at("/details/beside/name").asText()).isEqualTo("night-2");
    assertThat(seen.at("/details/beside/change/ndcg@20/high").asDouble()).isNegative();
    assertThat(seen.at("/details/beside/lists/users").asLong()).isPositive();
    assertThat(bytes(directory.resolve("registry/models"))).containsAllEntriesOf(before);
    assertThat(bytes(directory.resolve("registry/history"))).isEqualTo(history);
    assertThat(Files.readString(directory.resolve("registry/latest"))).isEqualTo(text);
    // The same run again is refused again, without training.
    said.getBuffer().setLength(0);
    assertEnds(ExitCode.WORSE_MODEL, () -> train("night-3", BAD));
    assertThat(said.toString()).contains("gate").doesNotContain("train ...");

    assertThat(train("a", GOOD))
        .anyMatch(line -> line.contains("nothing to do"))
        .anyMatch(line -> line.contains("now that of the run night-2"));
    assertThat(run(new ModelsJob(), Map.of("registry", registry), Map.of()))
        .anyMatch(line -> line.matches("latest +2 +night-2 .*ndcg@20 0\\.\\d+ .*"))
        .anyMatch(line -> line.matches("previous +1 +a .*"))
        .anyMatch(line -> line.matches("refused +- +night-3 .*"));
    Map<String, String> undo = Map.of("registry", registry, "runId", "undo-1");
    assertThat(run(new RollbackJob(), undo, Map.of())).hasSize(1);
    assertThat(run(new RollbackJob(), undo, Map.of()).get(0))
        .startsWith("published: run a as number 3");
    assertThat(evaluate("after-rollback")).contains("models/a").contains("has no other one");

    String refused = directory.resolve("registry/models/night-3").toString();
    run(
        new PublishJob(),
        Map.of("model", refused, "registry", registry),
        Map.of("maxRegression", "1"));
    assertThat(latest()).isEqualTo("night-3");
    assertThat(evaluate("after-publish")).contains("models/night-3").contains("shown beside");
  }

  private String evaluate(String output) throws Exception {
    said.getBuffer().setLength(0);
    run(
        new EvaluateJob(),
        Map.of("input", shared.resolve("data").toString(), "model", registry),
        Map.of("output", directory.resolve(output).toString(), "beside", registry));
    assertThat(directory.resolve(output).resolve("metrics.json")).isNotEmptyFile();
    return said.toString();
  }

  @Test
  void savedModelsArePublishedBehindTheSameGate() throws Exception {
    String good = directory.resolve("good").toString();
    String bad = shared.resolve("bad").toString();
    Map<String, String> input = Map.of("input", shared.resolve("data").toString());
    copy(shared.resolve("registry/models/a"), Path.of(good));
    Files.delete(Path.of(good, "registered.json"));
    Map<String, Integer> before = bytes(Path.of(good));
    Map<String, String> publish = Map.of("registry", registry, "runId", "one");
    run(new PublishJob(), publish, Map.of("model", good));
    assertThat(bytes(Path.of(good))).isEqualTo(before);
    assertThat(Files.readAllBytes(directory.resolve("registry/models/one/coppice.json")))
        .isEqualTo(Files.readAllBytes(Path.of(good, "coppice.json")));

    Map<String, String> second = Map.of("registry", registry, "model", bad, "runId", "two");
    assertEnds(ExitCode.USAGE, () -> run(new PublishJob(), second, Map.of()));
    assertThat(latest()).isEqualTo("one");
    assertEnds(ExitCode.WORSE_MODEL, () -> run(new PublishJob(), second, input));
    assertThat(latest()).isEqualTo("one");
    Map<String, String> nothing = Map.of("registry", registry, "model", directory.toString());
    assertEnds(ExitCode.BAD_INPUT, () -> run(new PublishJob(), nothing, input));
  }

  @Test
  void brokenLatestEndsTheRunBeforeItTrains() throws Exception {
    begun();
    publishBad("b");
    Files.delete(directory.resolve("registry/models/b/registered.json"));
    said.getBuffer().setLength(0);
    assertThatThrownBy(() -> train("c", GOOD))
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("points nowhere")
        .hasMessageContaining("coppice rollback");
    assertThat(said.toString()).doesNotContain("train ...");
    assertEnds(ExitCode.BAD_INPUT, () -> evaluate("none"));
    assertThat(directory.resolve("none")).doesNotExist();
    run(new RollbackJob(), Map.of("registry", registry), Map.of());
    assertThat(latest()).isEqualTo("a");
    train("c", GOOD, "maxRegression", "0.5");
    assertThat(latest()).isEqualTo("c");
  }

  @Test
  void secondRunAtOnceIsLockedOut() throws Exception {
    begun();
    Registry held = Registry.at(new Configuration(false), registry);
    try (LeaseLock lock = held.lockRun()) {
      assertEnds(ExitCode.LOCKED, () -> train("b", GOOD));
      lock.check();
    }
    assertThat(held.entries()).hasSize(1);
  }

  @Test
  void modelOfAnotherDataSetIsNotComparedAndNothingIsPublished() throws Exception {
    begun();
    Path others = shared.resolve("others");
    // The same interactions under other names of users.
    TestSpark.session()
        .read()
        .parquet(shared.resolve("data/users").toString())
        .selectExpr("index", "concat('other-', id) as id")
        .write()
        .mode("overwrite")
        .parquet(others + "-users");
    copy(shared.resolve("data"), others);
    delete(others.resolve("users"));
    Files.move(shared.resolve("others-users"), others.resolve("users"));
    assertThatThrownBy(() -> train("b", BAD, "input", others.toString()))
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("of another data set");
    assertThat(latest()).isEqualTo("a");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void runWithoutAnIdGetsOneAndSaysIt() throws Exception {
    Map<String, String> settings = new HashMap<>(BAD);
    settings.put("registry", registry);
    List<String> lines =
        run(new TrainJob(), settings, Map.of("input", shared.resolve("data").toString()));
    String runId = latest();
    assertThat(runId).matches("\\d{8}T\\d{6}Z-[0-9a-f]{8}");
    assertThat(lines).anyMatch(line -> line.contains("published: run " + runId));
    Publication now = Registry.at(new Configuration(false), registry).latest().orElseThrow();
    assertThat(now.value()).isPositive();
  }

  @Test
  void settingsThatDoNotFitAreRefusedBeforeSparkStarts() {
    Map<String, String> input = Map.of("input", "in");
    for (Map<String, String> wrong :
        List.of(
            Map.<String, String>of(),
            Map.of("registry", "r", "runId", "a/b"),
            Map.of("registry", "r", "runId", ".."),
            Map.of("registry", "r", "gateMetric", "beauty@20"),
            Map.of("registry", "r", "maxRegression", "1.5"),
            Map.of("registry", "r", "keepModels", "0"),
            Map.of("registry", "r", "refit", "true"))) {
      Map<String, String> settings = new HashMap<>(input);
      settings.putAll(wrong);
      TrainJob job = new TrainJob();
      assertThatThrownBy(() -> job.check(job.schema().resolve(settings)))
          .as("%s", wrong)
          .isInstanceOf(UsageException.class);
    }
    TrainJob job = new TrainJob();
    job.check(
        job.schema()
            .resolve(
                Map.of("input", "in", "registry", "r", "refit", "true", "maxRegression", "1")));
  }

  @Test
  void placeThatIsNoRegistryIsBadInput() {
    assertEnds(
        ExitCode.BAD_INPUT, () -> run(new ModelsJob(), Map.of("registry", registry), Map.of()));
    assertEnds(
        ExitCode.BAD_INPUT, () -> run(new RollbackJob(), Map.of("registry", registry), Map.of()));
    assertThat(directory).isEmptyDirectory();
  }
}
