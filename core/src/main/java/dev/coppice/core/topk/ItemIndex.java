package dev.coppice.core.topk;

import java.util.Arrays;

/**
 * A sparse item table by columns: for each dimension the items that hold a weight there.
 *
 * <p>Items are put in ascending order and cut into chunks of at most {@link #MAX_CHUNK} positions,
 * so that a scorer's accumulator stays in the first-level cache, a chunk's lists in the second, and
 * neither grows with the table. The size of the chunks changes no result. Within a chunk a
 * dimension is a list of (16-bit position, float), 6 bytes a weight; a list that covers more than a
 * third of the chunk is kept as plain floats with zeros in between instead, at most 12 bytes a
 * weight and much faster to add. Immutable; may be shared between threads.
 */
public final class ItemIndex {

  /** Most items in a chunk; 32 KB of float scores. */
  public static final int MAX_CHUNK = 8192;

  private static final int MIN_CHUNK = 512;
  private static final long CHUNK_BYTES = 512 * 1024;

  final int rank;
  final int[] items;
  final int chunkSize;
  final Chunk[] chunks;

  private ItemIndex(int rank, int[] items, int chunkSize, Chunk[] chunks) {
    this.rank = rank;
    this.items = items;
    this.chunkSize = chunkSize;
    this.chunks = chunks;
  }

  /**
   * The index of one table whose row r is item r.
   *
   * @param rank number of dimensions
   * @param rowOffsets rows + 1 ascending offsets into the other two arrays, starting at 0
   * @param dims dimensions of the stored weights, ascending within a row, read as unsigned
   * @param weights the stored weights
   * @throws IllegalArgumentException if a dimension is not below rank, a row's dimensions do not
   *     ascend, or offsets do not fit
   */
  public static ItemIndex of(int rank, int[] rowOffsets, short[] dims, float[] weights) {
    return new Builder(rank).addRows(0, rowOffsets, dims, weights).build();
  }

  /** Number of dimensions. */
  public int rank() {
    return rank;
  }

  /** Number of items held. */
  public int size() {
    return items.length;
  }

  /** The items held, ascending; a copy. */
  public int[] items() {
    return items.clone();
  }

  /** Bytes of the lists, positions, offsets and item numbers. */
  public long bytes() {
    long total = 4L * items.length;
    for (Chunk chunk : chunks) {
      total +=
          4L * (2L * chunk.starts.length + chunk.weights.length)
              + 2L * chunk.positions.length
              + chunk.dense.length;
    }
    return total;
  }

  /** Position of an item, or -(insertion point) - 1 if the index does not hold it. */
  int position(int item) {
    // The usual case: items 0..n-1 without a gap.
    if (item >= 0 && item < items.length && items[item] == item) {
      return item;
    }
    return Arrays.binarySearch(items, item);
  }

  /**
   * One range of positions. The values of dimension d are {@code weights[starts[d] ..
   * starts[d+1])}. If {@code dense[d]}, they are one for each position of the chunk; else the i-th
   * belongs to position {@code positions[positionStarts[d] + i]}.
   */
  static final class Chunk {
    final int first;
    final int size;
    final int[] starts;
    final int[] positionStarts;
    final boolean[] dense;
    final char[] positions;
    final float[] weights;

    Chunk(
        int first,
        int size,
        int[] starts,
        int[] positionStarts,
        boolean[] dense,
        char[] positions,
        float[] weights) {
      this.first = first;
      this.size = size;
      this.starts = starts;
      this.positionStarts = positionStarts;
      this.dense = dense;
      this.positions = positions;
      this.weights = weights;
    }
  }

  /** Collects rows from any number of blocks in any order, then builds the index. */
  public static final class Builder {

    private final int rank;
    private int rows;
    private int[] item = new int[16];
    // Row r is in block blockOf[r], at row rowIn[r] there; the block's arrays are kept, not copied.
    private int[] blockOf = new int[16];
    private int[] rowIn = new int[16];
    private int blocks;
    private int[][] offsets = new int[4][];
    private short[][] dims = new short[4][];
    private float[][] weights = new float[4][];

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

    /** Adds a block whose row r is item {@code firstItem + r}. The arrays must not change later. */
    public Builder addRows(int firstItem, int[] rowOffsets, short[] rowDims, float[] rowWeights) {
      int count = rowOffsets.length - 1;
      if (firstItem < 0 || firstItem + (long) count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "first item is "
                + firstItem
                + " with "
                + count
                + " rows; item indices are 0 to 2^31-1");
      }
      int[] numbers = new int[Math.max(count, 0)];
      for (int r = 0; r < count; r++) {
        numbers[r] = firstItem + r;
      }
      return addRows(numbers, rowOffsets, rowDims, rowWeights);
    }

