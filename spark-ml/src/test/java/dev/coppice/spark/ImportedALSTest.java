package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Factors of two dimensions, of which each row has a large one: its id modulo 2. */
class ImportedALSTest {
  @TempDir private static Path directory;

  private static String path;

  @BeforeAll
  static void save() throws Exception {
    path = directory.resolve("als").toString();
    new ALSModel("als", 2, factors(10, 4), factors(20, 3)).write().save(path);
  }

  private static Dataset<Row> factors(int firstId, int rows) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    return TestSpark.session()
        .createDataFrame(
            IntStream.range(firstId, firstId + rows)
                .mapToObj(
                    id -> RowFactory.create(id, new float[] {id % 2 == 0 ? 2 : 0.5f, id % 2 + 1}))
                .toList(),
            schema);
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS().setRank(2).setDensity(0.5).setUserCol("who").setItemCol("what");
  }

  private static Map<String, String> rows(Dataset<Row> table) {
    Map<String, String> rows = new TreeMap<>();
    for (Row row : table.collectAsList()) {
      rows.put(String.valueOf(row.get(0)), row.getList(1) + " " + row.getList(2));
    }
    return rows;
  }

  @Test
  void denseAndPrunedModelsHaveTheIdsAndTheBudget() {
    Set<Integer> before = TestSpark.kept();
    try (ImportedALS imported = ImportedALS.load(path)) {
      assertThat(imported.rank()).isEqualTo(2);
      DynamicSparseALSModel dense = imported.dense(estimator());
      assertThat(rows(dense.itemRows()))
          .isEqualTo(
              Map.of(
                  "20", "[0, 1] [2.0, 1.0]",
                  "21", "[0, 1] [0.5, 2.0]",
                  "22", "[0, 1] [2.0, 1.0]"));
      assertThat(dense.info().density()).isEqualTo(1);
      assertThat(dense.getUserCol()).isEqualTo("who");
      assertThat(dense.getItemCol()).isEqualTo("what");
      DynamicSparseALSModel pruned = imported.pruned(estimator());
      // Half of four rows of two weights, and of three, each keeping its largest.
      assertThat(rows(pruned.userRows()))
          .isEqualTo(
              Map.of("10", "[0] [2.0]", "11", "[1] [2.0]", "12", "[0] [2.0]", "13", "[1] [2.0]"));
      assertThat(pruned.info().itemBudget()).isEqualTo(3);
      assertThat(pruned.info().userBytes().stored()).isEqualTo(4);
      assertThat(before.containsAll(TestSpark.kept())).isFalse();
    }
    assertThat(before).containsAll(TestSpark.kept());
  }

  @Test
  void indicesReplaceIdsAndIdsIndices() {
    Dataset<Row> users = dictionary("13", "12", "11", "10");
    Dataset<Row> items = dictionary("22", "20", "21");
    try (ImportedALS imported = ImportedALS.load(path)) {
      DynamicSparseALSModel dense = imported.dense(estimator());
      DynamicSparseALSModel numbered = dense.withIndices(users, items);
      assertThat(rows(numbered.itemRows()))
          .isEqualTo(
              Map.of(
                  "0", "[0, 1] [2.0, 1.0]",
                  "1", "[0, 1] [2.0, 1.0]",
                  "2", "[0, 1] [0.5, 2.0]"));
      DynamicSparseALSModel named = numbered.withIds(users, items);
      assertThat(rows(named.userRows())).isEqualTo(rows(dense.userRows()));
      assertThat(rows(named.itemRows())).isEqualTo(rows(dense.itemRows()));
    }
  }

  private static Dataset<Row> dictionary(String... ids) {
    StructType schema =
        new StructType()
            .add("index", DataTypes.LongType, false)
            .add("id", DataTypes.StringType, false);
    List<Row> rows =
        IntStream.range(0, ids.length).mapToObj(n -> RowFactory.create((long) n, ids[n])).toList();
    return TestSpark.session().createDataFrame(rows, schema);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> ImportedALS.load(directory.resolve("none").toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("cannot be read", "Set alsModel", "ALSModel of Spark MLlib");
    assertThatThrownBy(() -> estimator().setDensity(0.25).validate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("less than one weight a row");
    try (ImportedALS imported = ImportedALS.load(path)) {
      assertThatThrownBy(() -> imported.dense(estimator().setDensity(0.25)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> imported.pruned(estimator().setMinWeightsPerRow(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("minWeightsPerRow");
    }
  }
}
