package dev.coppice.core.items;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Sums over clients of what they sent of the pairs of one item. Sums are exact, so their order does
 * not matter.
 *
 * @param item the item
 * @param others items up to {@code item}, ascending
 * @param sums summed weights, one each, above 0; see {@link HistoryWeight}
 */
public record PairTotals(int item, int[] others, long[] sums) implements Serializable {

  /** Returns the sums of both, which are of the same item. */
  public PairTotals plus(PairTotals more) {
    return merged(more, 1);
  }

  /** Returns what is left without a part that these sums contain. */
  public PairTotals minus(PairTotals part) {
    return merged(part, -1);
  }

  private PairTotals merged(PairTotals more, int sign) {
    int[] items = new int[others.length + more.others.length];
    long[] values = new long[items.length];
    int size = 0;
    int a = 0;
    int b = 0;
    while (a < others.length || b < more.others.length) {
      int mine = a < others.length ? others[a] : Integer.MAX_VALUE;
      int theirs = b < more.others.length ? more.others[b] : Integer.MAX_VALUE;
      long sum = 0;
      if (mine <= theirs) {
        sum += sums[a++];
      }
      if (theirs <= mine) {
        sum += sign * more.sums[b++];
      }
      if (sum < 0) {
        throw new IllegalArgumentException(
            "the sum of items " + item + " and " + theirs + " is below that of a part of it");
      }
      if (sum > 0) {
        items[size] = Math.min(mine, theirs);
        values[size++] = sum;
      }
    }
    return new PairTotals(item, Arrays.copyOf(items, size), Arrays.copyOf(values, size));
  }

  /** Returns the pairs with some items alone. */
  public PairTotals with(IntPredicate wanted) {
    int[] items = new int[others.length];
    long[] values = new long[items.length];
    int size = 0;
    for (int q = 0; q < items.length; q++) {
      if (wanted.test(others[q])) {
        items[size] = others[q];
        values[size++] = sums[q];
      }
    }
    return size == items.length
        ? this
        : new PairTotals(item, Arrays.copyOf(items, size), Arrays.copyOf(values, size));
  }
}