    /**
     * Adds a block whose row r is item {@code itemIndices[r]}. The arrays must not change later.
     *
     * @throws IllegalArgumentException if the block is malformed; the message names the row
     */
    public Builder addRows(
        int[] itemIndices, int[] rowOffsets, short[] rowDims, float[] rowWeights) {
      checkBlock(itemIndices, rowOffsets, rowDims, rowWeights);
      if (blocks == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * blocks);
        dims = Arrays.copyOf(dims, 2 * blocks);
        weights = Arrays.copyOf(weights, 2 * blocks);
      }
      offsets[blocks] = rowOffsets;
      dims[blocks] = rowDims;
      weights[blocks] = rowWeights;
      int count = itemIndices.length;
      if (rows + count > item.length) {
        int room = Math.max(rows + count, 2 * item.length);
        item = Arrays.copyOf(item, room);
        blockOf = Arrays.copyOf(blockOf, room);
        rowIn = Arrays.copyOf(rowIn, room);
      }
      for (int r = 0; r < count; r++) {
        item[rows] = itemIndices[r];
        blockOf[rows] = blocks;
        rowIn[rows] = r;
        rows++;
      }
      blocks++;
      return this;
    }

    private void checkBlock(int[] items, int[] rowOffsets, short[] rowDims, float[] rowWeights) {
      if (rowOffsets.length != items.length + 1
          || rowOffsets[0] != 0
          || rowOffsets[items.length] > Math.min(rowDims.length, rowWeights.length)) {
        throw new IllegalArgumentException(
            "block of "
                + items.length
                + " items with "
                + rowOffsets.length
                + " offsets, "
                + rowDims.length
                + " dims, "
                + rowWeights.length
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
        int before = -1;
        for (int p = rowOffsets[r]; p < rowOffsets[r + 1]; p++) {
          int dim = rowDims[p] & 0xffff;
          if (dim <= before || dim >= rank) {
            throw new IllegalArgumentException(
                "item "
                    + items[r]
                    + " has dimension "
                    + dim
                    + " after "
                    + before
                    + "; dimensions must ascend and be below rank "
                    + rank);
          }
          before = dim;
          if (!Float.isFinite(rowWeights[p])) {
            throw new IllegalArgumentException(
                "item "
                    + items[r]
                    + " has weight "
                    + rowWeights[p]
                    + " at dimension "
                    + dim
                    + "; weights must be finite");
          }
        }
      }
    }

    /**
     * Builds the index.
     *
     * @throws IllegalArgumentException if an item was added twice
     */
    public ItemIndex build() {
      int[] order = order();
      int[] sorted = new int[rows];
      for (int p = 0; p < rows; p++) {
        sorted[p] = item[order[p]];
        if (p > 0 && sorted[p] == sorted[p - 1]) {
          throw new IllegalArgumentException(
              "item " + sorted[p] + " was added twice; each item belongs to one block");
        }
      }
      int chunkSize = chunkSize();
      Chunk[] chunks = new Chunk[(int) ((rows + chunkSize - 1L) / chunkSize)];
      for (int c = 0; c < chunks.length; c++) {
        chunks[c] = chunk(order, c * chunkSize, Math.min(chunkSize, rows - c * chunkSize));
      }
      return new ItemIndex(rank, sorted, chunkSize, chunks);
    }

    /** The largest power of two whose lists take about {@link #CHUNK_BYTES}, within the limits. */
    private int chunkSize() {
      long stored = 0;
      for (int b = 0; b < blocks; b++) {
        stored += offsets[b][offsets[b].length - 1];
      }
      int size = MAX_CHUNK;
      while (size > MIN_CHUNK && 6.0 * stored / Math.max(rows, 1) * size > CHUNK_BYTES * 1.5) {
        size /= 2;
      }
      return size;
    }

    /** Row numbers by ascending item. */
    private int[] order() {
      boolean ascending = true;
      for (int r = 1; r < rows && ascending; r++) {
        ascending = item[r - 1] <= item[r];
      }
      int[] order = new int[rows];
      if (ascending) {
        Arrays.setAll(order, r -> r);
        return order;
      }
      long[] keys = new long[rows];
      for (int r = 0; r < rows; r++) {
        keys[r] = (long) item[r] << 32 | r;
      }
      Arrays.sort(keys);
      Arrays.setAll(order, p -> (int) keys[p]);
      return order;
    }

    private Chunk chunk(int[] order, int first, int size) {
      int[] counts = new int[rank];
      for (int p = 0; p < size; p++) {
        int row = order[first + p];
        short[] rowDims = dims[blockOf[row]];
        int[] rowOffsets = offsets[blockOf[row]];
        for (int q = rowOffsets[rowIn[row]]; q < rowOffsets[rowIn[row] + 1]; q++) {
          counts[rowDims[q] & 0xffff]++;
        }
      }
      int[] starts = new int[rank + 1];
      int[] positionStarts = new int[rank + 1];
      boolean[] dense = new boolean[rank];
      for (int d = 0; d < rank; d++) {
        dense[d] = 3L * counts[d] > size;
        starts[d + 1] = starts[d] + (dense[d] ? size : counts[d]);
        positionStarts[d + 1] = positionStarts[d] + (dense[d] ? 0 : counts[d]);
      }
      char[] positions = new char[positionStarts[rank]];
      float[] values = new float[starts[rank]];
      int[] filled = new int[rank];
      for (int p = 0; p < size; p++) {
        int row = order[first + p];
        int block = blockOf[row];
        for (int q = offsets[block][rowIn[row]]; q < offsets[block][rowIn[row] + 1]; q++) {
          int d = dims[block][q] & 0xffff;
          if (dense[d]) {
            values[starts[d] + p] = weights[block][q];
          } else {
            int at = filled[d]++;
            positions[positionStarts[d] + at] = (char) p;
            values[starts[d] + at] = weights[block][q];
          }
        }
      }
      return new Chunk(first, size, starts, positionStarts, dense, positions, values);
    }
  }

  @Override
  public String toString() {
    return "ItemIndex(rank=" + rank + ", items=" + items.length + ", bytes=" + bytes() + ")";
  }
}
