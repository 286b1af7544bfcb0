package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.table.IdType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelContractTest {
  private static final StructType PAIRS =
      new StructType().add("u", DataTypes.IntegerType).add("i", DataTypes.IntegerType);

  @TempDir Path dir;

  private static DynamicSparseALS estimator() {
    return new DynamicSparseALS().setUserCol("u").setItemCol("i");
  }

  private static void everyParamIsDocumented(Params stage, int count) {
    assertThat(stage.params()).hasSize(count);
    for (Param<?> param : stage.params()) {
      assertThat(param.doc()).as(param.name()).isNotBlank();
      assertThat(param.parent()).isEqualTo(stage.uid());
      assertThat(stage.hasParam(param.name())).isTrue();
    }
    assertThat(stage.explainParams()).contains("userCol");
  }

  @Test
  void paramsAreFoundDocumentedAndDefaulted() {
    everyParamIsDocumented(new SparseRecommender(), 53);
    everyParamIsDocumented(new DynamicSparseALS(), 46);
    everyParamIsDocumented(new DynamicSparseItems(), 14);
    everyParamIsDocumented(new DynamicSparseALSModel(), 10);
    everyParamIsDocumented(new SparseRankingEvaluator(), 4);
    DynamicSparseALS estimator = new DynamicSparseALS();
    List<String> undefined =
        Arrays.stream(estimator.params())
            .filter(param -> !estimator.isDefined(param))
            .map(Param::name)
            .toList();
    assertThat(undefined).containsExactly("alpha", "itemDebias", "unobservedWeight", "userDebias");
    assertThat(estimator.uid()).isNotEqualTo(new DynamicSparseALS().uid());
  }

  @Test
  void settersNameValueAndRange() {
    DynamicSparseALS stage = new DynamicSparseALS();
    assertThatThrownBy(() -> stage.setRank(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rank is 0")
        .hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> stage.setRank(65_536)).hasMessageContaining("rank is 65536");
    assertThatThrownBy(() -> stage.setDensity(0)).hasMessageContaining("above 0 and at most 1");
    assertThatThrownBy(() -> stage.setDensity(1.01)).hasMessageContaining("density is 1.01");
    assertThatThrownBy(() -> stage.setRegParam(Double.NaN)).hasMessageContaining("regParam is NaN");
    assertThatThrownBy(() -> stage.setAlpha(0)).hasMessageContaining("alpha is 0");
    assertThatThrownBy(() -> stage.setCheckpointInterval(0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> stage.setUpdateSchedule("cos")).hasMessageContaining("cosine");
    assertThatThrownBy(() -> stage.setMetric("ndgc@20")).hasMessageContaining("ndcg");
    assertThatThrownBy(() -> stage.setColdStartStrategy("zero")).hasMessageContaining("nan, drop");
    assertThatThrownBy(() -> stage.setFinalStorageLevel("NONE")).hasMessageContaining("NONE");
    assertThatThrownBy(() -> stage.setUserCol(null)).hasMessageContaining("userCol is null");
  }

  @Test
  void paramsAreCheckedAgainstEachOther() {
    assertThatThrownBy(() -> config(estimator().setRank(10).setDensity(0.05)))
        .hasMessageContaining("less than one weight a row")
        .hasMessageContaining("0.1");
    assertThatThrownBy(() -> config(estimator().setImplicitPrefs(false)))
        .hasMessageContaining("ratingCol");
    assertThatThrownBy(
            () -> config(estimator().setImplicitPrefs(false).setRatingCol("r").setAlpha(4)))
        .hasMessageContaining("alpha is 4.0");
    assertThatThrownBy(() -> config(estimator().setItemCol("u")))
        .hasMessageContaining("userCol and itemCol");
    assertThatThrownBy(() -> config(estimator().setMinWeightsPerRow(13)))
        .hasMessageContaining("minWeightsPerRow is 13");
    AlsConfig config = config(estimator().setAlpha(40));
    assertThat(config.spec().objective().unobservedWeight()).isEqualTo(1);
    assertThat(config.asText()).containsEntry("alpha", "40.0").containsEntry("density", "0.05");
  }

  private static AlsConfig config(DynamicSparseALS stage) {
    return AlsConfig.of(AutoParams.provisional(stage));
  }

  @Test
  void schemaErrorsNameColumnAndType() {
    StructType wrong =
        new StructType().add("u", DataTypes.DoubleType).add("i", DataTypes.IntegerType);
    assertThatThrownBy(() -> estimator().transformSchema(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("userCol 'u' is of type double")
        .hasMessageContaining("string");
    assertThatThrownBy(() -> estimator().setItemCol("x").transformSchema(PAIRS))
        .hasMessageContaining("itemCol is 'x'")
        .hasMessageContaining("u, i");
    assertThatThrownBy(
            () ->
                estimator().setRatingCol("r").transformSchema(PAIRS.add("r", DataTypes.StringType)))
        .hasMessageContaining("ratingCol 'r' is of type string");
    assertThatThrownBy(
            () ->
                estimator()
                    .setValidationCol("v")
                    .transformSchema(PAIRS.add("v", DataTypes.IntegerType)))
        .hasMessageContaining("validationCol 'v' is of type int");
    assertThatThrownBy(
            () -> estimator().transformSchema(PAIRS.add("prediction", DataTypes.FloatType)))
        .hasMessageContaining("predictionCol is 'prediction'");
    assertThat(estimator().setPositionCol("p").transformSchema(PAIRS).simpleString())
        .isEqualTo("struct<u:int,i:int,prediction:float,p:int>");
    HandMade made = new HandMade(IdType.INT, 3, 3, 1);
    Dataset<Row> pairs = made.pairs(made.randomPairs(4, 1));
    assertThat(made.model(1).transform(pairs).schema().simpleString())
        .isEqualTo(made.model(1).transformSchema(pairs.schema()).simpleString());
  }

  @Test
  void copiesKeepEverything() {
    DynamicSparseALS estimator = estimator().setRank(32).setDensity(0.5);
    ParamMap extra = new ParamMap().put(estimator.density.w(0.25));
    DynamicSparseALS copy = estimator.copy(extra);
    assertThat(copy.uid()).isEqualTo(estimator.uid());
    assertThat(copy.getRank()).isEqualTo(32);
    assertThat(copy.getDensity()).isEqualTo(0.25);
    assertThat(estimator.getDensity()).isEqualTo(0.5);

    DynamicSparseALSModel model = new HandMade(IdType.INT, 4, 4, 1).model(1);
    model.setParent(estimator);
    DynamicSparseALSModel modelCopy = model.copy(new ParamMap().put(model.predictionCol, "s"));
    assertThat(modelCopy.parent()).isSameAs(estimator);
    assertThat(modelCopy.uid()).isEqualTo(model.uid());
    assertThat(modelCopy.getPredictionCol()).isEqualTo("s");
    assertThat(model.getPredictionCol()).isEqualTo("prediction");
    assertThat(modelCopy.recommendForAllUsers(2).collectAsList())
        .isEqualTo(model.recommendForAllUsers(2).collectAsList());
  }

  @Test
  void estimatorAndEvaluatorRoundTrip() throws IOException {
    DynamicSparseALS estimator = estimator().setRank(32).setAlpha(3).setMetric("recall@5");
    estimator.save(dir.resolve("e").toString());
    DynamicSparseALS loaded = DynamicSparseALS.load(dir.resolve("e").toString());
    assertThat(config(loaded)).isEqualTo(config(estimator));
    SparseRankingEvaluator evaluator = new SparseRankingEvaluator().setMetric("map@3");
    evaluator.save(dir.resolve("v").toString());
    SparseRankingEvaluator again = SparseRankingEvaluator.load(dir.resolve("v").toString());
    assertThat(again.getOrDefault(again.metric)).isEqualTo("map@3");
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void modelRoundTrips(IdType ids) throws IOException {
    HandMade made = new HandMade(ids, 9, 8, 3);
    DynamicSparseALSModel model =
        made.model(2)
            .withInfo(
                made.model(1)
                    .info()
                    .withConfiguration(Map.of("rank", "9"))
                    .withMetrics(Map.of("ndcg@20", 0.1))
                    .withDataFingerprint("abc"));
    String path = dir.resolve("m").toString();
    model.write().save(path);
    try (Stream<Path> files = Files.list(dir.resolve("m"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("metadata", "users", "items", "coppice.json");
    }
    DynamicSparseALSModel loaded = DynamicSparseALSModel.load(path);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.info()).isEqualTo(model.info());
    assertThat(loaded.getUserCol()).isEqualTo("u");
    assertThat(loaded.recommendForAllUsers(5).sort("u").collectAsList())
        .isEqualTo(model.recommendForAllUsers(5).sort("u").collectAsList());
    assertThat(loaded.itemRows().schema().simpleString())
        .isEqualTo(
            "struct<id:"
                + ids.sqlType().simpleString()
                + ",dims:array<smallint>,weights:array<float>,degree:int>");

    assertThatThrownBy(() -> model.write().save(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("already exists");
    Files.writeString(dir.resolve("m/something"), "else");
    model.write().overwrite().save(path);
    assertThat(dir.resolve("m/something")).doesNotExist();
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).as("nothing temporary is left").hasSize(1);
    }
  }

  @Test
  void pipelineRoundTrips() throws IOException {
    HandMade made = new HandMade(IdType.STRING, 9, 8, 3);
    Dataset<Row> pairs = made.pairs(made.randomPairs(20, 1));
    // A fitted stage is taken into the pipeline's model as it is.
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {made.model(2)}).fit(pairs);
    pipeline.write().overwrite().save(dir.resolve("p").toString());
    PipelineModel loaded = PipelineModel.load(dir.resolve("p").toString());
    Transformer stage = loaded.stages()[0];
    assertThat(stage).isInstanceOf(DynamicSparseALSModel.class);
    assertThat(loaded.transform(pairs).sort("u", "i").collectAsList())
        .isEqualTo(pipeline.transform(pairs).sort("u", "i").collectAsList());
  }

  @Test
  void refusesWhatItCannotRead() throws IOException {
    String path = dir.resolve("m").toString();
    new HandMade(IdType.INT, 3, 3, 1).model(1).write().save(path);
    Path json = dir.resolve("m").resolve("coppice.json");
    String text = Files.readString(json);
    Files.delete(dir.resolve("m").resolve(".coppice.json.crc"));
    Files.writeString(json, text.replace("\"formatVersion\" : 1", "\"formatVersion\" : 3"));
    assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("format version 3")
        .hasMessageContaining("up to 2");
    Files.writeString(json, "{");
    assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("damaged");
    Files.writeString(json, "{}");
    assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no saved model");
    Files.delete(json);
    assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no saved Coppice model");
    assertThatThrownBy(() -> DynamicSparseALSModel.load(dir.resolve("none").toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void refusesMetadataThatIsNone() throws IOException {
    String path = dir.resolve("m").toString();
    new HandMade(IdType.INT, 3, 3, 1).model(1).write().save(path);
    Path metadata = dir.resolve("m/metadata");
    Path part;
    try (Stream<Path> files = Files.list(metadata)) {
      part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
    }
    String text = Files.readString(part);
    Files.deleteIfExists(metadata.resolve("." + part.getFileName() + ".crc"));
    Map<String, String> wrong =
        Map.of(
            text.substring(0, text.length() / 2),
            "metadata cannot be read: Unexpected end",
            text.replace("DynamicSparseALSModel", "GatedFederationModel"),
            "is of the class \"dev.coppice.spark.GatedFederationModel\"",
            text.replace("\"paramMap\":{", "\"paramMap\":{\"colour\":1,"),
            "colour",
            text.replace("\"paramMap\":{", "\"paramMap\":{\"blockSize\":0,"),
            "blockSize",
            "",
            "metadata cannot be read: it is missing");
    for (Map.Entry<String, String> entry : wrong.entrySet()) {
      Files.writeString(part, entry.getKey());
      assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
          .as(entry.getKey())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(entry.getValue())
          .hasMessageEndingWith("Save the model again, or restore its files.");
    }
    Files.delete(part);
    assertThatThrownBy(() -> DynamicSparseALSModel.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("metadata cannot be read: it is missing");
  }

  @Test
  void positionsNeedTheTrainingPairs() {
    HandMade made = new HandMade(IdType.INT, 3, 3, 1);
    Dataset<Row> pairs = made.pairs(made.randomPairs(4, 1));
    assertThatThrownBy(() -> made.model(1).setPositionCol("p").transform(pairs))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("withSeen");
  }
}
