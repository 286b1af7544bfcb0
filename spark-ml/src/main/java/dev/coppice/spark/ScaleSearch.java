package dev.coppice.spark;

import java.util.function.DoubleUnaryOperator;

/** Finds a positive number of good quality by doubling and halving, in few trials. */
final class ScaleSearch {
  private static final int MOST_STEPS = 5;

  /**
   * By what share a step must gain: where quality hardly changes, the validation part tells more of
   * its own chance than of the data to come (bench/LAB.md, "Neighbours").
   */
  private static final double LEAST_GAIN = 0.01;

  private ScaleSearch() {}

  /**
   * Goes from a number up while each step makes the quality better by {@value #LEAST_GAIN} of it,
   * or else down.
   *
   * @param first where to begin
   * @param quality of a number, higher is better; asked at most once for each
   * @return the last number that gained as much
   */
  static double best(double first, DoubleUnaryOperator quality) {
    double quality0 = quality.applyAsDouble(first);
    double best = first;
    double bestQuality = quality0;
    for (double factor : new double[] {2, 0.5}) {
      double at = first * factor;
      for (int step = 0; step < MOST_STEPS; step++, at *= factor) {
        double found = quality.applyAsDouble(at);
        if (!(found > bestQuality + LEAST_GAIN * Math.abs(bestQuality))) {
          break;
        }
        best = at;
        bestQuality = found;
      }
      if (bestQuality > quality0) {
        break;
      }
    }
    return best;
  }
}
