package dev.coppice.spark.als;

import dev.coppice.core.als.InteractionBlock;

/**
 * Puts the interactions of a block into their one order: by row, then by code, then (for a pair
 * that occurs twice) by rating and confidence. So the block is the same however the interactions
 * arrived.
 */
final class RowSorter {
  private RowSorter() {}

  /**
   * Makes the block.
   *
   * @param ids {@code long[rows]}
   * @param locals {@code int[n]}: row of each interaction
   * @param codes {@code int[n]}: far row of each interaction
   * @param confidences {@code float[n]}, or null where all are 1
   * @param ratings {@code float[n]}, or null where the target is 1
   */
  static InteractionBlock sort(
      long[] ids, int[] locals, int[] codes, float[] confidences, float[] ratings) {
    int n = locals.length;
    int[] offsets = new int[ids.length + 1];
    for (int local : locals) {
      offsets[local + 1]++;
    }
    for (int row = 0; row < ids.length; row++) {
      offsets[row + 1] += offsets[row];
    }
    int[] next = offsets.clone();
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[next[locals[i]]++] = (long) codes[i] << 32 | i;
    }
    int[] sortedCodes = new int[n];
    float[] sortedConfidences = confidences == null ? null : new float[n];
    float[] sortedRatings = ratings == null ? null : new float[n];
    for (int row = 0; row < ids.length; row++) {
      java.util.Arrays.sort(keys, offsets[row], offsets[row + 1]);
      orderTies(keys, offsets[row], offsets[row + 1], confidences, ratings);
    }
    for (int p = 0; p < n; p++) {
      int from = (int) keys[p];
      sortedCodes[p] = (int) (keys[p] >>> 32);
      if (confidences != null) {
        sortedConfidences[p] = confidences[from];
      }
      if (ratings != null) {
        sortedRatings[p] = ratings[from];
      }
    }
    return new InteractionBlock(0, ids, offsets, sortedCodes, sortedConfidences, sortedRatings);
  }

  /** Insertion sort, as a pair seldom occurs twice. */
  private static void orderTies(
      long[] keys, int begin, int end, float[] confidences, float[] ratings) {
    for (int p = begin + 1; p < end; p++) {
      for (int q = p;
          q > begin
              && keys[q] >>> 32 == keys[q - 1] >>> 32
              && compare((int) keys[q], (int) keys[q - 1], confidences, ratings) < 0;
          q--) {
        long key = keys[q];
        keys[q] = keys[q - 1];
        keys[q - 1] = key;
      }
    }
  }

  private static int compare(int a, int b, float[] confidences, float[] ratings) {
    int order = ratings == null ? 0 : Float.compare(ratings[a], ratings[b]);
    return order != 0 || confidences == null
        ? order
        : Float.compare(confidences[a], confidences[b]);
  }
}
