package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is recommended by weights and links together, against plain loops, to the bit. */
class LinkedRecommendTest {
  private static Map<Object, List<Row>> lists(Dataset<Row> out) {
    Map<Object, List<Row>> lists = new HashMap<>();
    for (Row row : out.collectAsList()) {
      assertThat(lists.put(row.get(0), row.getList(1))).as("one row each").isNull();
    }
    return lists;
  }

  private static void check(
      List<Row> list, List<Object> ids, List<Integer> expected, ToDoubleFunction<Integer> score) {
    assertThat(list.stream().map(row -> row.get(0)).toList()).isEqualTo(ids);
    for (int j = 0; j < list.size(); j++) {
      assertThat((double) list.get(j).getFloat(1)).isEqualTo(score.applyAsDouble(expected.get(j)));
    }
  }

  private static void checkUsers(
      HybridMade made, Map<Object, List<Row>> lists, int k, Set<List<Integer>> seen) {
    assertThat(lists).hasSize(made.latent.users.length);
    for (int u = 0; u < made.latent.users.length; u++) {
      int user = u;
      List<Integer> expected = made.ranking(u, k, seen);
      check(
          lists.get(made.latent.userId(u)),
          expected.stream().map(made.latent::itemId).toList(),
          expected,
          i -> made.score(user, i));
    }
  }

