package dev.coppice.core.items;

import dev.coppice.core.mask.ScoreKey;
import java.util.Arrays;

/**
 * Bounds the length of a history: a user of n items adds n² terms to co-occurrences, so a few
 * machine-made users could cost more than all others together.
 */
public final class HistoryCut {
  private HistoryCut() {}

  /**
   * Returns a history of at most {@code most} items. Which of a longer one are kept is a draw that
   * the items and their number decide alone.
   *
   * @param history distinct items, ascending; returned itself if it is short enough
   */
  public static int[] cut(int[] history, int most) {
    if (history.length <= most) {
      return history;
    }
    long[] keys = new long[history.length];
    for (int q = 0; q < history.length; q++) {
      keys[q] = key(history, q);
    }
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    long bound = sorted[most];
    int[] kept = new int[most];
    int to = 0;
    for (int q = 0; q < history.length; q++) {
      // Keys are unique.
      if (keys[q] < bound) {
        kept[to++] = history[q];
      }
    }
    return kept;
  }

  private static long key(int[] history, int at) {
    return ScoreKey.pairTie(history.length, history[at]);
  }
}
