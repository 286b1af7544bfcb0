package dev.coppice.core.items;

import java.util.List;

/**
 * Totals of pairs of items in memory, both ways: 12 bytes for each item of a pair. Immutable.
 *
 * <p>As rare pairs are left out of what clients send, it need not be positive definite.
 */
public final class PairTable implements PairColumns {
  private final int[][] others;
  private final long[][] sums;

  /**
   * Lays out totals.
   *
   * @param all number of items: they are 0 .. all - 1
   * @param totals each item at most once, in any order
   */
  public PairTable(int all, List<PairTotals> totals) {
    int[] sizes = new int[all];
    for (PairTotals each : totals) {
      sizes[each.item()] += each.others().length;
      for (int other : each.others()) {
        sizes[other] += other == each.item() ? 0 : 1;
      }
    }
    others = new int[all][];
    sums = new long[all][];
    for (int item = 0; item < all; item++) {
      others[item] = new int[sizes[item]];
      sums[item] = new long[sizes[item]];
    }
    int[] next = new int[all];
    for (PairTotals each : totals) {
      for (int q = 0; q < each.others().length; q++) {
        int other = each.others()[q];
        put(each.item(), other, each.sums()[q], next);
        if (other != each.item()) {
          put(other, each.item(), each.sums()[q], next);
        }
      }
    }
  }

  private void put(int item, int other, long sum, int[] next) {
    others[item][next[item]] = other;
    sums[item][next[item]++] = sum;
  }

  @Override
  public void column(int item, CoOccurrences column) {
    column.clear();
    addTo(item, 1, column);
  }

  /** Adds a share of a column to another. */
  void addTo(int item, double share, CoOccurrences column) {
    for (int q = 0; q < others[item].length; q++) {
      long sum = share == 1 ? sums[item][q] : Math.round(share * sums[item][q]);
      if (sum > 0) {
        column.add(others[item][q], sum);
      }
    }
  }
}
