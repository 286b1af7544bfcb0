package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import java.util.Arrays;
import java.util.List;

/** Metrics by name, as tasks carry them. */
final class MetricKeys {
  private MetricKeys() {}

  static String[] of(List<MetricKey> keys) {
    return keys.stream().map(MetricKey::format).toArray(String[]::new);
  }

  static List<MetricKey> parse(String[] names) {
    return Arrays.stream(names).map(MetricKey::parse).toList();
  }
}
