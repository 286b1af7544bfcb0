package dev.coppice.core.topk;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A sparse item table that users are scored against, from any number of blocks of rows in any
 * order, with or without {@link Links}.
 *
 * <p>The blocks' arrays are kept, not copied, and must not change afterwards. The table by columns,
 * which scoring needs without vectors or with links, and the links by key are made when first asked
 * for. Immutable; may be shared between threads.
 */
public final class ItemIndex {

  /** Rows of some items. */
  static final class Block {
    final int[] items;
    final int[] rowOffsets;
    final short[] dims;
    final float[] weights;
    // Null if the items have none.
    final Links links;

    Block(int[] items, int[] rowOffsets, short[] dims, float[] weights, Links links) {
      this.items = items;
      this.rowOffsets = rowOffsets;
      this.dims = dims;
      this.weights = weights;
      this.links = links;
    }
  }

  /** Something that is made once, when first asked for, by whichever thread comes first. */
  private static final class Lazy<T> {
    private final Supplier<T> maker;
    private volatile T made;

    Lazy(Supplier<T> maker) {
      this.maker = maker;
    }

    T get() {
      T found = made;
      if (found == null) {
        synchronized (this) {
          found = made;
          if (found == null) {
            found = maker.get();
            made = found;
          }
        }
      }
      return found;
    }
  }

  private final int rank;
  private final int[] items;
  private final Block[] blocks;
  private final boolean ascending;
  private final boolean linked;
  private final Lazy<RowPlaces> places = new Lazy<>(() -> new RowPlaces(this));
  private final Lazy<ItemColumns> columns = new Lazy<>(() -> new ItemColumns(this));
  private final Lazy<LinkIndex> links = new Lazy<>(() -> new LinkIndex(this));

  private ItemIndex(int rank, int[] items, Block[] blocks, boolean ascending) {
    this.rank = rank;
    this.items = items;
    this.blocks = blocks;
    this.ascending = ascending;
    linked = Arrays.stream(blocks).anyMatch(block -> block.links != null);
  }

  /**
   * The index of one table whose row r is item r.
   *
   * @param rank number of dimensions
   * @param rowOffsets rows + 1 ascending offsets into the other two arrays, starting at 0
   * @param dims dimensions of the stored weights, ascending within a row, read as unsigned
   * @param weights the stored weights, finite
   * @throws IllegalArgumentException if the table is malformed; the message names the row
   */
  public static ItemIndex of(int rank, int[] rowOffsets, short[] dims, float[] weights) {
    return new Builder(rank).addRows(0, rowOffsets, dims, weights).build();
  }

  /** Number of dimensions. */
  public int rank() {
    return rank;
  }

  /** Number of items held. */
  int size() {
    return items.length;
  }

  /** The item at a position of the ascending order. */
  int item(int position) {
    return items[position];
  }

  /** Position of an item, or -(insertion point) - 1 if the index does not hold it. */
  int position(int item) {
    // The usual case: items 0..n-1 without a gap.
    if (item >= 0 && item < items.length && items[item] == item) {
      return item;
    }
    return Arrays.binarySearch(items, item);
  }

  /** The blocks, in the order in which they were added. */
  Block[] blocks() {
    return blocks;
  }

  /** Whether going through the blocks in order meets the items in ascending order. */
  boolean ascending() {
    return ascending;
  }

  /** The table by columns, made on the first call. */
  ItemColumns columns() {
    return columns.get();
  }

  /** The links by key, made on the first call; null if no item has any. */
  LinkIndex links() {
    return linked ? links.get() : null;
  }

  /** The rows by position, made on the first call. */
  RowPlaces places() {
    return places.get();
  }

  @Override
  public String toString() {
    return "ItemIndex(rank=" + rank + ", items=" + items.length + ")";
  }

  /** Collects blocks. */
  public static final class Builder {

    private final int rank;
    private Block[] blocks = new Block[4];
    private int count;

    /**
     * An empty builder.
     *
     * @throws IllegalArgumentException if rank is not from 1 to 65,535
     */
    public Builder(int rank) {
      if (rank < 1 || rank > 65_535) {
        throw new IllegalArgumentException("rank is " + rank + "; allowed: 1 to 65535");
      }
      this.rank = rank;
    }

