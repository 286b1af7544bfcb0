package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.error.SettingException;
import dev.coppice.core.items.RoundedSum;
import dev.coppice.core.items.SentPairs;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.store.GatedClient;
import dev.coppice.spark.table.RowTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Clients with neighbours: three markets of unlike taste; users are numbers, items names. */
@TestInstance(Lifecycle.PER_CLASS)
class NeighbourFederationTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("u", DataTypes.LongType, false)
          .add("i", DataTypes.StringType, false)
          .add("market", DataTypes.StringType, false)
          .add("held", DataTypes.BooleanType, false);
  private static final String[] MARKETS = {"at", "be", "ch"};

  @TempDir Path dir;

  private final SparkSession session = TestSpark.session();
  private List<Row> rows;
  private Dataset<Row> data;
  private GatedFederationModel model;

  @BeforeAll
  void train() {
    rows = new ArrayList<>();
    for (int user = 0; user < 120; user++) {
      for (int item = 0; item < 40; item++) {
        // Market 2 has no item above 30.
        double chance = item > 30 && user % 3 == 2 ? 0 : user % 4 == item % 4 ? 0.5 : 0.05;
        if (SeedStream.uniform(6, Purpose.GENERATE, user, item) < chance) {
          rows.add(
              RowFactory.create(
                  1000L + 7L * user,
                  "item " + item,
                  MARKETS[user % 3],
                  SeedStream.uniform(7, Purpose.GENERATE, user, item) < 0.15));
        }
      }
    }
    data = session.createDataFrame(rows, COLUMNS).repartition(3).persist();
    model = estimator().fit(data);
  }

  @AfterAll
  void free() {
    model.unpersist();
    data.unpersist();
  }

  private static GatedFederation estimator() {
    return new GatedFederation()
        .setUserCol("u")
        .setItemCol("i")
        .setClientCol("market")
        .setFamily("items")
        .setNeighbours(8)
        .setNeighbourReg(2)
        .setMinPairUsers(3)
        .setCapacity(0.5)
        .setCapacities("be=1")
        .setSeed(3);
  }

  private static List<Row> sorted(Dataset<Row> table) {
    return table.sort("id").collectAsList();
  }

  private static List<Row> links(DynamicSparseALSModel of) {
    return sorted(of.itemRows().select("id", "links", "linkWeights"));
  }

  /** Neighbours by id, as codes differ between models. */
  private static Map<String, Map<String, Float>> byId(DynamicSparseALSModel of) {
    Map<Integer, String> ids = new HashMap<>();
    of.itemRows()
        .select("code", "id")
        .collectAsList()
        .forEach(row -> ids.put(row.getInt(0), row.getString(1)));
    Map<String, Map<String, Float>> all = new TreeMap<>();
    for (Row row : links(of)) {
      List<Integer> codes = row.getList(1);
      List<Float> weights = row.getList(2);
      Map<String, Float> neighbours = new TreeMap<>();
      for (int q = 0; q < codes.size(); q++) {
        neighbours.put(ids.get(codes.get(q)), weights.get(q));
      }
      all.put(row.getString(0), neighbours);
    }
    return all;
  }

  @Test
  void eachClientHoldsItsShareAndItsOwnItems() {
    assertThat(model.clients()).containsExactly(MARKETS);
    for (GatedClient client : model.clientFacts()) {
      DynamicSparseALSModel own = model.client(client.name());
      Dataset<Row> mine = data.where("market = '" + client.name() + "'");
      long items = mine.select("i").distinct().count();
      assertThat(own.family()).isEqualTo("items");
      assertThat(sorted(own.itemRows()).stream().map(row -> row.getString(0)))
          .hasSize((int) items)
          .doesNotContain(client.name().equals("ch") ? "item 35" : "none");
      double perItem = client.name().equals("be") ? 8 : 4;
      assertThat(own.itemTable().size().linkWeights()).isEqualTo((long) (perItem * items));
      assertThat(sorted(own.userRows().select("id")))
          .isEqualTo(mine.select("u").distinct().sort("u").collectAsList());
      assertThat(own.userTable().size().links()).isEqualTo(mine.count());
    }
    assertThat(model.global().itemTable().size().rows()).isEqualTo(40);
    assertThat(model.global().userTable().size().rows()).isEqualTo(120);
    for (ClientMetrics client : model.summary().orElseThrow().clients()) {
      assertThat(client.othersWeight()).isIn(0.0, 0.1, 0.3, 1.0);
      assertThat(client.sentBytes()).isPositive();
      assertThat(client.localNdcg()).isNaN();
    }
  }

  /** What all clients together learn is what one training on all of them learns. */
  @Test
  void withAllPairsAFederationIsOneTraining() {
    // All candidates are taken: which of equally good ones were, would depend on their numbers.
    GatedFederation whole =
        estimator().setCapacities().setCapacity(1).setNeighbours(39).setHistoryDebias(0);
    DynamicSparseItems items =
        new DynamicSparseItems()
            .setUserCol("u")
            .setItemCol("i")
            .setNeighbours(39)
            .setNeighbourReg(2)
            .setHistoryDebias(0);
    GatedFederationModel all =
        whole
            .copy(new ParamMap())
            .setMinPairUsers(1)
            .setOthersWeight(1)
            .setOwnItems(false)
            .fit(data);
    DynamicSparseALSModel together = items.fit(data);
    assertSame(all.global(), together);
    for (String market : MARKETS) {
      assertSame(all.client(market), together);
    }
    all.unpersist();
    GatedFederationModel alone = whole.setOthersWeight(0).fit(data);
    for (String market : MARKETS) {
      DynamicSparseALSModel own = items.fit(data.where("market = '" + market + "'"));
      assertSame(alone.client(market), own);
      own.unpersist();
    }
    alone.unpersist();
    together.unpersist();
  }

  /** Weights have 11 bits, and systems their equations in another order. */
  private static void assertSame(DynamicSparseALSModel found, DynamicSparseALSModel expected) {
    Map<String, Map<String, Float>> one = byId(found);
    Map<String, Map<String, Float>> other = byId(expected);
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (item, neighbours) -> {
          assertThat(neighbours.keySet()).isEqualTo(other.get(item).keySet()).isNotEmpty();
          neighbours.forEach(
              (neighbour, weight) ->
                  assertThat(weight)
                      .isCloseTo(
                          other.get(item).get(neighbour), within(1e-5f + Math.abs(weight) / 1000)));
        });
  }

  @Test
  void nothingDependsOnPartitions() throws Exception {
    model.save(dir.resolve("here").toString());
    for (int partitions : new int[] {1, 2, 7}) {
      GatedFederationModel other =
          estimator().setNumPartitions(partitions).fit(data.repartition(partitions));
      for (String market : MARKETS) {
        assertThat(sorted(other.client(market).itemRows()))
            .isEqualTo(sorted(model.client(market).itemRows()));
        assertThat(sorted(other.client(market).userRows()))
            .isEqualTo(sorted(model.client(market).userRows()));
      }
      assertThat(links(other.global())).isEqualTo(links(model.global()));
      assertThat(pairs(other)).isEqualTo(pairs(model));
      if (partitions == 7) {
        other.save(dir.resolve("there").toString());
        assertThat(files("there")).hasSize(8).isEqualTo(files("here"));
      }
      other.unpersist();
    }
  }

  private static List<Row> pairs(GatedFederationModel of) {
    return of.tables().pairs().orElseThrow().rows().sort("item").collectAsList();
  }

  @Test
  void predictionsAndListsAreThoseOfTheClientsOwnModels() {
    List<Row> expected = new ArrayList<>();
    for (String market : MARKETS) {
      expected.addAll(
          model.client(market).transform(data.where("market = '" + market + "'")).collectAsList());
    }
    List<Row> predictions = model.transform(data).collectAsList();
    assertThat(predictions).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(predictions).anyMatch(row -> row.getFloat(4) > 0);
    List<Row> lists = model.recommendForAllUsers(5, data).sort("market", "u").collectAsList();
    assertThat(lists).hasSize(120);
    List<Row> own = model.client("ch").recommendForAllUsers(5, data).sort("u").collectAsList();
    assertThat(lists.stream().filter(row -> row.getString(0).equals("ch")).map(row -> row.get(2)))
        .isEqualTo(own.stream().map(row -> row.get(1)).toList());
  }

  @Test
  void savedModelsGiveTheSame() throws Exception {
    String path = dir.resolve("m").toString();
    model.write().save(path);
    assertThat(Files.readString(Path.of(path, "federation.json")))
        .contains("\"formatVersion\" : 2");
    GatedFederationModel loaded = GatedFederationModel.load(path);
    assertThat(loaded.clients()).isEqualTo(model.clients());
    assertThat(loaded.transform(data).sort("u", "i").collectAsList())
        .isEqualTo(model.transform(data).sort("u", "i").collectAsList());
    assertThat(pairs(loaded)).isEqualTo(pairs(model));
    DynamicSparseALSModel own = DynamicSparseALSModel.load(path + "/clients/at");
    assertThat(sorted(own.itemRows())).isEqualTo(sorted(model.client("at").itemRows()));
    assertThat(own.setUserCol("u").setItemCol("i").recommendForAllUsers(3).count()).isEqualTo(40);
    assertThatThrownBy(() -> model.write().save(path)).hasMessageContaining("already exists");
    loaded.write().overwrite().save(path + "-again");
    assertThat(GatedFederationModel.load(path + "-again").clients()).isEqualTo(model.clients());
    // Who joins what was loaded gets what who joins the model gets.
    Dataset<Row> newcomer = newcomer();
    GatedFederationModel one = estimator().setCapacities().join(model, newcomer);
    GatedFederationModel other = estimator().setCapacities().join(loaded, newcomer);
    assertThat(links(other.client("dk"))).isEqualTo(links(one.client("dk")));
    one.unpersist();
    other.unpersist();
  }

  /** The files of the clients' models and of the sums, by their directories. */
  private Map<String, String> files(String name) throws Exception {
    Path of = dir.resolve(name);
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(of)) {
      for (Path file : all.filter(each -> each.toString().endsWith(".parquet")).toList()) {
        found.put(
            of.relativize(file.getParent()).toString(),
            HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    // Its order is that of a shuffle of the dictionary.
    found.keySet().removeIf(directory -> directory.startsWith("model"));
    return found;
  }

  private Dataset<Row> newcomer() {
    List<Row> few = new ArrayList<>();
    for (Row row : rows.subList(0, 150)) {
      few.add(RowFactory.create(-row.getLong(0), row.getString(1), "dk", false));
    }
    few.add(RowFactory.create(-1L, "item nobody has", "dk", false));
    return session.createDataFrame(few, COLUMNS);
  }

  @Test
  void aNewClientIsServedFromTheOthersOrTakesPartAtOnce() {
    GatedFederationModel served = estimator().setCapacities().join(model, newcomer());
    assertThat(served.clients()).containsExactly("dk");
    assertThat(served.clientFacts().get(0).joined()).isTrue();
    assertThat(served.summary().orElseThrow().leftOut()).isEqualTo(1);
    ClientMetrics metrics = served.summary().orElseThrow().clients().get(0);
    assertThat(metrics.othersWeight()).isEqualTo(1);
    assertThat(metrics.sentBytes()).isZero();
    // Nothing of its own is in it: other users with the same items get the same.
    Dataset<Row> doubled =
        newcomer().withColumn("u", functions.col("u").minus(1_000_000L)).union(newcomer());
    GatedFederationModel again = estimator().setCapacities().join(model, doubled);
    assertThat(links(again.client("dk"))).isEqualTo(links(served.client("dk")));
    assertThat(pairs(served)).isEqualTo(pairs(model));
    GatedFederationModel takesPart =
        estimator().setCapacities().setJoinItems(true).join(model, newcomer());
    assertThat(links(takesPart.client("dk"))).isNotEqualTo(links(served.client("dk")));
    assertThat(takesPart.summary().orElseThrow().clients().get(0).sentBytes()).isPositive();
    // What it sent is there for the next.
    assertThat(sum(pairs(takesPart))).isGreaterThan(sum(pairs(model)));
    assertThat(takesPart.tables().layout().users())
        .isEqualTo(model.tables().layout().users() + takesPart.client("dk").userRows().count());
    List.of(served, again, takesPart).forEach(GatedFederationModel::unpersist);
  }

  /** In one fit, the others are as if the client that joins were not there. */
  @Test
  void clientsThatJoinAreNotInWhatTheOthersLearnFrom() {
    // Draws of what is held back are by the numbers of users, which differ.
    GatedFederation stage = estimator().setOthersWeight(0.3);
    GatedFederationModel without = stage.fit(data.where("market <> 'ch'"));
    GatedFederationModel with = stage.setJoins("ch").fit(data);
    for (String market : new String[] {"at", "be"}) {
      assertThat(byId(with.client(market))).isEqualTo(byId(without.client(market)));
    }
    assertThat(with.summary().orElseThrow().clients().get(2).sentBytes()).isZero();
    with.unpersist();
    without.unpersist();
  }

  private static double sum(List<Row> pairs) {
    return pairs.stream()
        .flatMap(row -> row.<Long>getList(2).stream())
        .mapToDouble(Long::doubleValue)
        .sum();
  }

  /** The metrics of the summary are those of the models, measured by the library's evaluator. */
  @Test
  void modelsAreMeasuredOnTheValidationPart() {
    GatedFederationModel measured = estimator().setValidationCol("held").fit(data);
    Dataset<Row> training = data.where("not held");
    for (ClientMetrics client : measured.summary().orElseThrow().clients()) {
      String where = "market = '" + MARKETS[client.client()] + "'";
      double expected = ndcg(measured.client(MARKETS[client.client()]), training, where);
      assertThat(client.localNdcg()).isCloseTo(expected, within(1e-9));
      assertThat(client.globalNdcg())
          .isCloseTo(ndcg(measured.global(), training, where), within(1e-9));
      assertThat(client.aloneNdcg()).isBetween(0.2, 1.0);
      assertThat(client.localNdcg()).isGreaterThan(0.3);
    }
    measured.unpersist();
  }

  private double ndcg(DynamicSparseALSModel of, Dataset<Row> training, String where) {
    Dataset<Row> wanted = data.where("held and " + where);
    Map<Long, Set<String>> find = new HashMap<>();
    wanted
        .select("u", "i")
        .collectAsList()
        .forEach(
            row ->
                find.computeIfAbsent(row.getLong(0), u -> new TreeSet<>()).add(row.getString(1)));
    Map<Long, List<String>> lists = new HashMap<>();
    for (Row row : of.recommendForAllUsers(20, training).collectAsList()) {
      lists.put(
          row.getLong(0), row.<Row>getList(1).stream().map(each -> each.getString(0)).toList());
    }
    double sum = 0;
    for (Map.Entry<Long, Set<String>> user : find.entrySet()) {
      double dcg = 0;
      double ideal = 0;
      List<String> list = lists.getOrDefault(user.getKey(), List.of());
      for (int j = 0; j < 20; j++) {
        double discount = Math.log(2) / Math.log(j + 2);
        dcg += j < list.size() && user.getValue().contains(list.get(j)) ? discount : 0;
        ideal += j < user.getValue().size() ? discount : 0;
      }
      sum += dcg / ideal;
    }
    return sum / find.size();
  }

  /**
   * What crosses with private = true: of pairs, those alone that enough users have, as sums, and
   * nothing of a user; ids of users are texts here, to be found.
   */
  @Test
  void onlySumsOfFrequentPairsLeaveAClient() throws Exception {
    Dataset<Row> named =
        data.withColumn(
            "u",
            functions.concat(
                functions.lit("user-"), functions.sha1(functions.col("u").cast("string"))));
    for (String market : MARKETS) {
      named
          .where("market = '" + market + "'")
          .coalesce(1)
          .write()
          .parquet(dir.resolve("private-" + market).toString());
    }
    Wire.Marks marks = new Wire.Marks();
    named
        .select("u")
        .distinct()
        .collectAsList()
        .forEach(row -> marks.text(row.getString(0).substring(5)));
    Dataset<Row> read =
        session
            .read()
            .schema(named.schema())
            .parquet(
                Stream.of(MARKETS)
                    .map(market -> dir.resolve("private-" + market).toString())
                    .toArray(String[]::new));
    // Draws of what is held back are by the numbers of users, which differ.
    GatedFederation wanted = estimator().setValidationCol("held").setOthersWeight(0.3);
    GatedFederationModel stays;
    try (Wire wire = Wire.of(session.sparkContext())) {
      stays = wanted.copy(new ParamMap()).setPrivate(true).fit(read);
      stays.save(dir.resolve("stays").toString());
      wire.written().forEach(bytes -> assertThat(marks.in(bytes)).isEmpty());
      wire.shuffles().values().forEach(bytes -> assertThat(marks.in(bytes)).isEmpty());
      assertThat(wire.classes().stream().map(Class::getSimpleName))
          .doesNotContain(
              "ClientRows", "ClientData", "LocalNeighbours", "ClientNeighbours", "RawRows", "Part");
      assertFrequent(wire.sent(), stays);
    }
    assertThat(stays.global().userTable().size().rows()).isZero();
    GatedFederationModel pooled = wanted.fit(named);
    for (String market : MARKETS) {
      assertThat(byId(stays.client(market))).isEqualTo(byId(pooled.client(market)));
    }
    stays.unpersist();
    pooled.unpersist();
  }

  private void assertFrequent(List<SentPairs> sent, GatedFederationModel of) {
    Map<Integer, String> ids = new HashMap<>();
    of.global()
        .itemRows()
        .select("code", RowTable.ID)
        .collectAsList()
        .forEach(row -> ids.put(row.getInt(0), row.getString(1)));
    // By client, how many users have a pair: each of what crossed has to be such a sum.
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    Map<String, Map<Long, Set<String>>> histories = new HashMap<>();
    for (Row row : rows) {
      if (!row.getBoolean(3)) {
        histories
            .computeIfAbsent(row.getString(2), m -> new HashMap<>())
            .computeIfAbsent(row.getLong(0), u -> new TreeSet<>())
            .add(row.getString(1));
      }
    }
    histories.forEach(
        (market, users) ->
            users
                .values()
                .forEach(
                    items -> {
                      for (String one : items) {
                        for (String other : items) {
                          counts
                              .computeIfAbsent(market, m -> new HashMap<>())
                              .merge(one + "," + other, 1, Integer::sum);
                        }
                      }
                    }));
    // Each client has sent each of its frequent pairs once, and no other.
    Map<String, Integer> expected = new TreeMap<>();
    int rare = 0;
    for (Map<String, Integer> market : counts.values()) {
      for (Map.Entry<String, Integer> pair : market.entrySet()) {
        if (pair.getValue() >= 3) {
          expected.merge(pair.getKey(), 1, Integer::sum);
        } else {
          rare++;
        }
      }
    }
    assertThat(rare).isPositive();
    Map<String, Integer> found = new TreeMap<>();
    for (SentPairs each : sent) {
      for (int q = 0; q < each.others().length; q++) {
        String one = ids.get(each.item());
        String other = ids.get(each.others()[q]);
        found.merge(one + "," + other, 1, Integer::sum);
        if (!one.equals(other)) {
          found.merge(other + "," + one, 1, Integer::sum);
        }
        assertThat(RoundedSum.value(each.sums()[q])).isPositive();
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void modelsKeepToALimitOfBytes() throws Exception {
    GatedFederationModel limited =
        estimator().setCapacities().setCapacity(1).setMemoryLimit(11_000).fit(data);
    limited.save(dir.resolve("limited").toString());
    for (String market : MARKETS) {
      try (Stream<Path> all = Files.walk(dir.resolve("limited/clients/" + market))) {
        long bytes =
            all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        assertThat(bytes).isLessThanOrEqualTo(11_000);
      }
      assertThat(limited.client(market).itemTable().size().linkWeights())
          .isPositive()
          .isLessThan(8 * 31);
    }
    limited.unpersist();
    assertThatThrownBy(() -> estimator().setMemoryLimit(6000).fit(data))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("limit of client \"at\": 6000 bytes leave no room for neighbours");
  }

  @Test
  void whatNeighboursCannotDoIsRefused() {
    assertThatThrownBy(() -> estimator().setInitialModel("x").fit(data))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("family is items, and there is an initial model");
    assertThatThrownBy(() -> estimator().setFamily("hybrids"))
        .hasMessageContaining("latent, items");
    assertThatThrownBy(() -> estimator().setOthersWeight(1.5)).hasMessageContaining("othersWeight");
    assertThatThrownBy(() -> estimator().setMinPairUsers(0)).hasMessageContaining("minPairUsers");
    assertThatThrownBy(() -> estimator().setJoins("dk").fit(data))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("dk");
    assertThatThrownBy(() -> model.globalState())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no rounds");
  }
}
