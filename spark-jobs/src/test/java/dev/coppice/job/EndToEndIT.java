package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.job.Launcher.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on planted communities, through the launcher and a real {@code spark-submit}. */
class EndToEndIT {
  private static final String CONF =
      """
      workDir = out
      seed = 7
      generate { users = 300, items = 200, interactions = 6000, communities = 5, affinity = 1, itemSkew = 0.2 }
      prepare { input = raw, format = parquet, split = ratio, validation = ratio }
      train { rank = 32, density = 0.25, maxIter = 3, numBlocks = 4 }
      evaluate { cutoffs = [10, 20] }
      recommend { k = 5, outputFormat = csv }
      """;

  @TempDir private Path directory;

  @Test
  void generatedDataBecomeRecommendations() throws Exception {
    Path conf = Files.writeString(directory.resolve("test.conf"), CONF);
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    Launcher launcher = new Launcher(directory);
    Command here = new Command(directory);
    Command.Result generated = here.run("generate", conf, "generate.output=raw");
    assertThat(generated.code()).as(generated.err()).isZero();
    String raw = generated.out().strip().replaceFirst(".*: ", "");

    Result run =
        launcher.run(
            directory,
            coppice,
            "run",
            "--conf",
            conf,
            "--set",
            "workDir=work",
            "--set",
            "input=" + raw,
            "--set",
            "runId=one");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("recall@20", "popularity", "bytes:", "weights stored of a budget of")
        .contains(directory.resolve("work/model").toString())
        .contains(directory.resolve("work/recommendations").toString())
        .contains("report.html");
    assertThat(directory.resolve("work/model/report.html")).isNotEmptyFile();
    checkMetrics(directory.resolve("work/evaluation/metrics.json"));
    checkRecommendations(directory.resolve("work/recommendations"));
    assertNothingTemporary();

    Result exported =
        launcher.run(
            directory,
            coppice,
            "export",
            "--conf",
            conf,
            "--set",
            "workDir=work",
            "--set",
            "output=served.coppice",
            "--set",
            "seen=work/data",
            "--set",
            "quality=work/data",
            "--set",
            "weights=16");
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("weights of 16 bits", "16 bits instead of 32: recall@20");
    ServingModel served = ServingModel.open(directory.resolve("served.coppice"));
    assertThat(served.recommend(served.users().id(0), 5).orElseThrow()).hasSize(5);

    Command.Result again = here.run("evaluate", conf, "workDir=work", "runId=one");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).contains("nothing to do");

    Command.Result refused = here.run("train", conf, "workDir=work");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("overwrite = true").doesNotContain("\tat ");

    Result bad =
        launcher.run(
            directory,
            coppice,
            "evaluate",
            "--conf",
            conf,
            "--set",
            "workDir=work",
            "--set",
            "input=nowhere",
            "--set",
            "output=other");
    assertThat(bad.code()).isEqualTo(3);
    assertThat(bad.err()).contains("nowhere");
    assertThat(directory.resolve("other")).doesNotExist();
    assertNothingTemporary();
  }

  private static void checkMetrics(Path file) throws Exception {
    JsonNode metrics = new ObjectMapper().readTree(Files.readString(file));
    assertThat(metrics.path("version").asText()).isEqualTo(System.getProperty("coppice.version"));
    assertThat(metrics.path("recall@20").asDouble())
        .isGreaterThan(metrics.path("popularity").path("recall@20").asDouble());
    JsonNode model = metrics.path("model");
    assertThat(model.path("weights").asLong())
        .isEqualTo(model.path("budget").asLong())
        .isPositive();
    // Without the neighbours, which dense tables have none of.
    long tables = 0;
    for (int part = 0; part < 2; part++) {
      for (String bytes : List.of("weightBytes", "positionBytes", "offsetBytes")) {
        tables += model.path("parts").path(part).path(bytes).asLong();
      }
    }
    assertThat(tables).isBetween(1L, model.path("denseBytes").asLong());
    assertThat(model.path("bytes").asLong()).isGreaterThanOrEqualTo(tables);
  }

  private static void checkRecommendations(Path lists) throws Exception {
    try (Stream<Path> files = Files.list(lists)) {
      List<Path> parts =
          files.filter(file -> file.getFileName().toString().endsWith(".csv")).toList();
      assertThat(parts).isNotEmpty();
      for (Path part : parts) {
        assertThat(Files.readAllLines(part).get(0)).isEqualTo("user,position,item,rating");
      }
    }
  }

  private void assertNothingTemporary() throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("work"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "model", "evaluation", "recommendations");
    }
  }
}
