package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.store.GatedClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Three planted clients of unlike taste; users are numbers, items names. */
@TestInstance(Lifecycle.PER_CLASS)
class GatedFederationTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("u", DataTypes.LongType, false)
          .add("i", DataTypes.StringType, false)
          .add("market", DataTypes.StringType, true);
  private static final String[] MARKETS = {"at", "be", "ch"};

  @TempDir Path dir;

  private final SparkSession session = TestSpark.session();
  private Dataset<Row> data;
  private GatedFederationModel model;

  private Dataset<Row> data(String[] markets) {
    List<Row> rows = new ArrayList<>();
    for (int user = 0; user < 20 * markets.length; user++) {
      for (int item = 0; item < 45; item++) {
        double chance = user % 3 == item % 3 ? 0.6 : 0.05;
        if (SeedStream.uniform(6, Purpose.GENERATE, user, item) < chance) {
          // No client's users lie together, nor do numbers start at 0.
          rows.add(
              RowFactory.create(1000L + 7L * user, "item " + item, markets[user % markets.length]));
        }
      }
    }
    return session.createDataFrame(rows, COLUMNS).repartition(3);
  }

  private static GatedFederation estimator() {
    return new GatedFederation()
        .setUserCol("u")
        .setItemCol("i")
        .setClientCol("market")
        .setRank(12)
        .setDensity(0.5)
        .setMaxIter(4)
        .setUnobservedWeight(0.1)
        .setRegParam(0.01)
        .setCuts(2)
        .setCapacities("be=0.3")
        .setSeed(3);
  }

  @BeforeAll
  void train() {
    data = data(MARKETS).persist();
    model = estimator().fit(data);
  }

  @AfterAll
  void free() {
    model.unpersist();
    data.unpersist();
  }

  private static List<Row> sorted(Dataset<Row> rows) {
    return rows.sort("market", "u", "i").collectAsList();
  }

  @Test
  void eachClientHoldsItsShareAndItsOwnUsers() {
    assertThat(model.clients()).containsExactly(MARKETS);
    long all = model.global().itemTable().size().stored();
    for (GatedClient client : model.clientFacts()) {
      double share = client.name().equals("be") ? 0.3 : 0.5;
      assertThat(client.capacity()).isEqualTo(share);
      assertThat(client.itemWeights()).isPositive().isLessThanOrEqualTo((long) (share * all));
      DynamicSparseALSModel own = model.client(client.name());
      assertThat(own.itemTable().size().stored()).isEqualTo(client.itemWeights());
      assertThat(own.info().itemBytes().stored()).isEqualTo(client.itemWeights());
      assertThat(own.userRows().select("id").sort("id").collectAsList())
          .isEqualTo(
              data.where("market = '" + client.name() + "'")
                  .select("u")
                  .distinct()
                  .sort("u")
                  .collectAsList());
    }
    assertThat(model.global().userTable().size().rows()).isEqualTo(60);
    assertThatThrownBy(() -> model.client("dk"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dk");
  }

  @Test
  void predictionsAreThoseOfTheClientsOwnModels() {
    Dataset<Row> pairs = data.limit(200);
    List<Row> expected = new ArrayList<>();
    for (String market : MARKETS) {
      expected.addAll(
          model.client(market).transform(pairs.where("market = '" + market + "'")).collectAsList());
    }
    assertThat(model.transform(pairs).collectAsList())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(model.transform(pairs).schema().simpleString())
        .isEqualTo(model.transformSchema(pairs.schema()).simpleString());
    // A client's item under another client's name is none of that one's users.
    Row stranger = RowFactory.create(1000L, "item 0", "dk");
    Dataset<Row> unknown = session.createDataFrame(List.of(stranger), COLUMNS);
    assertThat(model.transform(unknown).head().getFloat(3)).isNaN();
    GatedFederationModel dropping = model.copy(new ParamMap());
    assertThat(dropping.setColdStartStrategy("drop").transform(unknown).count()).isZero();
  }

  @Test
  void listsAreThoseOfTheClientsOwnModels() {
    List<Row> lists = model.recommendForAllUsers(5, data).sort("market", "u").collectAsList();
    assertThat(lists).hasSize(60);
    List<Row> own = model.client("ch").recommendForAllUsers(5, data).sort("u").collectAsList();
    assertThat(lists.stream().filter(row -> row.getString(0).equals("ch")).map(row -> row.get(2)))
        .isEqualTo(own.stream().map(row -> row.get(1)).toList());
  }

  @Test
  void savedModelsAndPipelinesGiveTheSame() throws Exception {
    String path = dir.resolve("m").toString();
    model.write().save(path);
    GatedFederationModel loaded = GatedFederationModel.load(path);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.clients()).isEqualTo(model.clients());
    assertThat(loaded.getClientCol()).isEqualTo("market");
    assertThat(sorted(loaded.transform(data))).isEqualTo(sorted(model.transform(data)));
    for (int client = 0; client < 3; client++) {
      assertThat(loaded.clientFacts().get(client))
          .usingRecursiveComparison()
          .isEqualTo(model.clientFacts().get(client));
    }
    assertThat(loaded.globalState().items().weights())
        .isEqualTo(model.globalState().items().weights());
    assertThat(loaded.globalState().layout().bucketOf())
        .isEqualTo(model.globalState().layout().bucketOf());
    DynamicSparseALSModel own = DynamicSparseALSModel.load(path + "/clients/at");
    assertThat(own.setUserCol("u").setItemCol("i").recommendForAllUsers(3).count()).isEqualTo(20);
    assertThatThrownBy(() -> model.write().save(path)).hasMessageContaining("already exists");
    loaded.write().overwrite().save(dir.resolve("again").toString());

    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {model}).fit(data);
    pipeline.write().save(dir.resolve("p").toString());
    assertThat(sorted(PipelineModel.load(dir.resolve("p").toString()).transform(data)))
        .isEqualTo(sorted(model.transform(data)));
    assertThatThrownBy(() -> GatedFederationModel.load(dir.resolve("none").toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
  }

  /** A client that sat out joins by its gate alone, within its share; the global table stays. */
  @Test
  void aNewClientJoinsAFrozenTable() {
    Dataset<Row> others = data.where("market <> 'at'");
    GatedFederationModel known = estimator().fit(others);
    Dataset<Row> newcomer =
        data.where("market = 'at'")
            .union(
                session.createDataFrame(
                    List.of(RowFactory.create(1000L, "item nobody has", "at")), COLUMNS));
    GatedFederationModel joined =
        estimator().setCapacities().setCapacity(0.4).join(known, newcomer);
    assertThat(joined.clients()).containsExactly("at");
    GatedClient client = joined.clientFacts().get(0);
    assertThat(client.joined()).isTrue();
    assertThat(client.itemWeights())
        .isPositive()
        .isLessThanOrEqualTo((long) (0.4 * known.global().itemTable().size().stored()));
    assertThat(joined.globalState().items().weights())
        .isEqualTo(known.globalState().items().weights());
    // What it holds are weights of the global table, to the bit.
    List<Row> own = joined.client("at").itemRows().sort("id").collectAsList();
    List<Row> all = known.global().itemRows().sort("id").collectAsList();
    assertThat(own).isNotEmpty();
    for (Row row : own) {
      Row global =
          all.stream()
              .filter(other -> other.getString(0).equals(row.getString(0)))
              .findFirst()
              .get();
      List<Short> dims = global.getList(1);
      List<Float> weights = global.getList(2);
      for (int p = 0; p < row.getList(1).size(); p++) {
        int at = dims.indexOf((Short) row.getList(1).get(p));
        assertThat(weights.get(at)).isEqualTo(row.getList(2).get(p));
      }
    }
    known.unpersist();
    joined.unpersist();
  }

  /** Without rounds the global model is the one that was given, user rows and all. */
  @Test
  void theSummarySaysByWhichRuleAGateGotItsValues() {
    assertThat(gates(model)).hasSize(3).isSubsetOf("learnt", "sensitivity");
    GatedFederationModel random = estimator().setRounds(0).setGate("random").fit(data);
    assertThat(gates(random)).containsExactly("random", "random", "random");
    random.unpersist();
  }

  private static List<String> gates(GatedFederationModel trained) {
    return trained.summary().orElseThrow().clients().stream().map(ClientMetrics::gate).toList();
  }

  @Test
  void theGlobalModelHasTheUserRowsItWasStartedWith() {
    DynamicSparseALSModel pooled =
        new DynamicSparseALS()
            .setUserCol("u")
            .setItemCol("i")
            .setRank(12)
            .setDensity(0.5)
            .setMaxIter(3)
            .setUnobservedWeight(0.1)
            .fit(data);
    GatedFederationModel none = estimator().setRounds(0).fit(data, pooled);
    assertThat(none.global().userRows().select("id", "dims", "weights").sort("id").collectAsList())
        .isEqualTo(pooled.userRows().select("id", "dims", "weights").sort("id").collectAsList());
    assertThat(none.global().itemRows().select("id", "dims", "weights").sort("id").collectAsList())
        .isEqualTo(pooled.itemRows().select("id", "dims", "weights").sort("id").collectAsList());
    none.unpersist();
    assertThatThrownBy(() -> estimator().setInitialModel("x").fit(data, pooled))
        .hasMessageContaining("initialModel is 'x'");
  }

  @Test
  void paramsFollowTheContract() throws Exception {
    GatedFederation stage = new GatedFederation();
    List<String> auto =
        stage.keys().stream().filter(ConfigKey::isAuto).map(ConfigKey::name).toList();
    assertThat(auto).contains("unobservedWeight");
    for (Param<?> param : stage.params()) {
      assertThat(param.doc()).as(param.name()).isNotBlank();
      assertThat(stage.isDefined(param)).as(param.name()).isNotEqualTo(auto.contains(param.name()));
      assertThat(param.parent()).isEqualTo(stage.uid());
    }
    assertThat(stage.params()).hasSize(59);
    assertThat(new GatedFederationModel().params()).hasSize(6);
    assertThatThrownBy(() -> stage.setCapacity(0)).hasMessageContaining("capacity is 0.0");
    assertThatThrownBy(() -> stage.setGate("best")).hasMessageContaining("saliency");
    assertThatThrownBy(() -> stage.setParticipation(2)).hasMessageContaining("at most 1");
    GatedFederation made = estimator();
    GatedFederation copy = made.copy(new ParamMap().put(made.rounds, 5));
    assertThat(copy.getRank()).isEqualTo(12);
    assertThat(copy.getRounds()).isEqualTo(5);
    estimator().setJoins("a", "b").save(dir.resolve("e").toString());
    GatedFederation loaded = GatedFederation.load(dir.resolve("e").toString());
    assertThat(loaded.getJoins()).containsExactly("a", "b");
    assertThat(loaded.getCuts()).isEqualTo(2);
    assertThat(GatedConfig.of(AutoParams.provisional(loaded)).asText().get("capacities"))
        .isEqualTo(Arrays.toString(new String[] {"be=0.3"}));
  }

  /** By default a user belongs to the client that has most, and of equal ones to the first. */
  @Test
  void aUserInTwoClientsBelongsToOne() {
    Dataset<Row> twice =
        data.union(
            session.createDataFrame(
                List.of(
                    // User 1000 is of "at"; the others are new.
                    RowFactory.create(1000L, "item 44", "be"),
                    RowFactory.create(1L, "item 3", "ch"),
                    RowFactory.create(1L, "item 6", "be"),
                    RowFactory.create(2L, "item 3", "ch"),
                    RowFactory.create(2L, "item 6", "ch"),
                    RowFactory.create(2L, "item 9", "be")),
                COLUMNS));
    GatedFederationModel moved = estimator().setRounds(0).fit(twice);
    assertThat(users(moved, "at")).contains(1000L).doesNotContain(1L, 2L);
    assertThat(users(moved, "be")).contains(1L).doesNotContain(1000L, 2L);
    assertThat(users(moved, "ch")).contains(2L).doesNotContain(1000L, 1L);
    assertThat(moved.clientFacts().stream().mapToLong(GatedClient::interactions).sum())
        .isEqualTo(twice.count());
    assertThat(moved.global().userTable().size().rows()).isEqualTo(62);
    moved.unpersist();
  }

  private static List<Long> users(GatedFederationModel of, String client) {
    return of.client(client).userRows().select("id").collectAsList().stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  @Test
  void badColumnsAndBadDataAreNamed() {
    assertThatThrownBy(() -> estimator().setClientCol("country").fit(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("clientCol is 'country'");
    assertThatThrownBy(() -> estimator().setClientCol("u").fit(data))
        .hasMessageContaining("name three columns");
    assertThatThrownBy(() -> estimator().setCapacities("be").fit(data))
        .hasMessageContaining("CLIENT=SHARE");
    Dataset<Row> twice =
        data.union(
            session.createDataFrame(List.of(RowFactory.create(1000L, "item 1", "be")), COLUMNS));
    assertThatThrownBy(() -> estimator().setSharedUsers("refuse").fit(twice))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("more than one client");
    Dataset<Row> nobody =
        data.union(
            session.createDataFrame(List.of(RowFactory.create(5L, "item 1", null)), COLUMNS));
    assertThatThrownBy(() -> estimator().fit(nobody))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1 interactions have no client");
  }
}
