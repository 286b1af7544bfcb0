package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.spark.table.IdType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecommendTest {

  private static Map<Object, List<Row>> lists(Dataset<Row> out) {
    Map<Object, List<Row>> lists = new HashMap<>();
    for (Row row : out.collectAsList()) {
      assertThat(lists.put(row.get(0), row.getList(1))).as("one row each").isNull();
    }
    return lists;
  }

  private static void checkUsers(
      HandMade made, Map<Object, List<Row>> lists, int k, Set<List<Integer>> seen) {
    assertThat(lists).hasSize(made.users.length);
    for (int u = 0; u < made.users.length; u++) {
      List<Integer> expected = made.ranking(u, k, seen);
      List<Row> list = lists.get(made.userId(u));
      assertThat(list.stream().map(row -> row.get(0)).toList())
          .as("items of user %d", u)
          .isEqualTo(expected.stream().map(made::itemId).toList());
      for (int j = 0; j < list.size(); j++) {
        assertThat(list.get(j).getFloat(1))
            .isEqualTo(HandMade.dot(made.users[u], made.items[expected.get(j)]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void recommendsAsPlainLoopsDo(IdType ids) {
    HandMade made = new HandMade(ids, 37, 53, 1);
    checkUsers(made, lists(made.model(3).recommendForAllUsers(7)), 7, Set.of());
    Set<List<Integer>> seen = made.randomPairs(400, 3);
    // Pairs that come twice, in several parts, or of unknown ids change nothing.
    Dataset<Row> pairs = made.pairs(seen).union(made.pairs(seen)).repartition(3);
    HandMade larger = new HandMade(ids, 60, 80, 1);
    pairs = pairs.union(larger.pairs(Set.of(List.of(55, 2), List.of(2, 77))));
    checkUsers(made, lists(made.model(2).recommendForAllUsers(7, pairs)), 7, seen);
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void shuffledBlocksGiveTheSameBits(IdType ids) {
    HandMade made = new HandMade(ids, 41, 67, 5);
    Set<List<Integer>> seen = made.randomPairs(500, 3);
    DynamicSparseALSModel shuffled = made.model(3).setBroadcastLimit(0).setBlockSize(3);
    checkUsers(made, lists(shuffled.recommendForAllUsers(9, made.pairs(seen))), 9, seen);
    checkUsers(made, lists(shuffled.recommendForAllUsers(9)), 9, Set.of());
  }

  @Test
  void partitionsDoNotMatter() {
    HandMade made = new HandMade(IdType.INT, 50, 40, 9);
    Dataset<Row> seen = made.pairs(made.randomPairs(300, 4));
    Map<Object, List<Row>> one =
        lists(made.model(1).setNumPartitions(1).recommendForAllUsers(8, seen));
    for (int partitions : new int[] {2, 7}) {
      DynamicSparseALSModel model = made.model(partitions).setNumPartitions(partitions);
      assertThat(lists(model.recommendForAllUsers(8, seen.repartition(partitions)))).isEqualTo(one);
      assertThat(
              lists(
                  model
                      .setBroadcastLimit(0)
                      .setBlockSize(2)
                      .recommendForAllUsers(8, seen.repartition(partitions))))
          .isEqualTo(one);
    }
  }

  @Test
  void outputHasTheFormOfMllib() {
    HandMade made = new HandMade(IdType.INT, 5, 4, 1);
    StructType schema = made.model(1).recommendForAllUsers(2).schema();
    assertThat(schema.simpleString())
        .isEqualTo("struct<u:int,recommendations:array<struct<i:int,rating:float>>>");
    assertThat(made.model(1).recommendForAllItems(2).schema().simpleString())
        .isEqualTo("struct<i:int,recommendations:array<struct<u:int,rating:float>>>");
    assertThat(made.model(1).similarItems(2).schema().simpleString())
        .isEqualTo("struct<i:int,similar:array<struct<i:int,similarity:float>>>");
  }

  @Test
  void listsEndWhereTheItemsEnd() {
    HandMade made = new HandMade(IdType.LONG, 6, 5, 2);
    Set<List<Integer>> seen =
        Set.of(List.of(0, 0), List.of(0, 1), List.of(0, 2), List.of(0, 3), List.of(0, 4));
    for (long limit : new long[] {0, 1 << 20}) {
      DynamicSparseALSModel model = made.model(1).setBroadcastLimit(limit).setBlockSize(1);
      Map<Object, List<Row>> lists =
          lists(model.recommendForAllUsers(Integer.MAX_VALUE, made.pairs(seen)));
      assertThat(lists.get(made.userId(0))).isEmpty();
      assertThat(lists.get(made.userId(1))).hasSize(5);
    }
    assertThatThrownBy(() -> made.model(1).recommendForAllUsers(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("k is 0");
  }

  @Test
  void subsetsTakeKnownUsersOnce() {
    HandMade made = new HandMade(IdType.STRING, 12, 20, 2);
    StructType schema = new StructType().add("u", DataTypes.StringType);
    List<Row> wanted = new ArrayList<>();
    for (Object id : new Object[] {made.userId(3), made.userId(3), made.userId(7), "who", null}) {
      wanted.add(RowFactory.create(id));
    }
    Dataset<Row> subset = TestSpark.session().createDataFrame(wanted, schema);
    Map<Object, List<Row>> lists = lists(made.model(2).recommendForUserSubset(subset, 4));
    assertThat(lists).containsOnlyKeys(made.userId(3), made.userId(7));
    assertThat(lists.get(made.userId(7)).stream().map(row -> row.get(0)).toList())
        .isEqualTo(made.ranking(7, 4, Set.of()).stream().map(made::itemId).toList());
    assertThat(lists(made.model(2).recommendForUserSubset(subset.limit(0), 4))).isEmpty();
  }

  @Test
  void transformListsWhereItIsToldHowMany() {
    HandMade made = new HandMade(IdType.STRING, 12, 20, 2);
    DynamicSparseALSModel model = made.model(2).setListLength(4);
    Set<List<Integer>> seen = Set.of(List.of(3, 0), List.of(3, 5), List.of(7, 2), List.of(7, 11));
    Dataset<Row> pairs = made.pairs(seen);
    Dataset<Row> lists = model.transform(pairs);
    assertThat(lists.schema()).isEqualTo(model.transformSchema(pairs.schema()));
    assertThat(rowsOf(lists))
        .isEqualTo(rowsOf(model.recommendForUserSubset(pairs, 4, pairs)))
        .hasSize(2);
    assertThat(rowsOf(model.transform(pairs.select("u"))))
        .isEqualTo(rowsOf(model.recommendForUserSubset(pairs, 4)));
    assertThatThrownBy(() -> model.transform(pairs.select("i")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("userCol is 'u'");
    assertThat(model.setListLength(0).transform(pairs).columns()).contains("prediction");
  }

  private static List<String> rowsOf(Dataset<Row> lists) {
    return lists.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void recommendsUsersToItems() {
    HandMade made = new HandMade(IdType.INT, 30, 15, 2);
    Set<List<Integer>> seen = made.randomPairs(100, 8);
    Map<Object, List<Row>> lists = lists(made.model(2).recommendForAllItems(6, made.pairs(seen)));
    for (int i = 0; i < 15; i++) {
      int item = i;
      List<Object> expected =
          made.userOrder().stream()
              .filter(u -> !seen.contains(List.of(u, item)))
              .sorted(
                  Comparator.comparing(
                      (Integer u) -> -HandMade.dot(made.users[u], made.items[item])))
              .limit(6)
              .map(made::userId)
              .toList();
      assertThat(lists.get(made.itemId(i)).stream().map(row -> row.get(0)).toList())
          .as("users of item %d", i)
          .isEqualTo(expected);
    }
  }

  @Test
  void similarItemsAreOrderedByCosine() {
    HandMade made = new HandMade(IdType.LONG, 3, 25, 6);
    Map<Object, List<Row>> lists = lists(made.model(2).similarItems(24));
    for (int i = 0; i < 25; i++) {
      List<Row> list = lists.get(made.itemId(i));
      assertThat(list).hasSize(24);
      Object itself = made.itemId(i);
      assertThat(list).noneMatch(row -> row.get(0).equals(itself));
      for (Row row : list) {
        int other = (int) ((row.getLong(0) + 7) / 3_000_000_000L);
        double norms = norm(made.items[i]) * norm(made.items[other]);
        double cosine = norms == 0 ? 0 : HandMade.dot(made.items[i], made.items[other]) / norms;
        assertThat((double) row.getFloat(1)).isCloseTo(cosine, within(1e-5));
      }
      assertThat(list).isSortedAccordingTo(Comparator.comparing((Row row) -> -row.getFloat(1)));
    }
  }

  private static double norm(float[] row) {
    return Math.sqrt(HandMade.dot(row, row));
  }

  @Test
  void predictsProductsAndMarksUnknownIds() {
    HandMade made = new HandMade(IdType.INT, 20, 20, 4);
    StructType schema =
        new StructType()
            .add("note", DataTypes.StringType)
            .add("u", DataTypes.StringType)
            .add("i", DataTypes.LongType);
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      rows.add(
          RowFactory.create(
              "row " + n,
              made.userId(n).toString(),
              ((Integer) made.itemId((7 * n) % 20)).longValue()));
    }
    rows.add(RowFactory.create("unknown user", "5", -7L));
    rows.add(RowFactory.create("not the same text", "01000", -7L));
    rows.add(RowFactory.create("no number", "abc", -7L));
    rows.add(RowFactory.create("beyond int", "1000", 4294967289L));
    rows.add(RowFactory.create("no user", null, -7L));
    Dataset<Row> data = TestSpark.session().createDataFrame(rows, schema);
    Dataset<Row> out = made.model(2).transform(data);
    assertThat(out.columns()).containsExactly("note", "u", "i", "prediction");
    Map<Object, Float> predictions = new HashMap<>();
    out.collectAsList().forEach(row -> predictions.put(row.get(0), row.getFloat(3)));
    assertThat(predictions).hasSize(25);
    for (int n = 0; n < 20; n++) {
      assertThat(predictions.get("row " + n))
          .isEqualTo(HandMade.dot(made.users[n], made.items[(7 * n) % 20]));
    }
    assertThat(predictions.get("unknown user")).isNaN();
    assertThat(predictions.get("not the same text")).isNaN();
    assertThat(predictions.get("no number")).isNaN();
    assertThat(predictions.get("beyond int")).isNaN();
    assertThat(predictions.get("no user")).isNaN();
    Dataset<Row> dropped = made.model(2).setColdStartStrategy("drop").transform(data);
    assertThat(dropped.count()).isEqualTo(20);
    assertThat(made.model(1).transform(data.where(functions.lit(false))).count()).isZero();
  }

  @Test
  void dictionariesReplaceIndices() {
    HandMade made = new HandMade(IdType.LONG, 4, 3, 4);
    Dataset<Row> users =
        made.model(1)
            .userRows()
            .select(
                functions.col("id").as("index"),
                functions.concat(functions.lit("u"), functions.col("id")).as("id"));
    Dataset<Row> items =
        made.model(1)
            .itemRows()
            .select(
                functions.col("id").as("index"),
                functions.concat(functions.lit("i"), functions.col("id")).as("id"));
    Map<Object, List<Row>> lists =
        lists(made.model(1).withIds(users, items).recommendForAllUsers(1));
    assertThat(lists.keySet())
        .containsExactlyInAnyOrder("u1000", "u3000001000", "u6000001000", "u9000001000");
    assertThatThrownBy(() -> made.model(1).withIds(users.limit(3), items))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user dictionary has no id for index");
    assertThatThrownBy(() -> made.model(1).withIds(users.union(users), items))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }
}
