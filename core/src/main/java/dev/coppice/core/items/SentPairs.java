package dev.coppice.core.items;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a client sends of the pairs of one item: for each other item, and for the item itself, the
 * summed weights of the users who have both ({@link HistoryWeight}), rounded. Pairs that fewer than
 * a least number of users have are left out. Nothing else of a user is in it.
 *
 * @param item the item
 * @param others items up to {@code item}, ascending, so that each pair is sent once
 * @param sums {@link RoundedSum} codes, one each
 */
public record SentPairs(int item, int[] others, short[] sums) implements Serializable {

  /**
   * Takes the pairs of an item from its column of G.
   *
   * @param sums the column
   * @param users the same column with every user counting 1
   * @param least users that a pair must have, at least 1
   */
  public static SentPairs of(int item, CoOccurrences sums, CoOccurrences users, int least) {
    int[] found = new int[users.size()];
    int size = 0;
    for (int t = 0; t < users.size(); t++) {
      int other = users.item(t);
      if (other <= item && users.sum(other) >= least) {
        found[size++] = other;
      }
    }
    int[] others = Arrays.copyOf(found, size);
    Arrays.sort(others);
    short[] codes = new short[size];
    for (int q = 0; q < size; q++) {
      codes[q] = RoundedSum.code(sums.sum(others[q]));
    }
    return new SentPairs(item, others, codes);
  }

  /** Returns them as a part of the totals over clients. */
  public PairTotals totals() {
    long[] values = new long[sums.length];
    for (int q = 0; q < values.length; q++) {
      values[q] = RoundedSum.value(sums[q]);
    }
    return new PairTotals(item, others, values);
  }

  /** Returns the bytes of a message: 4 and 2 a pair, and 8 for the item and their number. */
  public long bytes() {
    return 2L * Integer.BYTES + (long) others.length * (Integer.BYTES + Short.BYTES);
  }
}
