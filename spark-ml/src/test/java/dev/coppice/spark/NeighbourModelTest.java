package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.eval.RankingEvaluation;
import dev.coppice.spark.store.ServingExport;
import dev.coppice.spark.table.RowTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neighbours alone and beside latent rows, on users and items of six planted communities. */
class NeighbourModelTest {
  private static final MetricKey RECALL = MetricKey.parse("recall@5");
  private static final Map<String, DynamicSparseALSModel> FITTED = new HashMap<>();

  private static Dataset<Row> data;

  @TempDir Path dir;

  @BeforeAll
  static void plant() {
    StructType schema =
        new StructType()
            .add("user", DataTypes.StringType)
            .add("item", DataTypes.IntegerType)
            .add("held", DataTypes.BooleanType);
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < 60; u++) {
      for (int i = 0; i < 60; i++) {
        double draw = SeedStream.uniform(1, Purpose.GENERATE, u, i);
        if (draw < (u % 6 == i % 6 ? 0.6 : 0.02)) {
          boolean held = SeedStream.uniform(1, Purpose.SPLIT, u, i) < 0.2;
          rows.add(RowFactory.create("user " + u, 1000 - i, held));
        }
      }
    }
    data = TestSpark.session().createDataFrame(rows, schema).repartition(3).cache();
  }

  private static Dataset<Row> train() {
    return data.where("not held");
  }

  private static Dataset<Row> test() {
    return data.where("held");
  }

  private static DynamicSparseItems items() {
    return new DynamicSparseItems().setNeighbours(4).setNeighbourReg(1);
  }

  private static SparseRecommender hybrid() {
    return new SparseRecommender()
        .setFamily("hybrid")
        .setRank(8)
        .setDensity(0.25)
        .setMaxIter(2)
        .setUnobservedWeight(0.1)
        .setNumBlocks(2)
        .setNeighbours(4)
        .setNeighbourReg(1);
  }

  private static DynamicSparseALSModel itemsModel() {
    return FITTED.computeIfAbsent("items", name -> items().fit(train()));
  }

  private static DynamicSparseALSModel hybridModel() {
    return FITTED.computeIfAbsent("hybrid", name -> hybrid().setNeighbourScale(4).fit(train()));
  }

  private static double recall(DynamicSparseALSModel model) {
    return RankingEvaluation.evaluate(
            model.scoringTables(), train(), test(), List.of(RECALL), false)
        .model()
        .metrics()
        .get(RECALL);
  }

  private static Map<String, String> lists(Dataset<Row> lists) {
    Map<String, String> found = new TreeMap<>();
    lists.collectAsList().forEach(row -> found.put(row.get(0).toString(), row.get(1).toString()));
    return found;
  }

  @Test
  void itemsAloneFindTheCommunities() {
    DynamicSparseALSModel model = itemsModel();
    // Drawn at random, five of sixty items find a twelfth of what is held out.
    assertThat(recall(model)).isGreaterThan(4 * 5 / 60.0);
    RowTable.Size size = model.itemTable().size();
    assertThat(size.stored()).isZero();
    assertThat(size.linkWeights()).isEqualTo(4 * size.rows());
    assertThat(model.neighbourSummary().orElseThrow().weights()).isEqualTo(size.linkWeights());
    assertThat(model.userTable().size().links()).isEqualTo(train().count());
  }

  /** The prediction of a pair is the sum of weights, whether it is asked for or listed. */
  @Test
  void predictionsAreThoseOfTheLists() {
    for (DynamicSparseALSModel model : List.of(itemsModel(), hybridModel())) {
      Map<String, Float> predicted = new HashMap<>();
      model
          .transform(data)
          .collectAsList()
          .forEach(
              row ->
                  predicted.put(
                      row.getString(0) + " " + row.getInt(1), row.<Float>getAs("prediction")));
      int found = 0;
      for (Row row :
          model
              .recommendForAllUsers(60)
              .select(functions.col("user"), functions.explode(functions.col("recommendations")))
              .select("user", "col.item", "col.rating")
              .collectAsList()) {
        Float pair = predicted.get(row.getString(0) + " " + row.getInt(1));
        if (pair != null) {
          assertThat(row.getFloat(2)).isEqualTo(pair);
          found++;
        }
      }
      assertThat(found).isEqualTo(predicted.size());
    }
  }

  @Test
  void duplicatesCountOnceAndPartitionsDoNotMatter() {
    Dataset<Row> twice = train().union(train()).repartition(7);
    DynamicSparseALSModel again = items().setNumPartitions(5).fit(twice);
    assertThat(lists(again.recommendForAllUsers(10)))
        .isEqualTo(lists(itemsModel().recommendForAllUsers(10)));
    again.userTable().unpersist();
    again.itemTable().unpersist();
  }

  @Test
  void aHybridHoldsBothPartsAndIsNoWorse() {
    DynamicSparseALSModel model = hybridModel();
    DynamicSparseALSModel latent = hybrid().setFamily("latent").fit(train());
    assertThat(latent.neighbourSummary()).isEmpty();
    assertThat(latent.itemTable().hasLinks()).isFalse();
    assertThat(model.itemTable().size().stored()).isEqualTo(latent.itemTable().size().stored());
    assertThat(model.itemTable().size().linkWeights())
        .isEqualTo(itemsModel().itemTable().size().linkWeights());
    assertThat(recall(model)).isGreaterThanOrEqualTo(recall(latent));
    // The latent rows are those of the latent model, the neighbours three times those alone.
    assertThat(rows(model.itemRows(), "dims", "weights", "degree"))
        .isEqualTo(rows(latent.itemRows(), "dims", "weights", "degree"));
    assertThat(rows(model.itemRows(), "code", "links"))
        .isEqualTo(rows(itemsModel().itemRows(), "code", "links"));
    assertThat(rows(model.itemRows(), "linkWeights"))
        .isEqualTo(
            rows(
                itemsModel()
                    .itemRows()
                    .selectExpr(
                        "id", "transform(linkWeights, w -> cast(w * 4D as float)) as linkWeights"),
                "linkWeights"));
  }

  private static Map<String, String> rows(Dataset<Row> table, String... columns) {
    return lists(
        table.select(
            functions.col("id"),
            functions.struct(Arrays.stream(columns).map(functions::col).toArray(Column[]::new))));
  }

  @Test
  void theScaleIsChosenOnTheValidationPart() {
    SparseRecommender estimator = hybrid().setValidationCol("held").setMetric("recall@5");
    DynamicSparseALSModel chosen = estimator.fit(data);
    double scale = Double.parseDouble(chosen.info().configuration().get("neighbourScale"));
    double found = chosen.info().metrics().get("recall@5");
    assertThat(found).isEqualTo(recall(chosen));
    for (double factor : new double[] {0.5, 2}) {
      DynamicSparseALSModel other = estimator.setNeighbourScale(scale * factor).fit(data);
      assertThat(other.info().configuration())
          .containsEntry("neighbourScale", String.valueOf(scale * factor));
      assertThat(other.info().metrics().get("recall@5")).isLessThanOrEqualTo(1.01 * found);
    }
  }

  /** Neighbours alone are the same, whichever estimator trains them. */
  @Test
  void theFamilyOfItemsIsThatOfItsOwnEstimator() {
    DynamicSparseALSModel model =
        hybrid().setFamily("items").setValidationCol("held").setMetric("recall@5").fit(data);
    assertThat(rows(model.itemRows(), "dims", "weights", "code", "links", "linkWeights", "degree"))
        .isEqualTo(
            rows(
                itemsModel().itemRows(),
                "dims",
                "weights",
                "code",
                "links",
                "linkWeights",
                "degree"));
    assertThat(model.info().metrics().get("recall@5")).isEqualTo(recall(model));
    assertThat(model.rank()).isEqualTo(8);
    assertThat(model.summary().orElseThrow().interactions()).isEqualTo(train().count());
    assertThat(model.summary().orElseThrow().popularity()).containsKey("recall@5");
  }

  /** What is chosen is never worse on the validation part than what is not. */
  @Test
  void theFamilyIsChosenOnTheValidationPart() {
    SparseRecommender estimator = hybrid().setValidationCol("held").setMetric("recall@5");
    Map<String, Double> found = new TreeMap<>();
    for (String family : List.of("latent", "items", "hybrid", "auto")) {
      DynamicSparseALSModel model = estimator.setFamily(family).fit(data);
      found.put(family, model.info().metrics().get("recall@5"));
      assertThat(model.summary().orElseThrow().popularity()).containsOnlyKeys("recall@5");
      if (family.equals("auto")) {
        Choice chosen =
            model.choices().stream()
                .filter(choice -> choice.name().equals("family"))
                .findFirst()
                .orElseThrow();
        assertThat(found.get("auto")).isEqualTo(found.get(chosen.value()));
        assertThat(chosen.reason()).contains("recall@5", "latent", "items", "hybrid");
        assertThat(model.info().configuration()).containsEntry("family", chosen.value());
      }
    }
    assertThat(found.values()).allMatch(value -> value <= found.get("auto"));
  }

  /** No row to validate on is no validation part. */
  @ParameterizedTest
  @ValueSource(strings = {"", "held"})
  void withoutAValidationPartTheFamilyIsBoth(String validation) {
    DynamicSparseALSModel model =
        hybrid().setFamily("auto").setValidationCol(validation).fit(train());
    assertThat(model.choices())
        .extracting(Choice::name, Choice::value)
        .contains(tuple("family", "hybrid"), tuple("neighbourScale", "4.0"));
    assertThat(model.itemTable().hasLinks()).isTrue();
    assertThat(model.itemTable().size().stored()).isPositive();
  }

  @Test
  void savedModelsAreReadAgain() throws Exception {
    for (DynamicSparseALSModel model : List.of(itemsModel(), hybridModel())) {
      String path = dir.resolve("m").toString();
      model.write().overwrite().save(path);
      assertThat(Files.readString(dir.resolve("m/coppice.json"))).contains("\"formatVersion\" : 2");
      DynamicSparseALSModel loaded = DynamicSparseALSModel.load(path);
      assertThat(loaded.itemTable().size()).isEqualTo(model.itemTable().size());
      assertThat(loaded.userTable().size()).isEqualTo(model.userTable().size());
      assertThat(lists(loaded.recommendForAllUsers(7)))
          .isEqualTo(lists(model.recommendForAllUsers(7)));
      assertThat(lists(loaded.similarItems(3))).isEqualTo(lists(model.similarItems(3)));
    }
    hybrid().setFamily("latent").fit(train()).write().overwrite().save(dir.resolve("m").toString());
    assertThat(Files.readString(dir.resolve("m/coppice.json")))
        .contains("\"formatVersion\" : 1")
        .doesNotContain("links");
  }

  /** A user whom the model knows is served alike from the items alone. */
  @Test
  void newUsersAreServedFromTheirItems() {
    Dataset<Row> some = train().where("user in ('user 3', 'user 50')");
    DynamicSparseALSModel folded = itemsModel().foldIn(some);
    Map<String, String> known =
        lists(itemsModel().recommendForUserSubset(some.select("user"), 10, train()));
    assertThat(lists(folded.recommendForAllUsers(10, some))).isEqualTo(known).hasSize(2);
    assertThat(lists(hybridModel().foldIn(some).recommendForAllUsers(10, some))).hasSize(2);
  }

  /** Codes ascend with the ids, so a file needs no keys of its own; the lists are Spark's. */
  @Test
  void trainedModelsAreServedFromAFile() throws Exception {
    for (DynamicSparseALSModel model : List.of(itemsModel(), hybridModel())) {
      Path file = dir.resolve("file");
      try (ServingWriter writer =
          new ServingWriter(dir, ServingExport.info(model.stored(), Map.of()))) {
        ServingExport.addAll(writer, model.stored(), model.scoringTables().pairs(train()), true);
        assertThat(writer.neighbours()).isEqualTo(model.itemTable().size().linkWeights());
        writer.write(file, WeightForm.FLOAT32);
      }
      ServingModel served = ServingModel.open(file).verify();
      assertThat(served.sectionBytes()).doesNotContainKey("NEIGHBOUR_KEYS");
      int users = 0;
      for (Row row : model.recommendForAllUsers(10, train()).collectAsList()) {
        List<Row> expected = row.getList(1);
        List<RankedItem> list = served.recommend(row.getString(0), 10).orElseThrow();
        assertThat(list).hasSameSizeAs(expected);
        for (int i = 0; i < list.size(); i++) {
          assertThat(list.get(i).id()).isEqualTo(String.valueOf(expected.get(i).getInt(0)));
          assertThat(list.get(i).score()).isEqualTo(expected.get(i).getFloat(1));
        }
        users++;
      }
      assertThat(users).isEqualTo(60);
    }
  }

  /** A hybrid trains on from a model of latent rows, from a hybrid, and gives one of each. */
  @Test
  void trainingGoesOnFromAHybrid() {
    DynamicSparseALSModel next = hybrid().setNeighbourScale(4).fit(data, hybridModel());
    assertThat(next.neighbourSummary().orElseThrow().interactions()).isEqualTo(data.count());
    assertThat(next.itemTable().hasLinks()).isTrue();
    DynamicSparseALSModel latent = hybrid().setFamily("latent").fit(data, hybridModel());
    assertThat(latent.itemTable().hasLinks()).isFalse();
    assertThat(rows(next.userRows(), "dims", "weights"))
        .isEqualTo(rows(latent.userRows(), "dims", "weights"));
  }

  @Test
  void whatCannotBeIsRefused() throws Exception {
    assertThatThrownBy(() -> items().setNeighbours(0).fit(train()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neighbours is 0");
    assertThatThrownBy(() -> hybrid().setRatingCol("held").setImplicitPrefs(false).validate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("family is hybrid")
        .hasMessageContaining("set family to latent");
    assertThatThrownBy(() -> items().setMaxHistory(1)).hasMessageContaining("maxHistory is 1");
    assertThatThrownBy(() -> items().setNeighbourReg(0)).hasMessageContaining("neighbourReg is 0");
    assertThatThrownBy(() -> items().fit(train().where("false")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no interactions");
    assertThatThrownBy(
            () -> items().fit(train().withColumn("user", functions.lit(null).cast("string"))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("userCol 'user' no id");
    Dataset<Row> clients = train().withColumn("client", functions.col("user").substr(6, 1));
    String path = dir.resolve("initial").toString();
    hybridModel().save(path);
    assertThatThrownBy(() -> new GatedFederation().setInitialModel(path).fit(clients))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("initial model has neighbours");
  }

  @Test
  void theEstimatorIsSavedAndCopied() throws Exception {
    DynamicSparseItems estimator = items().setMaxHistory(77).setUserCol("u");
    estimator.save(dir.resolve("e").toString());
    DynamicSparseItems loaded = DynamicSparseItems.load(dir.resolve("e").toString());
    assertThat(loaded.extractParamMap().toSeq().size())
        .isEqualTo(estimator.extractParamMap().toSeq().size());
    assertThat(loaded.getMaxHistory()).isEqualTo(77);
    assertThat(loaded.getUserCol()).isEqualTo("u");
    DynamicSparseItems copy = loaded.copy(new ParamMap().put(loaded.neighbours.w(9)));
    assertThat(copy.getNeighbours()).isEqualTo(9);
    assertThat(loaded.getNeighbours()).isEqualTo(4);
    assertThat(new DynamicSparseItems().getNeighbours()).isEqualTo(50);
  }
}
