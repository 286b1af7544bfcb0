package dev.coppice.core.eval;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Means of user metrics whose bits do not depend on the order of users, partitions or merges.
 *
 * <p>Each value, in [0, 1], is rounded once to a multiple of 2<sup>-62</sup> (exact for values of
 * 2<sup>-10</sup> and more, and for 0) and added as an integer, in two 64-bit parts; integer
 * addition is exact and commutes. Holds up to 2<sup>31</sup> users, copies counted. Plain arrays
 * and an empty constructor, for serialisation; 16 bytes per metric.
 */
public final class MetricsAccumulator implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double SCALE = 0x1.0p62;

  private long users;
  private long[] high;
  private long[] low;

  /** For serialisation, and for a merge to fill. */
  MetricsAccumulator() {
    this(0);
  }

  /** No users yet, of so many metrics. */
  public MetricsAccumulator(int metrics) {
    high = new long[metrics];
    low = new long[metrics];
  }

  /** Users added. */
  public long users() {
    return users;
  }

  /**
   * Adds one user.
   *
   * @param values one value in [0, 1] per metric
   * @throws IllegalArgumentException if a value is NaN or outside [0, 1], or some are missing;
   *     nothing is added then
   */
  public void add(double[] values) {
    add(values, 1);
  }

  /**
   * Adds one user several times.
   *
   * @param values one value in [0, 1] per metric
   * @param copies how often, 0 to 2<sup>20</sup>
   * @throws IllegalArgumentException as the other method does, or if {@code copies} is outside its
   *     range
   */
  public void add(double[] values, int copies) {
    if (copies < 0 || copies > 1 << 20) {
      throw new IllegalArgumentException("copies is " + copies + "; allowed: 0 to " + (1 << 20));
    }
    if (values.length != high.length) {
      throw new IllegalArgumentException(values.length + " metric values; needed: " + high.length);
    }
    for (int m = 0; m < values.length; m++) {
      if (!(values[m] >= 0 && values[m] <= 1)) {
        throw new IllegalArgumentException(
            "metric value " + m + " is " + values[m] + "; allowed: 0 to 1");
      }
    }
    for (int m = 0; m < values.length; m++) {
      long fixed = Math.round(values[m] * SCALE);
      high[m] += copies * (fixed >>> 32);
      low[m] += copies * (fixed & 0xffffffffL);
    }
    users += copies;
  }

  /**
   * Adds the users of another accumulator; returns this one.
   *
   * @throws IllegalArgumentException if the numbers of metrics differ and neither is empty
   */
  public MetricsAccumulator merge(MetricsAccumulator other) {
    if (high.length == 0 && users == 0) {
      high = new long[other.high.length];
      low = new long[other.low.length];
    }
    if (other.high.length == 0 && other.users == 0) {
      return this;
    }
    if (high.length != other.high.length) {
      throw new IllegalArgumentException(
          "cannot merge " + other.high.length + " metrics into " + high.length);
    }
    for (int m = 0; m < high.length; m++) {
      high[m] += other.high[m];
      low[m] += other.low[m];
    }
    users += other.users;
    return this;
  }

  /** The mean of one metric over the users added; 0 if there are none. */
  public double mean(int metric) {
    if (users == 0) {
      return 0;
    }
    double sum = high[metric] * 0x1.0p-30 + low[metric] * 0x1.0p-62;
    return sum / users;
  }

  /**
   * All means by key, in the order of the keys.
   *
   * @throws IllegalArgumentException if the number of keys is not that of the metrics
   */
  public Map<MetricKey, Double> means(List<MetricKey> keys) {
    if (keys.size() != high.length) {
      throw new IllegalArgumentException(keys.size() + " keys for " + high.length + " metrics");
    }
    Map<MetricKey, Double> means = new LinkedHashMap<>();
    for (int m = 0; m < keys.size(); m++) {
      means.put(keys.get(m), mean(m));
    }
    return means;
  }
}
