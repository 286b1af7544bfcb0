package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;

/**
 * An item table by columns: for each dimension the items that hold a weight there.
 *
 * <p>Items are put in ascending order and cut into chunks of at most {@link #MAX_CHUNK} positions,
 * so that a scorer's accumulator stays in the first-level cache, a chunk's lists in the second, and
 * neither grows with the table. The size of the chunks changes no result. Within a chunk a
 * dimension is a list of (16-bit position, float), 6 bytes a weight; a list that covers more than a
 * third of the chunk is kept as plain floats with zeros in between instead, at most 12 bytes a
 * weight and much faster to add.
 */
final class ItemColumns implements ColumnTable {

  /** Most items in a chunk; 32 KB of float scores. */
  static final int MAX_CHUNK = 8192;

  private static final int MIN_CHUNK = 512;
  private static final long CHUNK_BYTES = 512 * 1024;

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

    Chunk(int first, int size, int[] counts) {
      int rank = counts.length;
      this.first = first;
      this.size = size;
      starts = new int[rank + 1];
      positionStarts = new int[rank + 1];
      dense = new boolean[rank];
      for (int d = 0; d < rank; d++) {
        dense[d] = 3L * counts[d] > size;
        starts[d + 1] = starts[d] + (dense[d] ? size : counts[d]);
        positionStarts[d + 1] = positionStarts[d] + (dense[d] ? 0 : counts[d]);
      }
      positions = new char[positionStarts[rank]];
      weights = new float[starts[rank]];
    }
  }

  private final ItemIndex index;
  private final int chunkSize;
  private final Chunk[] chunks;

  ItemColumns(ItemIndex index) {
    this.index = index;
    int items = index.size();
    RowPlaces places = index.places();
    ItemIndex.Block[] blocks = index.blocks();
    long stored = 0;
    for (ItemIndex.Block block : blocks) {
      stored += block.rowOffsets[block.items.length];
    }
    chunkSize = chunkSize(stored, items);
    chunks = new Chunk[(int) ((items + chunkSize - 1L) / chunkSize)];
    for (int c = 0; c < chunks.length; c++) {
      int first = c * chunkSize;
      int size = Math.min(chunkSize, items - first);
      chunks[c] = chunk(index.rank(), blocks, places, first, size);
    }
  }

  /** The largest power of two whose lists take about {@link #CHUNK_BYTES}, within the limits. */
  private static int chunkSize(long stored, int items) {
    int size = MAX_CHUNK;
    while (size > MIN_CHUNK && 6.0 * stored / Math.max(items, 1) * size > 1.5 * CHUNK_BYTES) {
      size /= 2;
    }
    return size;
  }

  private static Chunk chunk(
      int rank, ItemIndex.Block[] blocks, RowPlaces places, int first, int size) {
    int[] counts = new int[rank];
    for (int p = 0; p < size; p++) {
      ItemIndex.Block block = blocks[places.block(first + p)];
      int row = places.row(first + p);
      for (int q = block.rowOffsets[row]; q < block.rowOffsets[row + 1]; q++) {
        counts[block.dims[q] & 0xffff]++;
      }
    }
    Chunk chunk = new Chunk(first, size, counts);
    int[] filled = new int[rank];
    for (int p = 0; p < size; p++) {
      ItemIndex.Block block = blocks[places.block(first + p)];
      int row = places.row(first + p);
      for (int q = block.rowOffsets[row]; q < block.rowOffsets[row + 1]; q++) {
        int d = block.dims[q] & 0xffff;
        if (chunk.dense[d]) {
          chunk.weights[chunk.starts[d] + p] = block.weights[q];
        } else {
          int at = filled[d]++;
          chunk.positions[chunk.positionStarts[d] + at] = (char) p;
          chunk.weights[chunk.starts[d] + at] = block.weights[q];
        }
      }
    }
    return chunk;
  }

  @Override
  public int rank() {
    return index.rank();
  }

  @Override
  public int size() {
    return index.size();
  }

  @Override
  public int chunkSize() {
    return chunkSize;
  }

  @Override
  public int item(int position) {
    return index.item(position);
  }

  @Override
  public int position(int item) {
    return index.position(item);
  }

  @Override
  public LinkAdder links(Kernels kernels) {
    LinkIndex links = index.links();
    return links == null
        ? null
        : new LinkCursors(links, Math.min(chunkSize, index.size()), kernels);
  }

  @Override
  public Adder adder(Kernels kernels) {
    return (chunk, dim, weight, accumulator) ->
        add(chunks[chunk], dim, weight, accumulator, kernels);
  }

  private static void add(Chunk chunk, int d, float weight, float[] scores, Kernels kernels) {
    int start = chunk.starts[d];
    int count = chunk.starts[d + 1] - start;
    if (chunk.dense[d]) {
      kernels.scaledAdd(weight, chunk.weights, start, scores, 0, count);
    } else {
      float[] values = chunk.weights;
      char[] positions = chunk.positions;
      int positionStart = chunk.positionStarts[d];
      for (int i = 0; i < count; i++) {
        scores[positions[positionStart + i]] += weight * values[start + i];
      }
    }
  }
}
