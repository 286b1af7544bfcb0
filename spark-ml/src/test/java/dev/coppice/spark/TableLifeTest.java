package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Spark keeps for a model ends with the model. */
class TableLifeTest {
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final SparkSession session = TestSpark.session();
  private final Dataset<Row> data = data();
  private Set<Integer> rddsBefore;

  private Dataset<Row> data() {
    List<Row> rows = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item < 30; item++) {
        double chance = user % 3 == item % 3 ? 0.6 : 0.05;
        if (SeedStream.uniform(9, Purpose.GENERATE, user, item) < chance) {
          boolean held = SeedStream.uniform(9, Purpose.SPLIT, user, item) < 0.2;
          rows.add(RowFactory.create("user " + user, item, "market " + user % 2, held));
        }
      }
    }
    return session.createDataFrame(
        rows,
        new StructType()
            .add("user", DataTypes.StringType)
            .add("item", DataTypes.IntegerType)
            .add("market", DataTypes.StringType)
            .add("held", DataTypes.BooleanType));
  }

  @BeforeEach
  void startWithNothingCached() {
    session.catalog().clearCache();
    rddsBefore = TestSpark.kept();
  }

  private void assertNoEntries() {
    assertThat(session.sharedState().cacheManager().isEmpty())
        .as("the session's list of what is cached is empty")
        .isTrue();
  }

  private Set<Integer> left() {
    Set<Integer> ids = TestSpark.kept();
    ids.removeAll(rddsBefore);
    return ids;
  }

  /** Spark frees blocks some time after the collector found that nobody refers to their RDD. */
  private void assertAllIsFreed() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!left().isEmpty() && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(left()).as("RDDs still kept").isEmpty();
  }

  private static SparseRecommender recommender() {
    return new SparseRecommender()
        .setUserCol("user")
        .setItemCol("item")
        .setRank(4)
        .setDensity(0.5)
        .setMaxIter(2)
        .setNumBlocks(2)
        .setSeed(1);
  }

  /** In a method of its own, so that no variable refers to the model any more. */
  private void fitAndAsk(AlsEstimator<?> estimator) {
    Set<Integer> others = TestSpark.kept();
    DynamicSparseALSModel model = estimator.fit(data);
    assertNoEntries();
    Set<Integer> tables = TestSpark.kept();
    tables.removeAll(others);
    assertThat(tables).as("the model's tables are kept").hasSize(2);
    assertThat(model.transform(data).count()).isEqualTo(data.count());
    assertThat(model.recommendForAllUsers(3).count()).isEqualTo(40);
    assertThat(model.userTable().size().rows()).isEqualTo(40);
  }

  @Test
  void ofEveryFamily() throws InterruptedException {
    fitAndAsk(recommender().setValidationCol("held"));
    fitAndAsk(recommender().setFamily("hybrid"));
    assertAllIsFreed();
  }

  @Test
  void ofACrossValidation() throws InterruptedException {
    crossValidate();
    assertNoEntries();
    assertAllIsFreed();
  }

  private void crossValidate() {
    DynamicSparseALS estimator =
        new DynamicSparseALS()
            .setUserCol("user")
            .setItemCol("item")
            .setRank(4)
            .setMaxIter(2)
            .setNumBlocks(2)
            .setPositionCol("position");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.density, new double[] {0.25, 0.5}).build();
    new CrossValidator()
        .setEstimator(estimator)
        .setEvaluator(
            new SparseRankingEvaluator()
                .setUserCol("user")
                .setItemCol("item")
                .setPositionCol("position"))
        .setEstimatorParamMaps(grid)
        .setNumFolds(2)
        .setParallelism(2)
        .fit(data);
  }

  @Test
  void ofAFederation() throws InterruptedException {
    federate();
    assertNoEntries();
    assertAllIsFreed();
  }

  private void federate() {
    GatedFederationModel model =
        new GatedFederation()
            .setUserCol("user")
            .setItemCol("item")
            .setClientCol("market")
            .setRank(4)
            .setDensity(0.5)
            .setMaxIter(2)
            .setRounds(1)
            .fit(data);
    assertThat(model.global().userTable().size().rows()).isEqualTo(40);
    assertThat(left()).isNotEmpty();
  }

  @Test
  void endsEarlierWhereTheModelSaysSo() {
    DynamicSparseALSModel model = recommender().setFamily("latent").fit(data);
    List<Row> before = model.userRows().sort("id").collectAsList();
    model.unpersist();
    assertThat(left()).isEmpty();
    assertThat(model.userRows().sort("id").collectAsList()).isEqualTo(before);
    model.unpersist();
  }

  @Test
  void aFailedFitKeepsNothing() {
    Dataset<Row> bad = data.withColumn("rating", functions.lit(-1.0));
    assertThatThrownBy(() -> recommender().setFamily("hybrid").setRatingCol("rating").fit(bad))
        .isInstanceOf(BadInputException.class);
    assertNoEntries();
  }
}
