package dev.coppice.spark.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.eval.Metric;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.HandMade;
import dev.coppice.spark.SparseRankingEvaluator;
import dev.coppice.spark.table.IdType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class RankingEvaluationTest {
  private static final int USERS = 31;
  private static final int ITEMS = 43;
  private static final List<MetricKey> KEYS = MetricKey.all(3, 10);

  private final HandMade made = new HandMade(IdType.STRING, USERS, ITEMS, 11);
  private final Set<List<Integer>> seen = made.randomPairs(250, 1);
  private final Set<List<Integer>> test = test();

  private Set<List<Integer>> test() {
    Set<List<Integer>> pairs = new HashSet<>(made.randomPairs(120, 77));
    pairs.removeAll(seen);
    return pairs;
  }

  /** The means by plain loops; the last two users have a test item each that nobody knows. */
  private double[] naive(Set<List<Integer>> pairs, int unknownUsers, int unknownItems) {
    RankingMetrics metrics = new RankingMetrics(KEYS);
    double[] sums = new double[KEYS.size()];
    double[] values = new double[KEYS.size()];
    int count = unknownUsers;
    for (int u = 0; u < USERS; u++) {
      int user = u;
      int[] items =
          IntStream.range(0, ITEMS + 1)
              .filter(
                  i -> i == ITEMS ? user >= USERS - unknownItems : pairs.contains(List.of(user, i)))
              .toArray();
      if (items.length > 0) {
        int[] ranking = made.ranking(u, 10, seen).stream().mapToInt(i -> i).toArray();
        metrics.evaluate(ranking, ranking.length, items, values);
        for (int m = 0; m < sums.length; m++) {
          sums[m] += values[m];
        }
        count++;
      }
    }
    for (int m = 0; m < sums.length; m++) {
      sums[m] /= count;
    }
    return sums;
  }

  private static void same(Map<MetricKey, Double> found, double[] expected) {
    for (int m = 0; m < KEYS.size(); m++) {
      assertThat(found.get(KEYS.get(m)))
          .as(KEYS.get(m).format())
          .isCloseTo(expected[m], within(1e-12));
    }
  }

  @Test
  void agreesWithPlainLoops() {
    HandMade larger = new HandMade(IdType.STRING, USERS + 1, ITEMS + 1, 11);
    Dataset<Row> strangers =
        larger.pairs(
            Set.of(List.of(USERS, 3), List.of(USERS - 1, ITEMS), List.of(USERS - 2, ITEMS)));
    Dataset<Row> pairs = made.pairs(test);
    EvaluationResult result =
        RankingEvaluation.evaluate(
            made.model(3).scoringTables(),
            made.pairs(seen),
            pairs.union(strangers).union(pairs).repartition(3),
            KEYS,
            true);
    same(result.model().metrics(), naive(test, 1, 2));
    assertThat(result.unknownUsers()).isEqualTo(1);
    assertThat(result.unknownPairs()).isEqualTo(2);
    assertThat(result.testPairs()).isEqualTo(test.size() + 3);
    assertThat(result.popularity().metrics().get(new MetricKey(Metric.RECALL, 10)))
        .isBetween(0.01, 1.0);
  }

  @Test
  void sameBitsForPartitionsAndPaths() {
    EvaluationResult one =
        RankingEvaluation.evaluate(
            made.model(1).setNumPartitions(1).scoringTables(),
            made.pairs(seen),
            made.pairs(test),
            KEYS,
            true);
    for (int partitions : new int[] {2, 7}) {
      for (long limit : new long[] {0, 1 << 20}) {
        DynamicSparseALSModel model =
            made.model(partitions)
                .setNumPartitions(partitions)
                .setBroadcastLimit(limit)
                .setBlockSize(2);
        EvaluationResult other =
            RankingEvaluation.evaluate(
                model.scoringTables(),
                made.pairs(seen).repartition(partitions),
                made.pairs(test).repartition(partitions),
                KEYS,
                true);
        assertThat(other).isEqualTo(one);
      }
    }
  }

  @Test
  void theBreakdownAddsUpToTheMeans() {
    List<EvaluationBreakdown> found = new ArrayList<>();
    Dataset<Row> groups =
        made.pairs(test)
            .select("u")
            .distinct()
            .withColumn("group", functions.expr("if(hash(u) % 3 = 0, 'a', 'b')"));
    EvaluationResult result = null;
    for (int partitions : new int[] {1, 7}) {
      result =
          RankingEvaluation.evaluate(
                  made.model(partitions).setNumPartitions(partitions).scoringTables(),
                  made.pairs(seen),
                  List.of(made.pairs(test)),
                  KEYS,
                  true,
                  new EvaluationBreakdown.Request(7, 50, groups))
              .get(0);
      found.add(result.breakdown());
    }
    EvaluationBreakdown breakdown = found.get(0);
    MetricKey key = KEYS.get(0);
    assertThat(found.get(1).model().get(key)).isEqualTo(breakdown.model().get(key));
    assertThat(found.get(1).popularity().get(key)).isEqualTo(breakdown.popularity().get(key));
    assertThat(found.get(1).activity()).isEqualTo(breakdown.activity());
    assertThat(found.get(1).groups()).isEqualTo(breakdown.groups());
    assertThat(found.get(1).items()).isEqualTo(breakdown.items());
    for (List<EvaluationBreakdown.UserSlice> slices :
        List.of(breakdown.activity(), breakdown.groups())) {
      assertThat(slices).hasSizeGreaterThan(1);
      assertThat(slices.stream().mapToLong(EvaluationBreakdown.UserSlice::users).sum())
          .isEqualTo(result.users());
      assertThat(
              slices.stream().mapToDouble(s -> s.users() * s.model().get(key)).sum()
                  / result.users())
          .isCloseTo(result.model().metrics().get(key), within(1e-12));
      assertThat(
              slices.stream().mapToDouble(s -> s.users() * s.popularity().get(key)).sum()
                  / result.users())
          .isCloseTo(result.popularity().metrics().get(key), within(1e-12));
    }
    assertThat(breakdown.spread(key).low()).isLessThan(result.model().metrics().get(key));
    assertThat(breakdown.spread(key).high()).isGreaterThan(result.model().metrics().get(key));
    assertThat(breakdown.items().stream().mapToLong(EvaluationBreakdown.ItemSlice::items).sum())
        .isEqualTo(ITEMS);
    assertThat(breakdown.items().stream().mapToLong(EvaluationBreakdown.ItemSlice::wanted).sum())
        .isEqualTo(test.size());
    long hits =
        IntStream.range(0, USERS)
            .mapToLong(
                u ->
                    made.ranking(u, 10, seen).stream()
                        .filter(i -> test.contains(List.of(u, i)))
                        .count())
            .sum();
    assertThat(breakdown.items().stream().mapToLong(EvaluationBreakdown.ItemSlice::found).sum())
        .isEqualTo(hits);
  }

  @Test
  void popularityBaselineIsPopularity() {
    // All items have degree 0 but one, which is in every test set.
    Set<List<Integer>> train = Set.of(List.of(0, 40), List.of(1, 40));
    Set<List<Integer>> held = new HashSet<>();
    for (int u = 2; u < USERS; u++) {
      held.add(List.of(u, 40));
    }
    EvaluationResult result =
        RankingEvaluation.evaluate(
            made.model(2).scoringTables(), made.pairs(train), made.pairs(held), KEYS, true);
    assertThat(result.popularity().metrics().get(new MetricKey(Metric.NDCG, 3))).isEqualTo(1);
    assertThat(result.popularity().meanPopularity()).isCloseTo(2.0 / 10, within(1e-12));
    assertThat(
            RankingEvaluation.evaluate(
                    made.model(2).scoringTables(), made.pairs(train), made.pairs(held), KEYS, false)
                .popularity())
        .isNull();
  }

  @Test
  void evaluatorSeesTheFullRanking() {
    DynamicSparseALSModel model =
        made.model(2).setPositionCol("position").setPositionDepth(10).withSeen(made.pairs(seen));
    Dataset<Row> out = model.transform(made.pairs(test));
    assertThat(out.columns()).containsExactly("u", "i", "prediction", "position");
    double[] expected = naive(test, 0, 0);
    for (int m = 0; m < KEYS.size(); m++) {
      double value =
          new SparseRankingEvaluator()
              .setUserCol("u")
              .setItemCol("i")
              .setMetric(KEYS.get(m).format())
              .evaluate(out);
      assertThat(value).as(KEYS.get(m).format()).isCloseTo(expected[m], within(1e-12));
    }
    SparseRankingEvaluator deep =
        new SparseRankingEvaluator().setUserCol("u").setItemCol("i").setMetric("ndcg@11");
    assertThatThrownBy(() -> deep.evaluate(out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positionDepth");
    assertThatThrownBy(() -> deep.evaluate(made.pairs(test)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positionCol is 'position'");
    assertThat(deep.setMetric("ndcg@10").evaluate(out.limit(0))).isZero();
  }

  @Test
  void ranksAmongCandidates() {
    Set<List<Integer>> candidates = made.randomPairs(400, 5);
    Column relevant = functions.pmod(functions.xxhash64(functions.col("i")), functions.lit(5));
    Dataset<Row> data =
        made.pairs(candidates).withColumn("hit", relevant.equalTo(functions.lit(0)));
    Set<List<Object>> hits = new HashSet<>();
    data.where("hit").collectAsList().forEach(row -> hits.add(List.of(row.get(0), row.get(1))));
    RankingMetrics metrics = new RankingMetrics(KEYS);
    double[] sums = new double[KEYS.size()];
    double[] values = new double[KEYS.size()];
    int count = 0;
    for (int u = 0; u < USERS; u++) {
      int user = u;
      int[] test = // ascending indices of the user's relevant candidates
          IntStream.range(0, ITEMS)
              .filter(i -> hits.contains(List.of(made.userId(user), made.itemId(i))))
              .toArray();
      if (test.length > 0) {
        int[] ranking =
            made.ranking(u, ITEMS, Set.of()).stream()
                .filter(i -> candidates.contains(List.of(user, i)))
                .mapToInt(i -> i)
                .toArray();
        metrics.evaluate(ranking, ranking.length, test, values);
        for (int m = 0; m < sums.length; m++) {
          sums[m] += values[m];
        }
        count++;
      }
    }
    for (int m = 0; m < sums.length; m++) {
      sums[m] /= count;
    }
    same(CandidateEvaluation.evaluate(made.model(2).scoringTables(), data, "hit", KEYS), sums);
  }

  @Test
  void candidatesOfUnknownIdsAreMissed() {
    HandMade larger = new HandMade(IdType.STRING, USERS + 1, ITEMS + 1, 11);
    Dataset<Row> test = larger.pairs(Set.of(List.of(USERS, 0), List.of(1, ITEMS)));
    Dataset<Row> negatives = larger.pairs(Set.of(List.of(USERS, 1), List.of(1, 2)));
    Dataset<Row> pool = CandidateEvaluation.pool(test, negatives, "u", "i", "hit");
    same(
        CandidateEvaluation.evaluate(made.model(2).scoringTables(), pool, "hit", KEYS),
        new double[KEYS.size()]);
  }

  @Test
  void poolsTestPairsWithTheirNegatives() {
    Dataset<Row> test = made.pairs(Set.of(List.of(0, 5), List.of(1, 5)));
    Dataset<Row> negatives =
        made.pairs(Set.of(List.of(0, 5), List.of(0, 6), List.of(0, 7), List.of(2, 8)));
    Dataset<Row> pool = CandidateEvaluation.pool(test, negatives, "u", "i", "hit").cache();
    Object user = made.userId(0);
    assertThat(pool.where("hit").collectAsList())
        .containsExactly(RowFactory.create(user, made.itemId(5), true));
    assertThat(pool.where("not hit").select("i").collectAsList().stream().map(row -> row.get(0)))
        .containsExactlyInAnyOrder(made.itemId(6), made.itemId(7), made.itemId(8));
    // Item 7 has most users, then item 5, although the ids are ordered otherwise.
    Dataset<Row> seen =
        made.pairs(Set.of(List.of(3, 7), List.of(4, 7), List.of(3, 5), List.of(9, 1)));
    Map<MetricKey, Double> popularity =
        CandidateEvaluation.popularity(
            seen, pool, "u", "i", "hit", List.of(MetricKey.parse("mrr@3")));
    assertThat(popularity).containsExactly(entry(MetricKey.parse("mrr@3"), 0.5));
    pool.unpersist();
  }
}
