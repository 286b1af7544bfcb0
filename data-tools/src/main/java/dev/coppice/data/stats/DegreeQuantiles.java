package dev.coppice.data.stats;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many interactions the users, or the items, have: those with at least one.
 *
 * @param count how many there are
 * @param mean interactions each
 * @param min the least
 * @param p25 the least degree that at least a quarter do not exceed; the others alike
 * @param median half
 * @param p75 three quarters
 * @param p90 nine tenths
 * @param p99 ninety-nine hundredths
 * @param max the most
 */
public record DegreeQuantiles(
    long count,
    double mean,
    long min,
    long p25,
    long median,
    long p75,
    long p90,
    long p99,
    long max) {

  /** Exact quantiles from the number of rows of each degree. */
  static DegreeQuantiles of(Map<Long, Long> rowsByDegree) {
    TreeMap<Long, Long> sorted = new TreeMap<>(rowsByDegree);
    long count = sorted.values().stream().mapToLong(Long::longValue).sum();
    if (count == 0) {
      return new DegreeQuantiles(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    double sum =
        sorted.entrySet().stream().mapToDouble(e -> (double) e.getKey() * e.getValue()).sum();
    return new DegreeQuantiles(
        count,
        sum / count,
        sorted.firstKey(),
        quantile(sorted, count, 25),
        quantile(sorted, count, 50),
        quantile(sorted, count, 75),
        quantile(sorted, count, 90),
        quantile(sorted, count, 99),
        sorted.lastKey());
  }

  private static long quantile(TreeMap<Long, Long> sorted, long count, int percent) {
    long rank = Math.max(1, (count * percent + 99) / 100);
    long seen = 0;
    for (Map.Entry<Long, Long> entry : sorted.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) {
        return entry.getKey();
      }
    }
    return sorted.lastKey();
  }

  /** In one line. */
  String inWords() {
    return String.format(
        Locale.ROOT,
        "mean %.2f, min %d, 25%% %d, median %d, 75%% %d, 90%% %d, 99%% %d, max %d",
        mean,
        min,
        p25,
        median,
        p75,
        p90,
        p99,
        max);
  }
}
