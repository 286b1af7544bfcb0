package dev.coppice.core.items;

import java.io.Serializable;

/**
 * How much a user counts in the co-occurrences of items: {@code n^-exponent} for a history of n
 * items, in fixed point, so that sums of it are exact and do not depend on their order.
 *
 * @param exponent 0 to 2; 0 counts every user alike
 */
public record HistoryWeight(double exponent) implements Serializable {
  /** The weight 1; 2^33 users of this weight still fit into a sum. */
  public static final long ONE = 1L << 30;

  /**
   * Checks the exponent.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public HistoryWeight {
    if (!(exponent >= 0 && exponent <= 2)) {
      throw new IllegalArgumentException("exponent is " + exponent + "; it must be from 0 to 2");
    }
  }

  /**
   * Returns the weight of a user, in units of 1 / {@link #ONE}, at least one unit.
   *
   * @param items items of the user, at least 1
   */
  public long of(int items) {
    return Math.max(1, Math.round(ONE * StrictMath.pow(items, -exponent)));
  }

  /** Returns a sum of weights as a number. */
  public static double value(long sum) {
    return (double) sum / ONE;
  }
}