    /** Adds a block whose row r is item {@code firstItem + r}, without links. */
    public Builder addRows(int firstItem, int[] rowOffsets, short[] dims, float[] weights) {
      return addRows(firstItem, rowOffsets, dims, weights, null);
    }

    /** Adds a block whose row r is item {@code firstItem + r}; see the last method. */
    public Builder addRows(
        int firstItem, int[] rowOffsets, short[] dims, float[] weights, Links links) {
      int rows = Math.max(rowOffsets.length - 1, 0);
      if (firstItem < 0 || firstItem + (long) rows > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "first item is " + firstItem + " with " + rows + " rows; item indices are 0 to 2^31-1");
      }
      int[] numbers = new int[rows];
      Arrays.setAll(numbers, r -> firstItem + r);
      return addRows(numbers, rowOffsets, dims, weights, links);
    }

    /** Adds a block whose row r is item {@code itemIndices[r]}, without links. */
    public Builder addRows(int[] itemIndices, int[] rowOffsets, short[] dims, float[] weights) {
      return addRows(itemIndices, rowOffsets, dims, weights, null);
    }

    /**
     * Adds a block whose row r is item {@code itemIndices[r]}. The arrays must not change later.
     *
     * @param links the links of the rows, or null if they have none
     * @throws IllegalArgumentException if the block is malformed; the message names the row
     */
    public Builder addRows(
        int[] itemIndices, int[] rowOffsets, short[] dims, float[] weights, Links links) {
      check(itemIndices, rowOffsets, dims, weights);
      if (count == blocks.length) {
        blocks = Arrays.copyOf(blocks, 2 * count);
      }
      if (links != null && links.rows() != itemIndices.length) {
        throw new IllegalArgumentException(
            "links are of " + links.rows() + " rows; needed: " + itemIndices.length);
      }
      blocks[count++] = new Block(itemIndices, rowOffsets, dims, weights, links);
      return this;
    }

    private void check(int[] items, int[] rowOffsets, short[] dims, float[] weights) {
      if (rowOffsets.length != items.length + 1
          || rowOffsets[0] != 0
          || rowOffsets[items.length] > Math.min(dims.length, weights.length)) {
        throw new IllegalArgumentException(
            "block of "
                + items.length
                + " items with "
                + rowOffsets.length
                + " offsets, "
                + dims.length
                + " dims, "
                + weights.length
                + " weights; needed: rows + 1 offsets from 0 to at most the number of weights");
      }
      for (int r = 0; r < items.length; r++) {
        if (items[r] < 0) {
          throw new IllegalArgumentException("item index is " + items[r] + "; allowed: 0 or more");
        }
        if (rowOffsets[r + 1] < rowOffsets[r]) {
          throw new IllegalArgumentException(
              "offsets of item " + items[r] + " descend; rowOffsets must not descend");
        }
        RowCheck.check("item " + items[r], rank, dims, weights, rowOffsets[r], rowOffsets[r + 1]);
      }
    }

    /**
     * Builds the index.
     *
     * @throws IllegalArgumentException if an item was added twice, or there are too many items or
     *     links for one index
     */
    public ItemIndex build() {
      long rows = 0;
      long links = 0;
      for (int b = 0; b < count; b++) {
        rows += blocks[b].items.length;
        links += blocks[b].links == null ? 0 : blocks[b].links.size();
      }
      if (rows > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(rows + " items; allowed: fewer than 2^31 - 8");
      }
      if (links > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            links + " links; allowed: fewer than 2^31 - 8; index fewer items at once");
      }
      int[] sorted = new int[(int) rows];
      int at = 0;
      boolean ascending = true;
      for (int b = 0; b < count; b++) {
        for (int item : blocks[b].items) {
          ascending &= at == 0 || sorted[at - 1] < item;
          sorted[at++] = item;
        }
      }
      if (!ascending) {
        Arrays.sort(sorted);
        for (int p = 1; p < sorted.length; p++) {
          if (sorted[p] == sorted[p - 1]) {
            throw new IllegalArgumentException(
                "item " + sorted[p] + " was added twice; each item belongs to one block");
          }
        }
      }
      return new ItemIndex(rank, sorted, Arrays.copyOf(blocks, count), ascending);
    }
  }
}