  private static void checkItems(
      HybridMade made, Map<Object, List<Row>> lists, int k, Set<List<Integer>> seen) {
    assertThat(lists).hasSize(made.latent.items.length);
    for (int i = 0; i < made.latent.items.length; i++) {
      int item = i;
      List<Integer> expected = made.userRanking(i, k, seen);
      check(
          lists.get(made.latent.itemId(i)),
          expected.stream().map(made.latent::userId).toList(),
          expected,
          u -> made.score(u, item));
    }
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void bothWaysRecommendAsPlainLoopsDo(IdType ids) {
    for (boolean withLatent : new boolean[] {true, false}) {
      HybridMade made = new HybridMade(ids, 37, 53, 1, withLatent);
      Set<List<Integer>> seen = made.latent.randomPairs(400, 3);
      Dataset<Row> pairs = made.latent.pairs(seen);
      checkUsers(made, lists(made.model(3).recommendForAllUsers(7)), 7, Set.of());
      checkUsers(made, lists(made.model(3).recommendForAllUsers(7, pairs)), 7, seen);
      checkItems(made, lists(made.model(2).recommendForAllItems(6, pairs)), 6, seen);
      DynamicSparseALSModel shuffled = made.model(3).setBroadcastLimit(0).setBlockSize(2);
      checkUsers(made, lists(shuffled.recommendForAllUsers(7, pairs)), 7, seen);
      checkItems(made, lists(shuffled.recommendForAllItems(6, pairs)), 6, seen);
    }
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void neighboursAreToldById(IdType ids) {
    HybridMade made = new HybridMade(ids, 9, 20, 4, true);
    DynamicSparseALSModel model = made.model(3);
    assertThat(model.neighbours().columns()).containsExactly("i", "neighbour", "weight");
    assertThat(neighbours(model)).isEqualTo(made.neighbours()).isNotEmpty();
    // A weight that is not stored is 1.
    DynamicSparseALSModel bare =
        model.withTables(
            model.info(),
            model.userTable(),
            new RowTable("items", model.itemRows().drop(RowTable.LINK_WEIGHTS)));
    Map<List<Object>, Float> ones = made.neighbours();
    ones.replaceAll((pair, weight) -> 1f);
    assertThat(neighbours(bare)).isEqualTo(ones);
    DynamicSparseALSModel latent = made.latent.model(1);
    assertThat(latent.neighbours().schema().simpleString())
        .isEqualTo(bare.neighbours().schema().simpleString());
    assertThat(neighbours(latent)).isEmpty();
  }

  private static Map<List<Object>, Float> neighbours(DynamicSparseALSModel model) {
    Map<List<Object>, Float> weights = new HashMap<>();
    for (Row row : model.neighbours().collectAsList()) {
      assertThat(weights.put(List.of(row.get(0), row.get(1)), row.getFloat(2))).isNull();
    }
    return weights;
  }

  @Test
  void subsetsDictionariesAndIndicesKeepLinks() {
    HybridMade made = new HybridMade(IdType.LONG, 12, 20, 2, true);
    DynamicSparseALSModel model = made.model(2);
    Dataset<Row> subset = made.latent.pairs(Set.of(List.of(3, 0), List.of(7, 0))).select("u");
    Map<Object, List<Row>> some = lists(model.recommendForUserSubset(subset, 4));
    assertThat(some).hasSize(2);
    List<Integer> expected = made.ranking(7, 4, Set.of());
    check(
        some.get(made.latent.userId(7)),
        expected.stream().map(made.latent::itemId).toList(),
        expected,
        i -> made.score(7, i));

    Dataset<Row> users = dictionary(model.userRows());
    Dataset<Row> items = dictionary(model.itemRows());
    DynamicSparseALSModel named = model.withIds(users, items);
    assertThat(scores(named.recommendForAllItems(3)))
        .isEqualTo(scores(model.recommendForAllItems(3)));
    assertThat(scores(named.withIndices(users, items).recommendForAllUsers(5)))
        .isEqualTo(scores(model.recommendForAllUsers(5)));
    assertThat(named.withIndices(users, items).itemRows().columns())
        .containsExactly("id", "dims", "weights", "degree", "code", "links", "linkWeights");
  }

  private static Dataset<Row> dictionary(Dataset<Row> rows) {
    return rows.select(
        functions.col("id").as("index"), functions.col("id").cast("string").as("id"));
  }

  /** The scores of all lists, by id as a number; equal scores may change places with the ids. */
  private static Map<Long, List<Float>> scores(Dataset<Row> lists) {
    Map<Long, List<Float>> scores = new HashMap<>();
    for (Row row : lists.collectAsList()) {
      scores.put(
          Long.parseLong(row.get(0).toString()),
          row.<Row>getList(1).stream().map(entry -> entry.getFloat(1)).toList());
    }
    return scores;
  }

  @Test
  void predictionsAndPositionsAreThoseOfTheLists() {
    HybridMade made = new HybridMade(IdType.INT, 20, 30, 4, true);
    Set<List<Integer>> seen = made.latent.randomPairs(100, 3);
    Set<List<Integer>> asked = made.latent.randomPairs(80, 9);
    asked.removeAll(seen);
    Dataset<Row> data =
        made.latent
            .pairs(asked)
            .unionByName(
                TestSpark.session().sql("select cast(5 as int) as u, cast(-7 as int) as i"));
    List<Row> out =
        made.model(2)
            .withSeen(made.latent.pairs(seen))
            .setPositionCol("position")
            .transform(data)
            .collectAsList();
    assertThat(out).hasSize(asked.size() + 1);
    int known = 0;
    for (Row row : out) {
      int user = (row.getInt(0) - 1000) / 3;
      int item = (row.getInt(1) + 7) / 3;
      if (row.getInt(0) == 5) {
        assertThat(row.getFloat(2)).isNaN();
      } else {
        known++;
        assertThat(row.getFloat(2)).isEqualTo(made.score(user, item));
        assertThat(row.getInt(3)).isEqualTo(1 + made.ranking(user, 30, seen).indexOf(item));
      }
    }
    assertThat(known).isEqualTo(asked.size());
  }

  @ParameterizedTest
  @EnumSource(IdType.class)
  void foldedInUsersLinkToTheirItems(IdType ids) {
    for (boolean withLatent : new boolean[] {true, false}) {
      HybridMade made = new HybridMade(ids, 10, 25, 6, withLatent);
      Set<List<Integer>> known = made.latent.randomPairs(40, 2);
      // A user whose items have no weights: those of 5, 16 are empty in every table.
      known.removeIf(pair -> pair.get(0) == 9);
      known.add(List.of(9, 5));
      known.add(List.of(9, 16));
      Dataset<Row> pairs = made.latent.pairs(known);
      DynamicSparseALSModel folded = made.model(2).foldIn(pairs.union(pairs).repartition(3));
      Map<Object, Row> rows = new HashMap<>();
      folded.userRows().collectAsList().forEach(row -> rows.put(row.get(0), row));
      Set<Integer> users = new TreeSet<>(known.stream().map(pair -> pair.get(0)).toList());
      assertThat(rows).hasSize(users.size());
      for (int user : users) {
        List<Integer> codes =
            known.stream()
                .filter(pair -> pair.get(0) == user)
                .map(pair -> HybridMade.code(pair.get(1)))
                .sorted()
                .toList();
        assertThat(rows.get(made.latent.userId(user)).getList(4))
            .as("user %d", user)
            .isEqualTo(codes);
      }
      if (!withLatent) {
        checkFolded(made, known, users, lists(folded.recommendForAllUsers(25, pairs)));
      }
    }
  }

  /** Without weights, a folded-in user's scores are those of the links alone. */
  private static void checkFolded(
      HybridMade made, Set<List<Integer>> known, Set<Integer> users, Map<Object, List<Row>> lists) {
    for (int user : users) {
      SortedMap<Integer, Float> own = new TreeMap<>();
      known.stream()
          .filter(pair -> pair.get(0) == user)
          .forEach(pair -> own.put(HybridMade.code(pair.get(1)), 1f));
      checkOwn(
          made,
          lists.get(made.latent.userId(user)),
          own,
          item -> !known.contains(List.of(user, item)));
    }
  }

  /** Checks a complete list by the links {@code own} alone. */
  private static void checkOwn(
      HybridMade made, List<Row> list, SortedMap<Integer, Float> own, IntPredicate candidates) {
    List<Integer> expected =
        made.latent.itemOrder().stream()
            .filter(candidates::test)
            .sorted(Comparator.comparing((Integer item) -> -made.linked(own, item)))
            .toList();
    check(
        list,
        expected.stream().map(made.latent::itemId).toList(),
        expected,
        item -> made.linked(own, item));
  }

  @Test
  void similarItemsAreThoseThatTheItemSpeaksFor() {
    HybridMade made = new HybridMade(IdType.STRING, 3, 25, 6, false);
    for (long limit : new long[] {1 << 20, 0}) {
      Map<Object, List<Row>> lists = lists(made.model(2).setBroadcastLimit(limit).similarItems(24));
      for (int i = 0; i < 25; i++) {
        int item = i;
        SortedMap<Integer, Float> own = new TreeMap<>(Map.of(HybridMade.code(i), 1f));
        checkOwn(made, lists.get(made.latent.itemId(i)), own, other -> other != item);
      }
    }
  }

  @Test
  void similarItemsOfBothPartsAreOrderedByCosine() {
    HybridMade made = new HybridMade(IdType.INT, 3, 25, 6, true);
    assertThat(lists(made.model(2).similarItems(9)))
        .isEqualTo(lists(made.latent.model(1).similarItems(9)));
  }

  @Test
  void sizesCountLinks() {
    HybridMade made = new HybridMade(IdType.INT, 10, 30, 6, true);
    RowTable items = made.model(2).itemTable();
    RowTable users = made.model(2).userTable();
    RowTable.Size latent = made.latent.model(1).itemTable().size();
    // i % 5 draws each for 30 items, a few of them twice.
    long links = 0;
    for (Row row : items.rows().select("links").collectAsList()) {
      links += row.isNullAt(0) ? 0 : row.getList(0).size();
    }
    assertThat(links).isBetween(40L, 60L);
    assertThat(items.size())
        .isEqualTo(
            new RowTable.Size(latent.rows(), latent.stored(), latent.idBytes(), links, links));
    assertThat(items.size().bytes()).isEqualTo(latent.bytes() + 4 * 30 + 8 * links);
    assertThat(users.size().links()).isPositive();
    assertThat(users.size().linkWeights()).isZero();
    assertThat(latent.links()).isZero();
    assertThat(made.latent.model(1).itemRows().columns())
        .containsExactly("id", "dims", "weights", "degree");
  }

  @Test
  void malformedLinksAreRefused() {
    HybridMade made = new HybridMade(IdType.INT, 3, 6, 6, true);
    Dataset<Row> rows = made.model(1).itemRows();
    assertThatThrownBy(() -> new RowTable("items", rows.drop("links")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has a column 'linkWeights' but none 'links'");
    assertThatThrownBy(
            () ->
                new RowTable("items", rows.withColumn("code", functions.col("code").cast("long"))))
        .hasMessageContaining("column 'code' is of type bigint; it must be int");
    Map<String, String> bad = new HashMap<>();
    bad.put("array(3, 3)", "row -7 has a link of key 3 after 3");
    bad.put("array(-1)", "row -7 has a link of key -1");
    bad.put("array(1, 2, 4)", "row -7 has 3 links and 1 linkWeights");
    List<String> checked = new ArrayList<>();
    bad.forEach(
        (links, message) -> {
          Dataset<Row> one =
              rows.where("id = -7")
                  .withColumn("links", functions.expr(links))
                  .withColumn(
                      "linkWeights",
                      functions.expr(links.startsWith("array(3") ? "array(1f, 1f)" : "array(1f)"));
          DynamicSparseALSModel model =
              new DynamicSparseALSModel("m", made.model(1).info(), one, one)
                  .setUserCol("u")
                  .setItemCol("i")
                  .setBroadcastLimit(0);
          assertThatThrownBy(() -> model.recommendForAllUsers(1).count())
              .isInstanceOf(SparkException.class)
              .hasStackTraceContaining(message);
          checked.add(links);
        });
    assertThat(checked).hasSize(3);
  }
}
