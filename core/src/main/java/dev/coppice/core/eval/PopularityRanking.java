package dev.coppice.core.eval;

import java.util.Arrays;

/**
 * The baseline that any recommender has to beat: every user gets the items with most interactions,
 * equal ones by ascending index, less the items they have seen. Immutable.
 */
public final class PopularityRanking {

  private final int[] order;

  /**
   * Ranks the catalogue.
   *
   * @param degrees interactions of each item in the training data, 0 or more
   * @throws IllegalArgumentException if a degree is negative
   */
  public PopularityRanking(int[] degrees) {
    long[] keys = new long[degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      if (degrees[i] < 0) {
        throw new IllegalArgumentException(
            "degree of item " + i + " is " + degrees[i] + "; allowed: 0 or more");
      }
      keys[i] = (long) (Integer.MAX_VALUE - degrees[i]) << 32 | i;
    }
    Arrays.sort(keys);
    order = new int[degrees.length];
    Arrays.setAll(order, p -> (int) keys[p]);
  }

  /**
   * The list of one user.
   *
   * @param seen ascending item indices in {@code seen[from .. to)}, left out
   * @param out filled from the front with at most {@code out.length} items
   * @return the number of items written
   */
  public int recommend(int[] seen, int from, int to, int[] out) {
    int count = 0;
    for (int p = 0; p < order.length && count < out.length; p++) {
      if (Arrays.binarySearch(seen, from, to, order[p]) < 0) {
        out[count++] = order[p];
      }
    }
    return count;
  }
}
