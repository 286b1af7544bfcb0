package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.Side;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.als.InitialCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from a model through the Spark ML interface, with ids that are strings. */
class InitialModelTest {
  @TempDir static Path dir;
  private static DynamicSparseALSModel before;
  private static String path;

  /** Users and items of the given ranges, four communities. */
  private static Dataset<Row> data(int firstUser, int lastUser, int firstItem, int lastItem) {
    StructType schema =
        new StructType().add("user", DataTypes.StringType).add("item", DataTypes.IntegerType);
    List<Row> rows = new ArrayList<>();
    for (int u = firstUser; u < lastUser; u++) {
      for (int i = firstItem; i < lastItem; i++) {
        double share = u % 4 == i % 4 ? 0.7 : 0.03;
        if (SeedStream.uniform(2, Purpose.GENERATE, u, i) < share) {
          rows.add(RowFactory.create("user " + u, i));
        }
      }
    }
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS()
        .setRank(16)
        .setDensity(0.25)
        .setMaxIter(2)
        .setUnobservedWeight(0.1)
        .setNumBlocks(3);
  }

  @BeforeAll
  static void train() throws Exception {
    before = estimator().fit(data(0, 40, 0, 32));
    path = dir.resolve("before").toString();
    before.write().save(path);
  }

  private static List<Row> rows(Dataset<Row> table, String condition) {
    return table.select("id", "dims", "weights").where(condition).sort("id").collectAsList();
  }

  private static long weights(Dataset<Row> table) {
    return table.agg(functions.sum(functions.size(functions.col("dims")))).head().getLong(0);
  }

  @Test
  void aSavedEstimatorStartsFromTheSavedModel() throws Exception {
    String saved = dir.resolve("estimator").toString();
    estimator().setInitialModel(path).write().save(saved);
    DynamicSparseALSModel after = DynamicSparseALS.load(saved).fit(data(5, 50, 2, 36));
    InitialCounts users = after.summary().orElseThrow().start().get(Side.USERS);
    assertThat(users).isEqualTo(new InitialCounts(35, 10, 5, users.pruned(), users.grown()));
    assertThat(after.info().userBudget()).isEqualTo(45 * 4);
    assertThat(weights(after.userRows())).isEqualTo(45 * 4);
    assertThat(weights(after.itemRows())).isEqualTo(34 * 4);
    assertThat(after.info().configuration()).containsEntry("initialModel", path);
    DynamicSparseALSModel direct = estimator().fit(data(5, 50, 2, 36), before);
    assertThat(rows(direct.userRows(), "true")).isEqualTo(rows(after.userRows(), "true"));
  }

  @Test
  void vanishedRowsAreKeptIfAskedFor() {
    DynamicSparseALSModel after =
        estimator().setVanishedRows("keep").fit(data(5, 50, 2, 36), before);
    assertThat(after.userRows().count()).isEqualTo(50);
    assertThat(weights(after.userRows())).isEqualTo(50 * 4);
    String vanished = "id in ('user 0', 'user 1', 'user 2', 'user 3', 'user 4')";
    assertThat(rows(after.userRows(), vanished)).isEqualTo(rows(before.userRows(), vanished));
    assertThat(rows(after.itemRows(), "id < 2")).isEqualTo(rows(before.itemRows(), "id < 2"));
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    Dataset<Row> data = data(0, 10, 0, 10);
    assertThatThrownBy(() -> estimator().setRank(20).fit(data, before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has rank 16")
        .hasMessageContaining("rank is 20");
    assertThatThrownBy(() -> estimator().fit(data.withColumn("user", functions.lit(3)), before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("user ids of type string, the data have int");
    assertThatThrownBy(() -> estimator().setInitialModel(dir + "/nowhere").fit(data))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> estimator().setInitialModel(path).fit(data, before))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clear one of them");
    assertThatThrownBy(() -> estimator().setVanishedRows("forget"))
        .hasMessageContaining("drop, keep");
  }

  @Test
  void scoresStandForTheInteractionsBefore() throws Exception {
    DynamicSparseALS scores = estimator().setHistory("scores").setScoresLimit(2);
    DynamicSparseALSModel first = scores.fit(data(5, 50, 2, 36), before);
    assertThat(first.userRows().count()).isEqualTo(50);
    Dataset<Row> degrees = first.userRows().where("id = 'user 7'").select("degree");
    long old = data(0, 40, 0, 32).where("user = 'user 7'").count();
    long fresh = data(5, 50, 2, 36).where("user = 'user 7'").count();
    assertThat(degrees.head().getInt(0)).isEqualTo((int) (old + fresh));
    assertThat(first.info().periodsFromScores()).isEqualTo(1);
    String saved = dir.resolve("one period").toString();
    first.write().save(saved);
    DynamicSparseALSModel second =
        scores.copy(new ParamMap()).setInitialModel(saved).fit(data(0, 50, 30, 40));
    assertThat(second.info().periodsFromScores()).isEqualTo(2);
    assertThatThrownBy(() -> scores.fit(data(0, 50, 30, 40), second))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 periods in a row")
        .hasMessageContaining("scoresLimit is 2");
    assertThat(estimator().fit(data(0, 50, 30, 40), second).info().periodsFromScores()).isZero();
  }

  /** What was left to the data is as it was: new data alone would give something else. */
  @Test
  void anObjectiveThatIsNotGivenIsTheInitialModels() {
    DynamicSparseALSModel earlier =
        new DynamicSparseALS()
            .setRank(16)
            .setDensity(0.25)
            .setMaxIter(1)
            .setNumBlocks(3)
            .setUnobservedWeight(0.07)
            .setUserDebias(0.2)
            .setItemDebias(0.1)
            .fit(data(0, 40, 0, 32));
    DynamicSparseALSModel later =
        new DynamicSparseALS()
            .setRank(16)
            .setDensity(0.25)
            .setMaxIter(1)
            .setNumBlocks(3)
            .setHistory("scores")
            .fit(data(5, 50, 2, 36), earlier);
    assertThat(later.info().objective()).isEqualTo(earlier.info().objective());
    assertThat(later.choices())
        .extracting(Choice::name)
        .contains("unobservedWeight", "userDebias", "itemDebias");
  }

  @Test
  void refusesToKeepScoresThatAreNotThere() {
    Dataset<Row> data = data(0, 10, 0, 10);
    assertThatThrownBy(() -> estimator().setHistory("scores").fit(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no model whose scores");
    assertThatThrownBy(
            () -> estimator().setHistory("scores").setVanishedRows("drop").fit(data, before))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vanishedRows is drop");
    assertThatThrownBy(
            () -> new SparseRecommender().setHistory("scores").setFamily("hybrid").validate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("family is hybrid");
    assertThatThrownBy(() -> estimator().setHistory("scores").setAlpha(3).fit(data, before))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("implicit feedback, and this run confidence");
  }

  @Test
  void refusesATableThatLacksRows() throws Exception {
    String damaged = dir.resolve("damaged").toString();
    before.write().save(damaged);
    try (Stream<Path> files = Files.list(Path.of(damaged, "users"))) {
      Path part = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.delete(part);
    }
    assertThatThrownBy(() -> estimator().setInitialModel(damaged).fit(data(0, 10, 0, 10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("files are missing")
        .hasMessageContaining("should hold 40");
  }
}
