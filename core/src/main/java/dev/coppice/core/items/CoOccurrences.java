package dev.coppice.core.items;

/**
 * One column of G = Xᵀ W X at a time: for each item the summed weights of the users who have it
 * beside the item of the column. Sums are exact. Holds the scratch of one thread, 12 bytes an item.
 */
public final class CoOccurrences {
  private final long[] sums;
  private final int[] touched;
  private int size;

  /** Makes the scratch for items 0 .. items - 1. */
  public CoOccurrences(int items) {
    sums = new long[items];
    touched = new int[items];
  }

  /** Begins another column. */
  public void clear() {
    for (int t = 0; t < size; t++) {
      sums[touched[t]] = 0;
    }
    size = 0;
  }

  /**
   * Adds a user who has the item of the column.
   *
   * @param items holds the user's items, distinct, at {@code from .. to - 1}
   * @param weight the user's weight, above 0; see {@link HistoryWeight}
   */
  public void add(int[] items, int from, int to, long weight) {
    for (int q = from; q < to; q++) {
      add(items[q], weight);
    }
  }

  /**
   * Adds to the sum of one item.
   *
   * @param sum above 0
   */
  public void add(int item, long sum) {
    if (sums[item] == 0) {
      touched[size++] = item;
    }
    sums[item] += sum;
  }

  /** Returns the number of items with a sum above 0. */
  public int size() {
    return size;
  }

  /** Returns one of these items, in no order. */
  public int item(int t) {
    return touched[t];
  }

  /** Returns the sum of an item. */
  public long sum(int item) {
    return sums[item];
  }
}
