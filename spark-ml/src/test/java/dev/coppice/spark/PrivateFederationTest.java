package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.SettingException;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What crosses between processes with {@code private = true}: ids and weights that stand out. */
@TestInstance(Lifecycle.PER_CLASS)
class PrivateFederationTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("u", DataTypes.StringType, true)
          .add("i", DataTypes.StringType, false)
          .add("market", DataTypes.StringType, true)
          .add("w", DataTypes.FloatType, false)
          .add("held", DataTypes.BooleanType, false);
  private static final String[] MARKETS = {"market-at-5d7c", "market-be-91fa"};

  @TempDir static Path dir;

  private final SparkSession session = TestSpark.session();
  private final List<Row> rows = rows();
  private final Wire.Marks marks = marks();

  /** Ids without a common beginning, which compression would take away. */
  private static String id(String what, int number) {
    return Long.toHexString(SeedStream.hash(what.hashCode(), Purpose.GENERATE, number, 0))
        + Long.toHexString(SeedStream.hash(what.hashCode(), Purpose.GENERATE, number, 1));
  }

  private static float weight(int user, int item) {
    return 1 + (float) SeedStream.uniform(9, Purpose.GENERATE, user, item);
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int item = 0; item < 30; item++) {
        double chance = user % 2 == item % 2 ? 0.6 : 0.1;
        if (SeedStream.uniform(6, Purpose.GENERATE, user, item) < chance) {
          rows.add(
              RowFactory.create(
                  id("user", user),
                  id("item", item),
                  MARKETS[user % MARKETS.length],
                  weight(user, item),
                  SeedStream.uniform(7, Purpose.GENERATE, user, item) < 0.1));
        }
      }
    }
    return rows;
  }

  /** Every client in files of its own, and all clients in each file. */
  @BeforeAll
  void write() {
    for (String market : MARKETS) {
      of(market).coalesce(1).write().parquet(dir.resolve(market).toString());
    }
    Dataset<Row> all = session.createDataFrame(rows, COLUMNS);
    for (int part = 0; part < 3; part++) {
      all.where("abs(hash(i)) % 3 = " + part)
          .coalesce(1)
          .write()
          .parquet(dir.resolve("mixed-" + part).toString());
    }
  }

  private Dataset<Row> of(String market) {
    return session.createDataFrame(
        rows.stream().filter(row -> row.getString(2).equals(market)).toList(), COLUMNS);
  }

  private Dataset<Row> read(String... names) {
    return session
        .read()
        .schema(COLUMNS)
        .parquet(Arrays.stream(names).map(n -> dir.resolve(n).toString()).toArray(String[]::new));
  }

  private static GatedFederation estimator() {
    return new GatedFederation()
        .setPrivate(true)
        .setStartTable("random")
        .setUserCol("u")
        .setItemCol("i")
        .setClientCol("market")
        .setRatingCol("w")
        .setValidationCol("held")
        .setRank(8)
        .setDensity(0.5)
        .setMaxIter(2)
        .setRegParam(0.01)
        .setRounds(1)
        .setCuts(2)
        .setFinalSteps(2)
        .setSeed(3);
  }

  /** All users, and some weights. */
  private Wire.Marks marks() {
    Wire.Marks marks = new Wire.Marks();
    for (int user = 0; user < 60; user++) {
      marks.text(id("user", user));
    }
    rows.subList(0, 60).forEach(row -> marks.number(row.getFloat(3)));
    return marks;
  }

  private void assertNothingOfAUser(byte[] bytes) {
    assertThat(marks.in(bytes)).isEmpty();
  }

  private static boolean anyHolds(Collection<byte[]> written, String text) {
    Wire.Marks mark = new Wire.Marks().text(text);
    return written.stream().anyMatch(bytes -> !mark.in(bytes).isEmpty());
  }

  /** Whatever holds interactions, user rows or states, with or without ids. */
  private static void assertNoRowsOfClients(Set<Class<?>> classes) {
    assertThat(classes.stream().map(Class::getSimpleName))
        .doesNotContain(
            "ClientRows",
            "ClientData",
            "ClientState",
            "HeldClient",
            "LocalModel",
            "InitialUserRow",
            "RawRows",
            "Part",
            "PrivateClient");
  }

  @Test
  void nothingOfAUserCrossesWhereEachClientIsAFile() throws Exception {
    Path saved = dir.resolve("saved");
    GatedFederationModel model;
    try (Wire wire = Wire.of(session.sparkContext())) {
      model = estimator().fit(read(MARKETS));
      model.save(saved.toString());
      List<byte[]> written = wire.written();
      Map<Integer, byte[]> shuffles = wire.shuffles();
      // What does cross is seen: else the test could not fail.
      assertThat(anyHolds(written, id("item", 3))).isTrue();
      assertThat(anyHolds(written, MARKETS[1])).isTrue();
      assertThat(anyHolds(shuffles.values(), id("item", 3))).isTrue();
      written.forEach(this::assertNothingOfAUser);
      shuffles.values().forEach(this::assertNothingOfAUser);
      assertNoRowsOfClients(wire.classes());
    }
    assertThat(model.global().userTable().size().rows()).isZero();
    assertThat(model.summary().orElseThrow().clients())
        .allSatisfy(client -> assertThat(client.localNdcg()).isBetween(0.1, 1.0));
    assertThat(GatedFederationModel.load(saved.toString()).global().userTable().rows().count())
        .isZero();
    Dataset<Row> pairs = session.createDataFrame(rows, COLUMNS);
    List<Row> predictions = sorted(model.transform(pairs));
    assertThat(predictions).hasSize(rows.size());
    joinsWithoutTellingOfItsUsers(model);
    mixedFilesGiveTheSameByOneShuffle(predictions);
    model.unpersist();
  }

  private void joinsWithoutTellingOfItsUsers(GatedFederationModel model) {
    List<Row> more = new ArrayList<>(rows.subList(0, 200));
    Row first = more.get(0);
    Row strange = RowFactory.create(first.getString(0), "new item", first.getString(2), 1f, false);
    session
        .createDataFrame(List.of(strange), COLUMNS)
        .union(session.createDataFrame(more, COLUMNS))
        .withColumn("market", functions.lit("newcomer"))
        .coalesce(1)
        .write()
        .parquet(dir.resolve("more").toString());
    try (Wire wire = Wire.of(session.sparkContext())) {
      GatedFederationModel joined = estimator().join(model, read("more"));
      assertThat(joined.clients()).containsExactly("newcomer");
      assertThat(joined.summary().orElseThrow().leftOut()).isEqualTo(1);
      assertThat(joined.client("newcomer").userTable().size().rows()).isPositive();
      wire.written().forEach(this::assertNothingOfAUser);
      wire.shuffles().values().forEach(this::assertNothingOfAUser);
      assertThat(anyHolds(wire.written(), "new item")).isFalse();
      joined.unpersist();
    }
  }

  private void mixedFilesGiveTheSameByOneShuffle(List<Row> predictions) {
    try (Wire wire = Wire.of(session.sparkContext())) {
      GatedFederationModel model =
          estimator()
              .setNumPartitions(2)
              .fit(read("mixed-0", "mixed-1", "mixed-2").repartition(3, functions.col("i")));
      Map<Integer, byte[]> shuffles = wire.shuffles();
      Set<Integer> with = new TreeSet<>();
      shuffles.forEach(
          (shuffle, bytes) -> {
            if (!marks.in(bytes).isEmpty()) {
              with.add(shuffle);
            }
          });
      // The caller's own shuffle of the input, and the one that brings each client together.
      assertThat(with).hasSize(2).hasSizeLessThan(shuffles.size());
      assertThat(sorted(model.transform(session.createDataFrame(rows, COLUMNS))))
          .isEqualTo(predictions);
      model.unpersist();
    }
  }

  private static List<Row> sorted(Dataset<Row> rows) {
    return rows.sort("market", "u", "i").collectAsList();
  }

  /** With one client numbers of users are the same, so all bits have to be. */
  @Test
  void oneClientGetsTheModelThatItGetsWithoutPrivate() {
    Dataset<Row> data = read(MARKETS[0]);
    GatedFederationModel stays = estimator().fit(data);
    GatedFederationModel pooled = estimator().setPrivate(false).fit(data);
    Dataset<Row> pairs = of(MARKETS[0]);
    assertThat(sorted(stays.transform(pairs))).isEqualTo(sorted(pooled.transform(pairs)));
    assertThat(stays.summary().orElseThrow().clients().get(0).localNdcg())
        .isEqualTo(pooled.summary().orElseThrow().clients().get(0).localNdcg());
    stays.unpersist();
    pooled.unpersist();
  }

  @Test
  void whatWouldBringClientsTogetherIsRefused() {
    assertThatThrownBy(() -> estimator().setStartTable("pooled").fit(read(MARKETS)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("startTable = pooled")
        .hasMessageContaining("startTable = random");
    assertThatThrownBy(() -> estimator().setStartTable("pooled").validateParams(false))
        .isInstanceOf(SettingException.class);
    estimator().setStartTable("pooled").validateParams(true);
  }

  @Test
  void badRowsAreCountedInTheirPartitions() {
    Dataset<Row> data = of(MARKETS[0]).withColumn("market", functions.lit(null).cast("string"));
    assertThatThrownBy(() -> estimator().fit(data))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("interactions have no client; fill column 'market'");
    assertThatThrownBy(() -> estimator().fit(of(MARKETS[0]).withColumn("w", functions.lit(-1f))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ratingCol 'w' a weight that is missing, below 0 or not finite");
    assertThatThrownBy(() -> estimator().setMaxClientInteractions(10).fit(read(MARKETS)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("maxClientInteractions = 10");
  }

  /** A failure of a user's own code on the way to the clients quotes what it likes. */
  @Test
  void textsOfFailuresStay() {
    UDF1<String, String> quoting =
        id -> {
          throw new IllegalStateException("cannot read " + id);
        };
    Dataset<Row> data =
        read(MARKETS)
            .withColumn(
                "u", functions.udf(quoting, DataTypes.StringType).apply(functions.col("u")));
    try (Wire wire = Wire.of(session.sparkContext())) {
      assertThatThrownBy(() -> estimator().fit(data))
          .hasStackTraceContaining("its message is left out");
      wire.written().forEach(this::assertNothingOfAUser);
      assertThat(anyHolds(wire.written(), "cannot read")).isFalse();
    }
  }
}
