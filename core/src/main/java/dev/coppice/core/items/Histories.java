package dev.coppice.core.items;

import java.util.Arrays;

/**
 * Histories of users, and for some of their items, the <i>own</i> ones, which histories hold them.
 * From these the columns of G of the own items are summed, one after another, as often as needed.
 * Immutable but for the columns' scratch, which is the caller's.
 */
public final class Histories implements PairColumns {
  private final long[] weights;
  private final int[] offsets;
  private final int[] items;
  private final int[] own;
  private final int[] holderOffsets;
  private final int[] holders;

  private Histories(
      long[] weights, int[] offsets, int[] items, int[] own, int[] holderOffsets, int[] holders) {
    this.weights = weights;
    this.offsets = offsets;
    this.items = items;
    this.own = own;
    this.holderOffsets = holderOffsets;
    this.holders = holders;
  }

  /** Tells which items are own. */
  @FunctionalInterface
  public interface Ownership {
    /** Returns whether an item is. */
    boolean of(int item);
  }

  /** Returns whether an item is own and some history holds it. */
  public boolean holds(int item) {
    return Arrays.binarySearch(own, item) >= 0;
  }

  /** Returns the number of histories. */
  public int size() {
    return offsets.length - 1;
  }

  /** Sums the column of an own item; of an item that no history holds, nothing. */
  @Override
  public void column(int item, CoOccurrences column) {
    sum(item, column, false);
  }

  /** Counts the users of each pair with an own item likewise, in whole numbers. */
  public void users(int item, CoOccurrences column) {
    sum(item, column, true);
  }

  private void sum(int item, CoOccurrences column, boolean counted) {
    column.clear();
    int at = Arrays.binarySearch(own, item);
    if (at < 0) {
      return;
    }
    for (int h = holderOffsets[at]; h < holderOffsets[at + 1]; h++) {
      int holder = holders[h];
      column.add(items, offsets[holder], offsets[holder + 1], counted ? 1 : weights[holder]);
    }
  }

  /** Collects histories. */
  public static final class Builder {
    private final HistoryWeight weight;
    private int[] offsets = new int[17];
    private int[] items = new int[256];
    private int size;

    /** An empty builder. */
    public Builder(HistoryWeight weight) {
      this.weight = weight;
    }

    /**
     * Adds a history.
     *
     * @param history distinct items
     */
    public Builder add(int[] history) {
      if (size + 1 == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * size + 1);
      }
      int end = Math.addExact(offsets[size], history.length);
      if (end > items.length) {
        items =
            Arrays.copyOf(
                items, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(2L * items.length, end)));
      }
      System.arraycopy(history, 0, items, offsets[size], history.length);
      offsets[++size] = end;
      return this;
    }

    /**
     * Builds them.
     *
     * @param all number of all items: they are 0 .. all - 1
     * @param ownership which of them are own
     */
    public Histories build(int all, Ownership ownership) {
      int end = offsets[size];
      int[] counts = new int[all];
      for (int q = 0; q < end; q++) {
        if (ownership.of(items[q])) {
          counts[items[q]]++;
        }
      }
      int held = 0;
      for (int count : counts) {
        held += count > 0 ? 1 : 0;
      }
      int[] own = new int[held];
      int[] holderOffsets = new int[held + 1];
      // From here on, where an item's next holder goes.
      int[] next = counts;
      int at = 0;
      for (int item = 0; item < all; item++) {
        if (counts[item] > 0) {
          own[at] = item;
          holderOffsets[at + 1] = holderOffsets[at] + counts[item];
          next[item] = holderOffsets[at++];
        } else {
          next[item] = -1;
        }
      }
      int[] holders = new int[holderOffsets[held]];
      for (int h = 0; h < size; h++) {
        for (int q = offsets[h]; q < offsets[h + 1]; q++) {
          if (next[items[q]] >= 0) {
            holders[next[items[q]]++] = h;
          }
        }
      }
      long[] weights = new long[size];
      for (int h = 0; h < size; h++) {
        weights[h] = weight.of(offsets[h + 1] - offsets[h]);
      }
      return new Histories(
          weights,
          Arrays.copyOf(offsets, size + 1),
          Arrays.copyOf(items, end),
          own,
          holderOffsets,
          holders);
    }
  }
}
