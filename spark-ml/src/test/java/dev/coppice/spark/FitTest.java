package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.eval.RankingEvaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training through the Spark ML interface, on users and items of eight planted communities. */
class FitTest {
  @TempDir Path dir;

  private static Dataset<Row> planted() {
    StructType schema =
        new StructType()
            .add("user", DataTypes.StringType)
            .add("item", DataTypes.IntegerType)
            .add("held", DataTypes.BooleanType);
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < 96; u++) {
      for (int i = 0; i < 80; i++) {
        boolean home = u % 8 == i % 8;
        double draw = SeedStream.uniform(1, Purpose.GENERATE, u, i);
        if (draw < (home ? 0.7 : 0.02)) {
          boolean held = SeedStream.uniform(1, Purpose.SPLIT, u, i) < 0.2;
          rows.add(RowFactory.create("user " + u, 1000 - i, held));
        }
      }
    }
    return TestSpark.session().createDataFrame(rows, schema).repartition(3);
  }

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS()
        .setRank(16)
        .setDensity(0.25)
        .setMaxIter(3)
        .setRegParam(0.01)
        .setUnobservedWeight(0.1)
        .setNumBlocks(2)
        .setPositionCol("position")
        .setPositionDepth(10);
  }

  private static SparseRankingEvaluator evaluator() {
    return new SparseRankingEvaluator().setMetric("recall@10");
  }

  @Test
  void trainsWithStringIdsAndKeepsTheBudget() throws Exception {
    Dataset<Row> data = planted().cache();
    PipelineModel fitted =
        new Pipeline()
            .setStages(new PipelineStage[] {estimator().setPositionCol("")})
            .fit(data.where("not held"));
    DynamicSparseALSModel model = (DynamicSparseALSModel) fitted.stages()[0];
    assertThat(model.userRows().agg(functions.sum(functions.size(functions.col("dims")))).head())
        .isEqualTo(RowFactory.create(96L * 4));
    assertThat(model.info().userBudget()).isEqualTo(96 * 4);
    assertThat(model.info().configuration()).containsEntry("rank", "16");
    assertThat(model.itemRows().schema().apply("id").dataType()).isEqualTo(DataTypes.IntegerType);
    assertThat(model.userRows().schema().apply("id").dataType()).isEqualTo(DataTypes.StringType);
    Row first =
        model.recommendForAllUsers(5, data.where("not held")).where("user = 'user 3'").head();
    long home =
        first.<Row>getList(1).stream().filter(row -> (1000 - row.getInt(0)) % 8 == 3).count();
    assertThat(home).as("items of the user's own community").isGreaterThanOrEqualTo(2);

    fitted.write().save(dir.resolve("p").toString());
    PipelineModel loaded = PipelineModel.load(dir.resolve("p").toString());
    assertThat(loaded.transform(data).sort("user", "item").collectAsList())
        .isEqualTo(fitted.transform(data).sort("user", "item").collectAsList());
    data.unpersist();
  }

  @Test
  void validatesOnTheMarkedRows() {
    Dataset<Row> data = planted();
    // Rows of two weights score many items 0: training and the model must order these alike.
    DynamicSparseALSModel model =
        estimator().setDensity(0.125).setValidationCol("held").setMetric("recall@10").fit(data);
    assertThat(model.info().metrics()).containsKey("recall@10");
    double found = evaluator().evaluate(model.transform(data.where("held")));
    assertThat(found).isGreaterThan(0.1);
    assertThat(model.info().metrics().get("recall@10"))
        .isCloseTo(found, org.assertj.core.api.Assertions.within(1e-9));
    MetricKey recall = MetricKey.parse("recall@10");
    double popularity =
        RankingEvaluation.evaluate(
                model.scoringTables(),
                data.where("not held"),
                data.where("held"),
                List.of(recall),
                true)
            .popularity()
            .metrics()
            .get(recall);
    assertThat(model.summary().orElseThrow().popularity())
        .containsExactly(org.assertj.core.api.Assertions.entry("recall@10", popularity));
  }

  @Test
  void tuningChoosesTheBetterDensity() {
    DynamicSparseALS estimator = estimator();
    // One weight a row cannot tell eight communities apart as well as eight can.
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.density, new double[] {0.0625, 0.5}).build();
    Dataset<Row> data = planted().cache();
    TrainValidationSplitModel split =
        new TrainValidationSplit()
            .setEstimator(estimator)
            .setEvaluator(evaluator())
            .setEstimatorParamMaps(grid)
            .setTrainRatio(0.8)
            .setSeed(1)
            .fit(data);
    double[] metrics = split.validationMetrics();
    assertThat(metrics[1]).isGreaterThan(metrics[0]);
    assertThat(((DynamicSparseALSModel) split.bestModel()).info().density()).isEqualTo(0.5);
    CrossValidatorModel folds =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(evaluator())
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setSeed(1)
            .fit(data);
    assertThat(folds.avgMetrics()[1]).isGreaterThan(folds.avgMetrics()[0]);
    assertThat(((DynamicSparseALSModel) folds.bestModel()).info().density()).isEqualTo(0.5);
    data.unpersist();
  }

  @Test
  void refusesBadRows() {
    Dataset<Row> data = planted().withColumn("r", functions.lit(1.0));
    assertThatThrownBy(
            () ->
                estimator()
                    .fit(data.withColumn("item", functions.expr("if(item > 990, null, item)"))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("itemCol 'item' no id");
    for (String bad : new String[] {"double('NaN')", "-1.0D", "double('Infinity')", "null"}) {
      assertThatThrownBy(
              () ->
                  estimator()
                      .setRatingCol("r")
                      .fit(
                          data.withColumn(
                              "r", functions.expr("if(item = 1000, " + bad + ", 1.0D)"))))
          .as(bad)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("ratingCol 'r'");
    }
  }

  /** Of this JVM, so that no reading gets what another one got. */
  private static final AtomicInteger DRAWN = new AtomicInteger();

  /** As a table that grows or a sample; numbers are ids themselves and are read once. */
  @Test
  void refusesStringIdsThatChangeBetweenReadings() {
    UDF1<String, String> next = id -> id + "-" + DRAWN.incrementAndGet();
    Dataset<Row> changing =
        planted()
            .limit(20)
            .withColumn(
                "user",
                functions
                    .udf(next, DataTypes.StringType)
                    .asNondeterministic()
                    .apply(functions.col("user").cast("string")))
            .withColumn("item", functions.col("item").cast("string"));
    assertThatThrownBy(() -> estimator().fit(changing))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the data changed while they were read")
        .hasMessageContaining("train on these");
    assertThatThrownBy(
            () -> new DynamicSparseItems().setUserCol("user").setItemCol("item").fit(changing))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the data changed while they were read");
  }
}
