package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/**
 * docs/params.md is made of the declarations. After a change of these, {@code
 * -Dcoppice.docs.write=true} writes it anew.
 */
class ParamTableTest {
  private static final Path PAGE = Path.of("..", "docs", "params.md");

  private static String table(String title, String intro, List<ConfigKey<?>> keys) {
    StringBuilder text = new StringBuilder();
    text.append("\n## ").append(title).append("\n\n").append(intro).append("\n\n");
    text.append("| Param | default | allowed | meaning |\n|---|---|---|---|\n");
    for (ConfigKey<?> key : keys) {
      text.append("| `")
          .append(key.name())
          .append("` | ")
          .append(key.defaultText().map(value -> "`" + value + "`").orElse("–"))
          .append(" | ")
          .append(key.allowed())
          .append(" | ")
          .append(key.doc().replace("|", "\\|"))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String page() {
    return "# Params\n\n"
        + "Every Param of the estimators and models of `dev.coppice.spark`. The"
        + " configuration keys of the jobs that\n"
        + "have these names are the same declarations; `deploy/bin/coppice JOB --help` lists"
        + " those of a job, where a\n"
        + "default may differ. This page is made of the code by `ParamTableTest`.\n"
        + table(
            "SparseRecommender",
            "Latent rows and neighbours of items in one model: [design.md, section"
                + " 5](design.md#which-parts-at-which-scale).",
            new SparseRecommender().keys())
        + table(
            "DynamicSparseALS",
            "The words are those of [design.md, section 3](design.md#3-words).",
            new DynamicSparseALS().keys())
        + table(
            "DynamicSparseItems",
            "Neighbours of items, alone: [design.md, section 5](design.md#neighbours).",
            new DynamicSparseItems().keys())
        + table(
            "GatedFederation",
            "The algorithm is told in [federation.md](federation.md).",
            new GatedFederation().keys())
        + table(
            "Models",
            "`DynamicSparseALSModel` has all of these but `clientCol`; `GatedFederationModel` has"
                + " the columns,\n"
                + "`coldStartStrategy` and `numPartitions`.",
            ConfigSchema.declaredIn(ScoringKeys.class).keys());
  }

  @Test
  void thePageIsWhatTheDeclarationsSay() throws IOException {
    if (Boolean.getBoolean("coppice.docs.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE).content().isEqualTo(page());
  }

  @Test
  void everyParamHasADeclarationOfItsName() {
    DynamicSparseALS als = new DynamicSparseALS();
    assertThat(als.keys())
        .extracting(ConfigKey::name)
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(als.params()).map(Param::name).toList())
        .doesNotHaveDuplicates();
    DynamicSparseItems items = new DynamicSparseItems();
    assertThat(items.keys())
        .extracting(ConfigKey::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(items.params()).map(Param::name).toList())
        .doesNotHaveDuplicates();
    GatedFederation federation = new GatedFederation();
    assertThat(federation.keys())
        .extracting(ConfigKey::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(federation.params()).map(Param::name).toList())
        .doesNotHaveDuplicates();
  }
}
