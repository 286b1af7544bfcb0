package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.PopularityRanking;
import dev.coppice.core.eval.RankingMetrics;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Evaluates the users of one partition, whose parts (list, seen items, test items) follow each
 * other.
 */
final class UserEvaluator {
  private final RankingMetrics metrics;
  private final int depth;
  private final double[] values;
  private final PopularityRanking popularity;
  private final PartialEvaluation sums;
  private final int[] popular;
  private final byte[] classes;
  private final long seed;

  /**
   * @param degrees training interactions of each item by code
   * @param depth length of the lists that coverage and popularity are taken of
   * @param baseline whether popularity is evaluated as well
   * @param breakdown what else is asked for; null for nothing
   */
  UserEvaluator(
      List<MetricKey> keys, int[] degrees, int depth, boolean baseline, Breakdown breakdown) {
    metrics = new RankingMetrics(keys);
    this.depth = depth;
    values = new double[keys.size()];
    popularity = baseline ? new PopularityRanking(degrees) : null;
    sums = new PartialEvaluation(keys.size(), degrees.length);
    popular = new int[depth];
    classes = breakdown == null ? null : PartialBreakdown.classes(degrees);
    seed = breakdown == null ? 0 : breakdown.seed();
    if (breakdown != null) {
      sums.breakdown = new PartialBreakdown(keys.size(), breakdown.resamples(), breakdown.groups());
    }
  }

  /** An {@link EvaluationBreakdown.Request} as tasks take it. */
  record Breakdown(long seed, int resamples, int groups) implements Serializable {}

  PartialEvaluation evaluate(Iterator<EvalPart> parts) {
    EvalPart ahead = parts.hasNext() ? parts.next() : null;
    while (ahead != null) {
      String name = ahead.getName();
      long number = ahead.getNumber();
      int[] list = null;
      int[] seen = new int[0];
      int[] test = new int[0];
      int group = -1;
      do {
        switch (ahead.getKind()) {
          case EvalPart.LIST -> list = ahead.getCodes();
          case EvalPart.SEEN -> seen = concat(seen, ahead.getCodes());
          case EvalPart.GROUP -> group = ahead.getCodes()[0];
          default -> test = concat(test, ahead.getCodes());
        }
        ahead = parts.hasNext() ? parts.next() : null;
      } while (ahead != null && ahead.getNumber() == number && ahead.getName().equals(name));
      if (test.length > 0) {
        user(list, seen, test, key(name, number), group);
      }
    }
    return sums;
  }

  /** Tells users apart; the same in every run and for every model. */
  private static long key(String name, long number) {
    long key = number;
    for (int i = 0; i < name.length(); i++) {
      key = 31 * key + name.charAt(i);
    }
    return key;
  }

  private void user(int[] list, int[] seen, int[] test, long user, int group) {
    Arrays.sort(test);
    int unknown = 0;
    while (unknown < test.length && test[unknown] < 0) {
      // Pairs come once each, so each of these is another unknown item.
      test[unknown] = Integer.MAX_VALUE - unknown;
      unknown++;
    }
    Arrays.sort(test);
    sums.testPairs += test.length;
    sums.unknownPairs += unknown;
    int[] ranking = list == null ? new int[0] : list;
    metrics.evaluate(ranking, ranking.length, test, values);
    sums.metrics.add(values);
    if (list == null) {
      sums.unknownUsers++;
    }
    int shown = Math.min(depth, ranking.length);
    sums.exposure.add(ranking, shown);
    if (sums.breakdown != null) {
      sums.breakdown.add(values, false, seed, user, seen.length, group);
      sums.breakdown.addItems(ranking, shown, test, classes, false);
    }
    if (popularity != null) {
      Arrays.sort(seen);
      int count = popularity.recommend(seen, 0, seen.length, popular);
      metrics.evaluate(popular, count, test, values);
      sums.popularityMetrics.add(values);
      sums.popularityExposure.add(popular, count);
      if (sums.breakdown != null) {
        sums.breakdown.add(values, true, seed, user, seen.length, group);
        sums.breakdown.addItems(popular, count, test, classes, true);
      }
    }
  }

  private static int[] concat(int[] a, int[] b) {
    if (a.length == 0) {
      return b;
    }
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
