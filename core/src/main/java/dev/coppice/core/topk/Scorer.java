package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import java.util.Arrays;

/**
 * The best k items for sparse user rows, by their inner products with the rows of an {@link
 * ItemIndex}.
 *
 * <p>A score is summed in single precision over the user's dimensions in ascending order, so it is
 * the same to the bit for every chunking, batch and set of kernels. Every item of the index is a
 * candidate, those that share no dimension with the user too (score 0), except the user's seen
 * items. Cost per user: one multiplication and addition for each item weight in the user's
 * dimensions, and one scan of all items.
 *
 * <p>Holds the scores of one chunk and {@value #TILE} heaps, whatever the number of items. One
 * thread at a time; the index is shared.
 */
public final class Scorer {

  /** Users scored against one chunk before the next chunk is taken. */
  static final int TILE = 128;

  /** Takes the recommendations of one user. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Called once per user, in row order.
     *
     * @param row the user's row
     * @param count number of items found: k, or fewer if fewer were left
     * @param items item indices, best first, in the first {@code count} entries; reused between
     *     calls
     * @param scores their scores; reused between calls
     */
    void accept(int row, int count, int[] items, float[] scores);
  }

  private final ItemIndex index;
  private final Kernels kernels;
  private final float[] accumulator;
  private final TopK[] heaps;
  private final int[] cursors = new int[TILE];
  private final int[] itemsOut;
  private final float[] scoresOut;

  /**
   * A scorer for lists of at most k items.
   *
   * @throws IllegalArgumentException if k is below 1
   */
  public Scorer(ItemIndex index, int k) {
    this(index, k, VectorKernels.chosen());
  }

  /** A scorer on given kernels, for comparisons. */
  public Scorer(ItemIndex index, int k, Kernels kernels) {
    this.index = index;
    this.kernels = kernels;
    // No list can be longer than the index; a huge k then costs nothing.
    int room = k < 1 ? k : Math.max(1, Math.min(k, index.size()));
    accumulator = new float[Math.min(index.chunkSize, index.size())];
    heaps = new TopK[TILE];
    for (int t = 0; t < TILE; t++) {
      heaps[t] = new TopK(room);
    }
    itemsOut = new int[room];
    scoresOut = new float[room];
  }

  /**
   * Recommends to the users {@code firstRow .. lastRow-1} of a table.
   *
   * @param rowOffsets offsets of the user rows into the next two
   * @param dims dimensions, ascending within a row, read as unsigned, below the index's rank
   * @param weights finite weights
   * @param seenOffsets offsets of the users' seen items by row, or null if nothing is excluded
   * @param seenItems seen item indices, ascending within a row, duplicates allowed; items that the
   *     index does not hold are ignored
   * @param sink takes the lists in row order
   * @throws IllegalArgumentException if a row is malformed; rows before its tile have been
   *     delivered
   */
  public void recommend(
      int[] rowOffsets,
      short[] dims,
      float[] weights,
      int firstRow,
      int lastRow,
      int[] seenOffsets,
      int[] seenItems,
      Sink sink) {
    for (int tile = firstRow; tile < lastRow; tile += TILE) {
      int end = Math.min(lastRow, tile + TILE);
      for (int row = tile; row < end; row++) {
        check(row, rowOffsets, dims, weights);
        heaps[row - tile].clear();
        cursors[row - tile] = seenOffsets == null ? 0 : seenOffsets[row];
      }
      for (ItemIndex.Chunk chunk : index.chunks) {
        for (int row = tile; row < end; row++) {
          add(chunk, dims, weights, rowOffsets[row], rowOffsets[row + 1], accumulator, 0);
          if (seenOffsets != null) {
            cursors[row - tile] =
                exclude(chunk, seenItems, cursors[row - tile], seenOffsets[row + 1]);
          }
          collect(chunk, heaps[row - tile]);
        }
      }
      for (int row = tile; row < end; row++) {
        int count = heaps[row - tile].drainSorted(itemsOut, scoresOut);
        sink.accept(row, count, itemsOut, scoresOut);
      }
    }
  }

  /**
   * Recommends to one user.
   *
   * @param dims the user's dimensions, ascending
   * @param weights the user's weights
   * @param seen ascending item indices to leave out, or null
   * @return item indices, best first, at most k
   */
  public int[] recommend(short[] dims, float[] weights, int[] seen) {
    int[][] result = new int[1][];
    recommend(
        new int[] {0, dims.length},
        dims,
        weights,
        0,
        1,
        seen == null ? null : new int[] {0, seen.length},
        seen,
        (row, count, items, scores) -> result[0] = Arrays.copyOf(items, count));
    return result[0];
  }

  /**
   * The scores of all items for one user.
   *
   * @param out overwritten: entry p is the score of the p-th smallest item of the index
   * @throws IllegalArgumentException if the row is malformed or out is not of the index's size
   */
  public void scores(short[] dims, float[] weights, float[] out) {
    if (out.length != index.size()) {
      throw new IllegalArgumentException(
          "out has " + out.length + " entries; needed: one for each of " + index.size() + " items");
    }
    check(0, new int[] {0, dims.length}, dims, weights);
    Arrays.fill(out, 0);
    for (ItemIndex.Chunk chunk : index.chunks) {
      add(chunk, dims, weights, 0, dims.length, out, chunk.first);
    }
  }

  private void check(int row, int[] rowOffsets, short[] dims, float[] weights) {
    int before = -1;
    for (int p = rowOffsets[row]; p < rowOffsets[row + 1]; p++) {
      int dim = dims[p] & 0xffff;
      if (dim <= before || dim >= index.rank || !Float.isFinite(weights[p])) {
        throw new IllegalArgumentException(
            "user row "
                + row
                + " has weight "
                + weights[p]
                + " at dimension "
                + dim
                + " after "
                + before
                + "; dimensions must ascend and be below rank "
                + index.rank
                + ", weights must be finite");
      }
      before = dim;
    }
  }

  private void add(
      ItemIndex.Chunk chunk,
      short[] dims,
      float[] weights,
      int from,
      int to,
      float[] out,
      int outOffset) {
    for (int q = from; q < to; q++) {
      int d = dims[q] & 0xffff;
      float weight = weights[q];
      int start = chunk.starts[d];
      int count = chunk.starts[d + 1] - start;
      if (chunk.dense[d]) {
        kernels.scaledAdd(weight, chunk.weights, start, out, outOffset, count);
      } else {
        scatter(
            weight,
            chunk.weights,
            start,
            chunk.positions,
            chunk.positionStarts[d],
            count,
            out,
            outOffset);
      }
    }
  }

  private static void scatter(
      float weight,
      float[] values,
      int start,
      char[] positions,
      int positionStart,
      int count,
      float[] out,
      int outOffset) {
    for (int i = 0; i < count; i++) {
      out[outOffset + positions[positionStart + i]] += weight * values[start + i];
    }
  }

  /** Puts the seen items of the chunk out of reach; returns the cursor behind them. */
  private int exclude(ItemIndex.Chunk chunk, int[] seen, int from, int to) {
    int last = index.items[chunk.first + chunk.size - 1];
    int cursor = from;
    for (; cursor < to && seen[cursor] <= last; cursor++) {
      int position = index.position(seen[cursor]);
      if (position >= 0) {
        accumulator[position - chunk.first] = Float.NEGATIVE_INFINITY;
      }
    }
    return cursor;
  }

  /** Offers the chunk's scores and clears them. Items ascend, so an equal score never displaces. */
  private void collect(ItemIndex.Chunk chunk, TopK heap) {
    float[] scores = accumulator;
    int at = kernels.nextAbove(scores, 0, chunk.size, heap.threshold());
    while (at < chunk.size) {
      heap.offer(index.items[chunk.first + at], scores[at]);
      at = kernels.nextAbove(scores, at + 1, chunk.size, heap.threshold());
    }
    Arrays.fill(scores, 0, chunk.size, 0f);
  }
}
