package dev.coppice.core.eval;

import java.util.Arrays;

/**
 * Where a figure may lie if other users of the same kind had been measured: the interval that holds
 * the middle 95 % of its values in resamples (percentile bootstrap; Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, section 13.3).
 *
 * @param low 2.5 % of the resamples are below
 * @param high 2.5 % of the resamples are above
 */
public record Spread(double low, double high) {
  /** Nothing was resampled. */
  public static final Spread NONE = new Spread(Double.NaN, Double.NaN);

  private static final double TAIL = 0.025;

  /** Of a figure's values in resamples; {@link #NONE} without any. */
  public static Spread of(double[] resampled) {
    if (resampled.length == 0) {
      return NONE;
    }
    double[] sorted = resampled.clone();
    Arrays.sort(sorted);
    return new Spread(quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /**
   * Of the difference between two figures that were measured on the same resamples.
   *
   * @throws IllegalArgumentException if there are not as many of both
   */
  public static Spread ofDifference(double[] resampled, double[] before) {
    if (resampled.length != before.length) {
      throw new IllegalArgumentException(
          resampled.length + " and " + before.length + " resamples; they must be the same");
    }
    double[] difference = new double[before.length];
    for (int r = 0; r < difference.length; r++) {
      difference[r] = resampled[r] - before[r];
    }
    return of(difference);
  }

  /** Between the two nearest values, by distance. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
