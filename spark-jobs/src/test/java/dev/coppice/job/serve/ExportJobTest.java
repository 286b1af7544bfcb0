package dev.coppice.job.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.explain.DimensionProfile;
import dev.coppice.core.explain.Explainer;
import dev.coppice.core.explain.WeightedId;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.job.frame.Job;
import dev.coppice.job.rank.EvaluateJob;
import dev.coppice.job.rank.ExplainJob;
import dev.coppice.job.train.TrainJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportJobTest {
  @TempDir private static Path work;

  @TempDir private Path directory;

  private static List<String> run(Job job, Map<String, String> settings) throws Exception {
    return new JobsHere(work).run(job, settings);
  }

  @BeforeAll
  static void train() throws Exception {
    new JobsHere(work).data(60, 50, 900, 3);
    run(
        new TrainJob(),
        Map.of(
            "family",
            "latent",
            "rank",
            "16",
            "density",
            "0.25",
            "maxIter",
            "2",
            "numBlocks",
            "2",
            "seed",
            "5"));
    run(new EvaluateJob(), Map.of());
  }

  /** A run that was killed while it wrote leaves its draft; the next one removes it. */
  @Test
  void draftsOfKilledRunsAreRemoved() throws Exception {
    Path draft = directory.resolve(".model.coppice.01234567-89ab-cdef-0123-456789abcdef.tmp");
    Path other = directory.resolve(".else.coppice.01234567-89ab-cdef-0123-456789abcdef.tmp");
    Files.writeString(draft, "half");
    Files.writeString(other, "of another file");
    export();
    assertThat(draft).doesNotExist();
    assertThat(other).exists();
    assertThat(ServingModel.open(directory.resolve("model.coppice")).info().rank()).isEqualTo(16);
  }

  private List<String> export(String... settings) throws Exception {
    Map<String, String> all = new TreeMap<>();
    all.put("output", directory.resolve("model.coppice").toString());
    all.putAll(JobsHere.settings(settings));
    return run(new ExportJob(), all);
  }

  @Test
  void writesAFileAndMeasuresIt() throws Exception {
    String data = work.resolve("data").toString();
    List<String> lines = export("weights=16", "seen=" + data, "quality=" + data);
    ServingModel file = ServingModel.open(directory.resolve("model.coppice")).verify();
    assertThat(file.weightForm()).isEqualTo(WeightForm.FLOAT16);
    assertThat(file.holdsSeen()).isTrue();
    assertThat(file.canFoldIn()).isTrue();
    assertThat(file.info().rank()).isEqualTo(16);
    JsonNode metrics =
        new ObjectMapper().readTree(work.resolve("evaluation/metrics.json").toFile());
    // The file with 32 bits scores as the job that evaluates the Spark model.
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).startsWith("quality with 32 bits").contains(quality(metrics)))
        .anySatisfy(line -> assertThat(line).startsWith("quality with 16 bits"))
        .anySatisfy(line -> assertThat(line).startsWith("16 bits instead of 32: recall@20 "))
        .anySatisfy(line -> assertThat(line).contains("items by column", "Gramian", "seen items"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(String.format(Locale.ROOT, "bytes: %,d;", file.bytes())));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("model.coppice"));
    }
  }

  private static String quality(JsonNode metrics) {
    return String.format(
        Locale.ROOT,
        "recall@20 %.5f, ndcg@20 %.5f",
        metrics.path("recall@20").asDouble(),
        metrics.path("ndcg@20").asDouble());
  }

  /** Neighbours go through training, evaluation, export and explanation. */
  @Test
  void aHybridIsMeasuredAndExplainedFromItsFile() throws Exception {
    String model = work.resolve("hybrid").toString();
    run(
        new TrainJob(),
        Map.of(
            "model",
            model,
            "rank",
            "16",
            "density",
            "0.25",
            "maxIter",
            "2",
            "numBlocks",
            "2",
            "family",
            "hybrid",
            "neighbours",
            "5"));
    String evaluation = work.resolve("hybrid-evaluation").toString();
    run(new EvaluateJob(), Map.of("model", model, "output", evaluation));
    JsonNode metrics =
        new ObjectMapper().readTree(Path.of(evaluation).resolve("metrics.json").toFile());
    String data = work.resolve("data").toString();
    List<String> lines = export("model=" + model, "quality=" + data);
    Path output = directory.resolve("model.coppice");
    ServingModel file = ServingModel.open(output).verify();
    Map<String, Long> bytes = file.sectionBytes();
    long histories =
        bytes.get("HISTORY_BASES") + bytes.get("HISTORY_OFFSETS") + bytes.get("HISTORY_KEYS");
    assertThat(lines)
        .anySatisfy(
            line -> assertThat(line).startsWith("quality with 32 bits").contains(quality(metrics)))
        .anySatisfy(line -> assertThat(line).contains(" neighbours, fold-in"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("of these: latent rows ")
                    .endsWith(String.format(Locale.ROOT, "histories %,d", histories)));

    String user = file.users().id(7);
    Map<String, String> asked = Map.of("model", output.toString(), "user", user, "k", "3");
    List<String> text = run(new ExplainJob(), asked);
    assertThat(text.get(0)).contains(" shared dimensions (", " own items (");
    assertThat(text).anySatisfy(line -> assertThat(line).contains("  own item "));
    assertThat(text).noneSatisfy(line -> assertThat(line).contains("are not known"));
    Map<String, String> json = new TreeMap<>(asked);
    json.put("form", "json");
    JsonNode all = new ObjectMapper().readTree(String.join("\n", run(new ExplainJob(), json)));
    assertThat(all.path("explanations")).hasSize(3);
    for (JsonNode one : all.path("explanations")) {
      double linked = 0;
      for (JsonNode own : one.path("neighbours")) {
        assertThat(file.items().find(own.path("item").asText())).isNotNegative();
        linked += own.path("part").asDouble();
      }
      double latent = 0;
      for (JsonNode dimension : one.path("dimensions")) {
        latent += dimension.path("part").asDouble();
      }
      assertThat(linked).isCloseTo(one.path("linked").asDouble(), within(1e-5));
      assertThat(latent).isCloseTo(one.path("latent").asDouble(), within(1e-5));
      assertThat(latent + linked).isCloseTo(one.path("score").asDouble(), within(1e-5));
    }
  }

  /** The report's strongest dimensions are those that explain finds in the file. */
  @Test
  void theReportNamesTheStrongestDimensions() throws Exception {
    export();
    ServingModel file = ServingModel.open(directory.resolve("model.coppice"));
    List<DimensionProfile> expected = new Explainer(file).strongest(12, 8);
    JsonNode found =
        new ObjectMapper()
            .readTree(work.resolve("model/metrics.json").toFile())
            .path("dimensions")
            .path("strongest");
    assertThat(found).hasSize(expected.size());
    for (int n = 0; n < expected.size(); n++) {
      DimensionProfile profile = expected.get(n);
      assertThat(found.get(n).path("dimension").asInt()).isEqualTo(profile.dim());
      assertThat(found.get(n).path("strength").asDouble())
          .isCloseTo(profile.strength(), within(1e-9));
      List<Float> weights = new ArrayList<>();
      found.get(n).path("items").forEach(i -> weights.add((float) i.path("weight").asDouble()));
      assertThat(weights).isEqualTo(profile.items().stream().map(WeightedId::weight).toList());
    }
    assertThat(work.resolve("model/report.html"))
        .content()
        .contains("What the strongest dimensions stand for");
  }

  @Test
  void smallerWithoutWhatIsNotAskedFor() throws Exception {
    export("foldIn=false");
    ServingModel file = ServingModel.open(directory.resolve("model.coppice"));
    assertThat(file.canFoldIn()).isFalse();
    assertThat(file.holdsSeen()).isFalse();
    assertThat(file.weightForm()).isEqualTo(WeightForm.FLOAT32);
  }

  @Test
  void replacesOnlyServingFilesAndOnlyWhenAsked() throws Exception {
    Path output = directory.resolve("model.coppice");
    export("runId=one");
    byte[] first = Files.readAllBytes(output);
    assertThat(export("runId=one")).singleElement().asString().contains("nothing to do");
    assertThatThrownBy(() -> export("runId=two"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("overwrite = true");
    export("runId=two", "overwrite=true");
    assertThat(Files.readAllBytes(output)).isNotEqualTo(first);
    Files.writeString(output, "precious");
    assertThatThrownBy(() -> export("overwrite=true"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is no serving file");
    assertThat(output).hasContent("precious");
  }

  @Test
  void whatIsMissingIsNamedAndNothingIsLeftBehind() throws Exception {
    assertThatThrownBy(() -> export("model=" + directory.resolve("nowhere")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> export("quality=" + directory.resolve("nodata")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nodata");
    assertThatThrownBy(() -> export("scratch=" + directory.resolve("noscratch")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is no local directory");
    assertThatThrownBy(() -> export("weights=8")).hasMessageContaining("32, 16");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }
}
