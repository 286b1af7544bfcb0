package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import java.util.Arrays;

/** Adds up the columns of each user's dimensions, one chunk of items at a time. */
final class ColumnSearch implements Scorer.Search {

  private static final int TILE = 128;

  private final ItemIndex index;
  private final Columns columns;
  private final Kernels kernels;
  private final float[] accumulator;
  private final TopK[] heaps;
  private final int[] cursors = new int[TILE];

  ColumnSearch(ItemIndex index, int k, Kernels kernels) {
    this.index = index;
    this.kernels = kernels;
    columns = index.columns();
    accumulator = new float[Math.min(columns.chunkSize, index.size())];
    heaps = Scorer.heaps(TILE, k);
  }

  @Override
  public int tile() {
    return TILE;
  }

  @Override
  public TopK[] best(
      int[] rowOffsets,
      short[] dims,
      float[] weights,
      int first,
      int last,
      int[] seenOffsets,
      int[] seenItems) {
    for (int row = first; row < last; row++) {
      heaps[row - first].clear();
      cursors[row - first] = seenOffsets == null ? 0 : seenOffsets[row];
    }
    for (Columns.Chunk chunk : columns.chunks) {
      for (int row = first; row < last; row++) {
        for (int q = rowOffsets[row]; q < rowOffsets[row + 1]; q++) {
          add(chunk, dims[q] & 0xffff, weights[q]);
        }
        if (seenOffsets != null) {
          cursors[row - first] =
              exclude(chunk, seenItems, cursors[row - first], seenOffsets[row + 1]);
        }
        collect(chunk, heaps[row - first]);
      }
    }
    return heaps;
  }

  private void add(Columns.Chunk chunk, int d, float weight) {
    int start = chunk.starts[d];
    int count = chunk.starts[d + 1] - start;
    if (chunk.dense[d]) {
      kernels.scaledAdd(weight, chunk.weights, start, accumulator, 0, count);
    } else {
      float[] scores = accumulator;
      float[] values = chunk.weights;
      char[] positions = chunk.positions;
      int positionStart = chunk.positionStarts[d];
      for (int i = 0; i < count; i++) {
        scores[positions[positionStart + i]] += weight * values[start + i];
      }
    }
  }

  /** Puts the seen items of the chunk out of reach; returns the cursor behind them. */
  private int exclude(Columns.Chunk chunk, int[] seen, int from, int to) {
    int last = index.item(chunk.first + chunk.size - 1);
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
  private void collect(Columns.Chunk chunk, TopK heap) {
    float[] scores = accumulator;
    int at = kernels.nextAbove(scores, 0, chunk.size, heap.threshold());
    while (at < chunk.size) {
      heap.offer(index.item(chunk.first + at), scores[at]);
      at = kernels.nextAbove(scores, at + 1, chunk.size, heap.threshold());
    }
    Arrays.fill(scores, 0, chunk.size, 0f);
  }
}
