package dev.coppice.spark;

import java.util.function.DoubleUnaryOperator;

/** Finds a positive number of good quality by doubling and halving, in few trials. */
final class ScaleSearch {
  private static final int MOST_STEPS = 5;

  private ScaleSearch() {}

  /**
   * Goes from a number up while that makes the quality better, or else down.
   *
   * @param first where to begin
   * @param quality of a number, higher is better; asked at most once for each
   * @return the best number that was tried, of equally good ones the first
   */
  static double best(double first, DoubleUnaryOperator quality) {
    double quality0 = quality.applyAsDouble(first);
    double best = first;
    double bestQuality = quality0;
    for (double factor : new double[] {2, 0.5}) {
      double at = first * factor;
      for (int step = 0; step < MOST_STEPS; step++, at *= factor) {
        double found = quality.applyAsDouble(at);
        if (!(found > bestQuality)) {
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
