package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.linalg.HalfFloat;
import dev.coppice.core.table.ModelBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One budget of bytes for latent rows and neighbours. */
class ByteSplitTest {
  private static final InteractionCounts COUNTS = new InteractionCounts(1000, 500, 20_000, 900);

  private static SparseRecommender within(long limit) {
    return new SparseRecommender().setMaxBytes(limit).setRank(64);
  }

  private static long bytes(SparseRecommender filled) {
    ModelBytes model = new ModelBytes(COUNTS.users(), COUNTS.items());
    Family family = Family.of(filled.getFamily());
    long bytes = 0;
    if (family.hasRows()) {
      double perRow = filled.getDensity() * filled.getRank();
      bytes += model.latent((long) (perRow * (COUNTS.users() + COUNTS.items())), false);
    }
    if (family.hasNeighbours()) {
      bytes += model.neighbours((long) (filled.getNeighbours() * COUNTS.items()));
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"latent, 100000", "items, 100000", "hybrid, 100000", "auto, 100000", "hybrid, 20000"})
  void everyFamilyUsesTheBytes(String family, long limit) {
    SparseRecommender filled = AutoParams.of(within(limit).setFamily(family), COUNTS).stage();
    assertThat(filled.getFamily()).isEqualTo(family);
    assertThat(bytes(filled)).isBetween((long) (0.99 * limit), limit);
  }

  @Test
  void whatIsSetWinsAndTheRestFollows() {
    SparseRecommender dense = AutoParams.of(within(100_000).setDensity(0.1), COUNTS).stage();
    assertThat(dense.getDensity()).isEqualTo(0.1);
    assertThat(bytes(dense)).isBetween(99_000L, 100_000L);
    SparseRecommender linked = AutoParams.of(within(100_000).setNeighbours(3), COUNTS).stage();
    assertThat(linked.getNeighbours()).isEqualTo(3);
    assertThat(bytes(linked)).isBetween(99_000L, 100_000L);
    AutoParams<SparseRecommender> both =
        AutoParams.of(within(100_000).setNeighbours(3).setDensity(0.1), COUNTS);
    assertThat(both.choices())
        .extracting(Choice::name)
        .doesNotContain("density", "neighbours", "family");
  }

  /** Latent rows need a weight each, so a small model is one of neighbours. */
  @Test
  void aSmallBudgetIsThatOfNeighbours() {
    AutoParams<SparseRecommender> small = AutoParams.of(within(8000), COUNTS);
    assertThat(small.stage().getFamily()).isEqualTo("items");
    assertThat(bytes(small.stage())).isBetween(7900L, 8000L);
    assertThat(small.choices())
        .filteredOn(choice -> choice.name().equals("family"))
        .singleElement()
        .satisfies(choice -> assertThat(choice.reason()).contains("8,000 bytes", "no room"));
  }

  @Test
  void tooSmallIsRefused() {
    assertThatThrownBy(() -> AutoParams.of(within(3000), COUNTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("maxBytes is 3,000")
        .hasMessageContaining("1,000 users and 500 items")
        .hasMessageContaining("Raise maxBytes");
    assertThatThrownBy(() -> AutoParams.of(within(8000).setFamily("hybrid"), COUNTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("family hybrid")
        .hasMessageContaining("family = items");
    assertThatThrownBy(
            () -> AutoParams.of(within(20_000).setFamily("latent").setDensity(0.5), COUNTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("with density 0.5");
    assertThatThrownBy(() -> within(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Dataset<Row> pairs() {
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < 60; u++) {
      for (int i = 0; i < 40; i++) {
        if ((u + i) % 4 == 0 || (u * 5 + i * i) % 11 == 0) {
          rows.add(RowFactory.create(u, i, (u + 3 * i) % 7 == 0));
        }
      }
    }
    return TestSpark.session()
        .createDataFrame(
            rows, new StructType().add("user", "int").add("item", "int").add("held", "boolean"));
  }

  private static SparseRecommender small(String family) {
    return new SparseRecommender()
        .setFamily(family)
        .setMaxBytes(3000)
        .setRank(8)
        .setMaxIter(1)
        .setNumBlocks(2)
        .setNeighbourReg(1)
        .setValidationCol("held");
  }

  @Test
  void aTrainedModelIsWithinTheLimitAndItsWeightsAreHalves() {
    Dataset<Row> pairs = pairs();
    for (String family : List.of("auto", "latent", "items", "hybrid")) {
      DynamicSparseALSModel model = small(family).setNeighbourScale(3).fit(pairs);
      long weights = model.userTable().size().stored() + model.itemTable().size().stored();
      long links = model.itemTable().size().links();
      ModelBytes bytes = new ModelBytes(60, 40);
      long taken =
          (weights > 0 ? bytes.latent(weights, false) : 0)
              + (model.itemTable().hasLinks() ? bytes.neighbours(links) : 0);
      assertThat(taken).as(family).isBetween(2700L, 3000L);
      if (model.itemTable().hasLinks()) {
        for (Row item : model.itemRows().select("linkWeights").collectAsList()) {
          for (Object weight : item.getList(0)) {
            assertThat(HalfFloat.rounded((Float) weight)).isEqualTo((Float) weight);
          }
        }
      }
    }
  }

  /** Where latent rows carry the score, they are tried with all the bytes too. */
  @Test
  void latentRowsAreTriedWithAllTheBytes() {
    // Neighbours that hardly count leave the score to the latent rows.
    SparseRecommender stage = small("auto").setNeighbourReg(1e9).setNeighbourScale(1);
    DynamicSparseALSModel model = stage.fit(pairs());
    DynamicSparseALSModel latent = small("latent").fit(pairs());
    assertThat(model.choices())
        .filteredOn(choice -> choice.name().equals("family"))
        .singleElement()
        .satisfies(
            choice -> {
              assertThat(choice.value()).isEqualTo(model.family());
              assertThat(choice.reason()).contains("latent with all the bytes");
            });
    assertThat(model.info().metrics().get("ndcg@20"))
        .isGreaterThanOrEqualTo(latent.info().metrics().get("ndcg@20"));
  }
}
