package dev.coppice.report;

import java.util.Locale;
import java.util.Set;

/**
 * Which metrics say how well items are ranked, so that more is better and a ratio means something.
 */
final class AccuracyMetrics {
  private static final Set<String> ACCURACY =
      Set.of("recall", "ndcg", "precision", "hitrate", "hr", "map", "mrr", "auc");

  private AccuracyMetrics() {}

  /** True for {@code recall@20} or {@code hitRate@10}, false for {@code meanPopularity@20}. */
  static boolean contain(String name) {
    int at = name.indexOf('@');
    return ACCURACY.contains((at < 0 ? name : name.substring(0, at)).toLowerCase(Locale.ROOT));
  }
}
