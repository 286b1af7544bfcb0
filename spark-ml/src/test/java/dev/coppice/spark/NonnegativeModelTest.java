package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nonnegative} through the Spark ML interface. */
class NonnegativeModelTest {
  @TempDir Path directory;

  /** Three communities of users and items. */
  private static Dataset<Row> data(int users, int items) {
    StructType schema =
        new StructType()
            .add("user", DataTypes.IntegerType)
            .add("item", DataTypes.StringType)
            .add("rating", DataTypes.FloatType);
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        double share = u % 3 == i % 3 ? 0.6 : 0.1;
        if (i == u % items || SeedStream.uniform(2, Purpose.GENERATE, u, i) < share) {
          rows.add(RowFactory.create(u, "item " + i, 1f + (u + i) % 5));
        }
      }
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS()
        .setNonnegative(true)
        .setRank(12)
        .setDensity(0.4)
        .setMaxIter(4)
        .setUnobservedWeight(0.2)
        .setRegParam(0.05)
        .setNumBlocks(3);
  }

  private static void requireNonnegative(DynamicSparseALSModel model) {
    assertThat(model.userTable().hasNegative()).isFalse();
    assertThat(model.itemTable().hasNegative()).isFalse();
    assertThat(model.userTable().size().stored()).isEqualTo(model.info().userBudget());
    assertThat(model.itemTable().size().stored()).isEqualTo(model.info().itemBudget());
  }

  @Test
  void aSavedModelKeepsItsSigns() throws Exception {
    DynamicSparseALSModel model = estimator().fit(data(30, 20));
    requireNonnegative(model);
    String path = directory.resolve("model").toString();
    model.write().save(path);
    DynamicSparseALSModel loaded = DynamicSparseALSModel.load(path);
    assertThat(loaded.info()).isEqualTo(model.info());
    assertThat(loaded.info().objective().nonnegative()).isTrue();
    assertThat(loaded.info().configuration()).containsEntry("nonnegative", "true");
    DynamicSparseALSModel folded = loaded.foldIn(data(4, 20));
    assertThat(folded.userTable().hasNegative()).isFalse();
    assertThat(folded.userRows().sort("id").collectAsList())
        .isEqualTo(model.foldIn(data(4, 20)).userRows().sort("id").collectAsList());

    // A model of any sign says nothing of it, as those of before.
    DynamicSparseALSModel plain = estimator().setNonnegative(false).fit(data(30, 20));
    String other = directory.resolve("plain").toString();
    plain.write().save(other);
    assertThat(Files.readString(Path.of(other, "coppice.json")))
        .doesNotContain("\"nonnegative\" : false");
    assertThat(DynamicSparseALSModel.load(other).info().objective().nonnegative()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void everyObjectiveHasSuchRows(boolean implicit, boolean biased) {
    DynamicSparseALSModel model =
        estimator()
            .setImplicitPrefs(implicit)
            .setRatingCol("rating")
            .setItemBias(biased)
            .fit(data(30, 20));
    requireNonnegative(model);
  }

  @Test
  void aRunGoesOnFromSuchModelsOnly() {
    Dataset<Row> more = data(40, 25);
    DynamicSparseALSModel before = estimator().fit(data(30, 20));
    requireNonnegative(estimator().fit(more, before));
    requireNonnegative(
        estimator().setHistory("scores").setSolveShare(0.5).fit(more.where("user > 20"), before));
    DynamicSparseALSModel plain = estimator().setNonnegative(false).fit(data(30, 20));
    assertThatThrownBy(() -> estimator().fit(more, plain))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "nonnegative is true, but the initial model holds weights below 0 in its table of"
                + " users: start from one that was trained with nonnegative = true, or set"
                + " nonnegative = false");
    // Weights of any sign may come after weights of one.
    assertThat(estimator().setNonnegative(false).fit(more, before).userTable().hasNegative())
        .isTrue();
    assertThatThrownBy(
            () ->
                new GatedFederation()
                    .setClientCol("client")
                    .setRank(12)
                    .setDensity(0.4)
                    .fit(more.withColumn("client", functions.expr("user % 2")), before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("(nonnegative = true), which clients do not keep to");
  }

  @Test
  void neighboursStandBesideSuchRowsButNotInTheirPlace() {
    SparseRecommender hybrid =
        new SparseRecommender()
            .setFamily("hybrid")
            .setNonnegative(true)
            .setRank(12)
            .setDensity(0.4)
            .setMaxIter(3)
            .setNumBlocks(3)
            .setNeighbourScale(1);
    DynamicSparseALSModel model = hybrid.fit(data(30, 20));
    assertThat(model.family()).isEqualTo("hybrid");
    requireNonnegative(model);
    assertThatThrownBy(() -> hybrid.setFamily("items").fit(data(30, 20)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "nonnegative is true, but family is items: it is about latent rows, and neighbours have"
                + " weights of both signs; set nonnegative = false, or another family");
  }

  @Test
  void anImportedModelIsTakenAtItsWord() throws Exception {
    String path = directory.resolve("als").toString();
    new ALSModel("als", 2, factors(0.5f), factors(1f)).write().save(path);
    try (ImportedALS imported = ImportedALS.load(path)) {
      DynamicSparseALS two = estimator().setRank(2).setDensity(0.5);
      assertThat(imported.pruned(two).info().objective().nonnegative()).isTrue();
    }
    String negative = directory.resolve("negative").toString();
    new ALSModel("als", 2, factors(0.5f), factors(-1f)).write().save(negative);
    try (ImportedALS imported = ImportedALS.load(negative)) {
      DynamicSparseALS two = estimator().setRank(2).setDensity(0.5);
      assertThatThrownBy(() -> imported.dense(two))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("the imported model holds weights below 0 in its table of items");
      assertThat(imported.dense(two.setNonnegative(false)).itemTable().hasNegative()).isTrue();
    }
  }

  private static Dataset<Row> factors(float weight) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    return TestSpark.session()
        .createDataFrame(
            List.of(
                RowFactory.create(1, new float[] {weight, 0}),
                RowFactory.create(2, new float[] {1, 2})),
            schema);
  }
}
