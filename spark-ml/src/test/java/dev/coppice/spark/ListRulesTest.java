package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.spark.table.IdType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListRulesTest {
  private static final int USERS = 23;
  private static final int ITEMS = 41;
  private static final int K = 6;

  private static void check(
      HybridMade made,
      Dataset<Row> lists,
      Set<List<Integer>> seen,
      BiPredicate<Integer, Integer> allowed,
      int cap) {
    check(made, lists, seen, allowed, ListRulesTest::groups, group -> cap);
  }

  /** Lists are filled from the top, past items of which a group has its most. */
  private static void check(
      HybridMade made,
      Dataset<Row> lists,
      Set<List<Integer>> seen,
      BiPredicate<Integer, Integer> allowed,
      IntFunction<List<Integer>> groups,
      IntUnaryOperator most) {
    Map<Object, List<Row>> found = new HashMap<>();
    lists
        .collectAsList()
        .forEach(row -> assertThat(found.put(row.get(0), row.getList(1))).isNull());
    assertThat(found).hasSize(USERS);
    for (int u = 0; u < USERS; u++) {
      List<Object> wanted = new ArrayList<>();
      Map<Integer, Integer> taken = new HashMap<>();
      for (int item : made.ranking(u, ITEMS, seen)) {
        boolean full =
            groups.apply(item).stream()
                .anyMatch(g -> taken.getOrDefault(g, 0) >= most.applyAsInt(g));
        if (allowed.test(u, item) && wanted.size() < K && !full) {
          wanted.add(made.latent.itemId(item));
          groups.apply(item).forEach(g -> taken.merge(g, 1, Integer::sum));
        }
      }
      assertThat(found.get(made.latent.userId(u)).stream().map(row -> row.get(0)).toList())
          .as("user %d", u)
          .isEqualTo(wanted);
    }
  }

  /** Most items are in group 0, some in two groups, some in none. */
  private static List<Integer> groups(int item) {
    return item % 10 == 9
        ? List.of()
        : item % 4 == 3 ? List.of(item % 5, 7) : List.of(item % 3 / 2);
  }

  private static Dataset<Row> groups(HybridMade made) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      for (int group : groups(i)) {
        rows.add(RowFactory.create(made.latent.itemId(i), "g" + group));
      }
      rows.add(RowFactory.create(made.latent.itemId(i), null));
    }
    StructType schema =
        new StructType()
            .add("i", made.latent.ids.sqlType(), false)
            .add("kind", DataTypes.StringType, true);
    return TestSpark.session().createDataFrame(rows, schema);
  }

  private static Dataset<Row> items(HybridMade made, int modulus) {
    return made.latent
        .pairs(Set.copyOf(IntStream.range(0, ITEMS).mapToObj(i -> List.of(0, i)).toList()))
        .select("i")
        .where(
            functions
                .col("i")
                .isin(
                    IntStream.range(0, ITEMS)
                        .filter(i -> i % modulus == 0)
                        .mapToObj(made.latent::itemId)
                        .toArray()));
  }

  @ParameterizedTest
  @EnumSource(
      value = IdType.class,
      names = {"LONG", "STRING"})
  void listsAreThoseOfPlainLoops(IdType ids) {
    HybridMade made = new HybridMade(ids, USERS, ITEMS, 5, true);
    Set<List<Integer>> seen = made.latent.randomPairs(150, 3);
    Set<List<Integer>> some = made.latent.randomPairs(300, 8);
    ListRules unseen = ListRules.any().withoutSeen(made.latent.pairs(seen));
    // Both ways to reach the items, each with one type of ids: the rules know neither.
    DynamicSparseALSModel model =
        ids == IdType.LONG ? made.model(2).setBroadcastLimit(0).setBlockSize(4) : made.model(3);
    check(
        made,
        model.recommendForAllUsers(K, unseen.allowing(items(made, 2)).denying(items(made, 3))),
        seen,
        (u, i) -> i % 2 == 0 && i % 3 != 0,
        ITEMS);
    check(
        made,
        model.recommendForAllUsers(
            K, unseen.denying(made.latent.pairs(some)).atMost(1, groups(made), "kind")),
        seen,
        (u, i) -> !some.contains(List.of(u, i)),
        1);
    Dataset<Row> pairs = made.latent.pairs(some);
    check(
        made,
        model.recommendForAllUsers(K, unseen.allowing(pairs.union(pairs))),
        seen,
        (u, i) -> some.contains(List.of(u, i)),
        ITEMS);
    check(
        made,
        model.recommendForAllUsers(
            K,
            ListRules.any()
                .allowing(pairs)
                .denying(items(made, 3))
                .atMost(2, groups(made), "kind")),
        Set.of(),
        (u, i) -> some.contains(List.of(u, i)) && i % 3 != 0,
        2);
  }

  /** The first of the dimensions with an item's largest weight, if it has any. */
  private static List<Integer> dimension(HybridMade made, int item) {
    float[] weights = made.latent.items[item];
    int best = -1;
    for (int d = 0; d < weights.length; d++) {
      if (weights[d] != 0 && (best < 0 || Math.abs(weights[d]) > Math.abs(weights[best]))) {
        best = d;
      }
    }
    return best < 0 ? List.of() : List.of(100 + best);
  }

  @Test
  void dimensionsAreCappedAndGroupsBesideThem() {
    HybridMade made = new HybridMade(IdType.STRING, USERS, ITEMS, 5, true);
    DynamicSparseALSModel model = made.model(2);
    check(
        made,
        model.recommendForAllUsers(K, ListRules.any().atMostPerDimension(1)),
        Set.of(),
        (u, i) -> true,
        item -> dimension(made, item),
        group -> 1);
    ListRules both = ListRules.any().atMost(2, groups(made), "kind").atMostPerDimension(1);
    check(
        made,
        model.recommendForAllUsers(K, both),
        Set.of(),
        (u, i) -> true,
        item -> Stream.concat(groups(item).stream(), dimension(made, item).stream()).toList(),
        group -> group < 100 ? 2 : 1);
    DynamicSparseALSModel neighbours =
        new HybridMade(IdType.STRING, USERS, ITEMS, 5, false).model(2);
    assertThatThrownBy(
            () -> neighbours.recommendForAllUsers(K, ListRules.any().atMostPerDimension(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no item of the model has latent weights");
  }

  @Test
  void nothingAllowedGivesEmptyLists() {
    HybridMade made = new HybridMade(IdType.LONG, USERS, ITEMS, 5, true);
    DynamicSparseALSModel model = made.model(2);
    Dataset<Row> none = items(made, 2).limit(0);
    check(
        made,
        model.recommendForAllUsers(K, ListRules.any().allowing(none)),
        Set.of(),
        (u, i) -> false,
        ITEMS);
    Dataset<Row> one = model.userRows().select(functions.col("id").as("u")).limit(1);
    assertThat(
            model
                .recommendForUserSubset(
                    one,
                    K,
                    ListRules.any()
                        .allowing(made.latent.pairs(Set.of()))
                        .atMost(1, groups(made), "kind"))
                .collectAsList())
        .singleElement()
        .satisfies(row -> assertThat(row.getList(1)).isEmpty());
  }

  @Test
  void whatIsMissingIsNamed() {
    HybridMade made = new HybridMade(IdType.LONG, USERS, ITEMS, 5, true);
    DynamicSparseALSModel model = made.model(1);
    Dataset<Row> wrong = items(made, 2).withColumnRenamed("i", "product");
    assertThatThrownBy(() -> model.recommendForAllUsers(K, ListRules.any().allowing(wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the allowed items have no column 'i'")
        .hasMessageContaining("[product]");
    assertThatThrownBy(
            () -> model.recommendForAllUsers(K, ListRules.any().atMost(1, groups(made), "artist")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the groups have no column 'artist'");
    assertThatThrownBy(() -> ListRules.any().atMost(0, groups(made), "kind"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 or more");
  }
}
