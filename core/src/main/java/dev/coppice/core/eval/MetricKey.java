package dev.coppice.core.eval;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A metric and its cut-off, written {@code ndcg@20}.
 *
 * @param metric the metric
 * @param k length of the list that is looked at, 1 or more
 */
public record MetricKey(Metric metric, int k) implements Comparable<MetricKey>, Serializable {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if k is below 1
   */
  public MetricKey {
    Objects.requireNonNull(metric, "metric");
    if (k < 1) {
      throw new IllegalArgumentException(
          "cut-off of " + metric.key() + " is " + k + "; allowed: 1 or more");
    }
  }

  /**
   * Reads {@code ndcg@20}; case and surrounding blanks are ignored.
   *
   * @throws IllegalArgumentException saying what is wrong and what is known
   */
  public static MetricKey parse(String text) {
    String key = text.trim().toLowerCase(Locale.ROOT);
    int at = key.indexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException(
          "metric '" + text + "' has no cut-off; write it like ndcg@20");
    }
    Metric metric = Metric.parse(key.substring(0, at));
    try {
      return new MetricKey(metric, Integer.parseInt(key.substring(at + 1).trim()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "metric '" + text + "' has no whole number after @; write it like ndcg@20", e);
    }
  }

  /** Every metric at every cut-off, by metric, then in the order given. */
  public static List<MetricKey> all(int... cutoffs) {
    List<MetricKey> keys = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      for (int k : cutoffs) {
        keys.add(new MetricKey(metric, k));
      }
    }
    return List.copyOf(keys);
  }

  /** Lower case, such as {@code hitrate@10}. */
  public String format() {
    return metric.key() + "@" + k;
  }

  /** Returns values by the names of their metrics, in the same order. */
  public static Map<String, Double> byName(Map<MetricKey, Double> values) {
    Map<String, Double> named = new LinkedHashMap<>();
    values.forEach((key, value) -> named.put(key.format(), value));
    return named;
  }

  /** Metrics as a line of progress tells them: {@code ndcg@20 0.1508, recall@20 0.3072}. */
  public static String inWords(Map<String, Double> named) {
    return named.entrySet().stream()
        .map(one -> String.format(Locale.ROOT, "%s %.4f", one.getKey(), one.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public int compareTo(MetricKey other) {
    int byMetric = metric.compareTo(other.metric);
    return byMetric != 0 ? byMetric : Integer.compare(k, other.k);
  }

  @Override
  public String toString() {
    return format();
  }
}
