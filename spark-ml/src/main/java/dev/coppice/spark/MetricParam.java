package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.eval.MetricKey;

/** The declaration of a Param that names a ranking metric and its length. */
final class MetricParam {
  private MetricParam() {}

  /** Returns the key {@code metric}, of {@code ndcg@20}. */
  static ConfigKey<String> of(String doc) {
    return ConfigKey.text("metric")
        .withDefault("ndcg@20")
        .where(
            MetricParam::isMetric,
            "recall, ndcg, precision, hitrate, map or mrr, and @ with a length of at least 1")
        .withDoc(doc);
  }

  private static boolean isMetric(String text) {
    try {
      return MetricKey.parse(text).k() >= 1;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
