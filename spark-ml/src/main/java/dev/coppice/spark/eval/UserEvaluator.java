package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.PopularityRanking;
import dev.coppice.core.eval.RankingMetrics;
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

  /**
   * @param degrees training interactions of each item by code; null without a baseline
   * @param depth length of the lists that coverage and popularity are taken of
   */
  UserEvaluator(List<MetricKey> keys, int items, int depth, int[] degrees) {
    metrics = new RankingMetrics(keys);
    this.depth = depth;
    values = new double[keys.size()];
    popularity = degrees == null ? null : new PopularityRanking(degrees);
    sums = new PartialEvaluation(keys.size(), items);
    popular = new int[depth];
  }

  PartialEvaluation evaluate(Iterator<EvalPart> parts) {
    EvalPart ahead = parts.hasNext() ? parts.next() : null;
    while (ahead != null) {
      String name = ahead.getName();
      long number = ahead.getNumber();
      int[] list = null;
      int[] seen = new int[0];
      int[] test = new int[0];
      do {
        switch (ahead.getKind()) {
          case EvalPart.LIST -> list = ahead.getCodes();
          case EvalPart.SEEN -> seen = concat(seen, ahead.getCodes());
          default -> test = concat(test, ahead.getCodes());
        }
        ahead = parts.hasNext() ? parts.next() : null;
      } while (ahead != null && ahead.getNumber() == number && ahead.getName().equals(name));
      if (test.length > 0) {
        user(list, seen, test);
      }
    }
    return sums;
  }

  private void user(int[] list, int[] seen, int[] test) {
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
    sums.exposure.add(ranking, Math.min(depth, ranking.length));
    if (popularity != null) {
      Arrays.sort(seen);
      int count = popularity.recommend(seen, 0, seen.length, popular);
      metrics.evaluate(popular, count, test, values);
      sums.popularityMetrics.add(values);
      sums.popularityExposure.add(popular, count);
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
