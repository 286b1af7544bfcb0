package dev.coppice.core.federate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which blocks are kept within a capacity (pFedGate, section 4.3): at most {@code capacity} weights
 * of the largest total value.
 */
final class Knapsack {
  private Knapsack() {}

  /**
   * Takes blocks in the order of their value per weight as long as they fit; a block that does not
   * is passed over, smaller ones after it may still fit. Blocks without weights or value are left.
   * Then the single block of the largest value is taken instead if it alone is worth more, by which
   * the result is never worth less than half of the best one (Dantzig's bound). Equal ones go by
   * block number.
   *
   * @param values {@code double[blocks]}, finite, at least 0
   * @param weights {@code int[blocks]}, at least 0
   * @param capacity at least 0
   * @return {@code boolean[blocks]}
   */
  static boolean[] greedy(double[] values, int[] weights, long capacity) {
    Integer[] order =
        IntStream.range(0, values.length)
            .filter(block -> weights[block] > 0 && values[block] > 0 && weights[block] <= capacity)
            .boxed()
            .toArray(Integer[]::new);
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer block) -> -values[block] / weights[block])
            .thenComparingInt(Integer::intValue));
    boolean[] kept = new boolean[values.length];
    long taken = 0;
    double worth = 0;
    int best = -1;
    for (int block : order) {
      if (best < 0 || values[block] > values[best]) {
        best = block;
      }
      if (taken + weights[block] <= capacity) {
        kept[block] = true;
        taken += weights[block];
        worth += values[block];
      }
    }
    if (best >= 0 && values[best] > worth) {
      Arrays.fill(kept, false);
      kept[best] = true;
    }
    return kept;
  }
}
