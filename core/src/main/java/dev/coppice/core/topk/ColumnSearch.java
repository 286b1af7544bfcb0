package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import java.util.Arrays;

/** Adds up the columns of each user's dimensions, one chunk of items at a time. */
final class ColumnSearch implements Scorer.Search {

  /** Users scored per pass over the columns where there are many. */
  static final int TILE = 128;

  private final ColumnTable columns;
  private final ColumnTable.Adder adder;
  private final Kernels kernels;
  private final float[] accumulator;
  private final TopK[] heaps;
  private final int[] cursors;
  // Null if no item has links.
  private final LinkAdder linked;

  ColumnSearch(ColumnTable columns, int k, int tile, Kernels kernels) {
    this.columns = columns;
    this.kernels = kernels;
    adder = columns.adder(kernels);
    accumulator = new float[Math.min(columns.chunkSize(), columns.size())];
    heaps = Scorer.heaps(tile, k);
    cursors = new int[tile];
    linked = columns.links(kernels);
  }

  @Override
  public int tile() {
    return heaps.length;
  }

  @Override
  public TopK[] best(SourceRows rows, int first, int last) {
    int[] rowOffsets = rows.offsets();
    short[] dims = rows.dims();
    float[] weights = rows.weights();
    int[] seenOffsets = rows.seenOffsets();
    boolean withLinks = linked != null && rows.links() != null;
    if (withLinks) {
      linked.open(rows.links(), first, last);
    }
    for (int row = first; row < last; row++) {
      heaps[row - first].clear();
      cursors[row - first] = seenOffsets == null ? 0 : seenOffsets[row];
    }
    int chunks = columns.chunks();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int start = chunk * columns.chunkSize();
      int size = Math.min(columns.chunkSize(), columns.size() - start);
      for (int row = first; row < last; row++) {
        for (int q = rowOffsets[row]; q < rowOffsets[row + 1]; q++) {
          adder.add(chunk, dims[q] & 0xffff, weights[q], accumulator);
        }
        if (withLinks) {
          linked.add(row, start, size, accumulator);
        }
        if (seenOffsets != null) {
          cursors[row - first] =
              exclude(start, size, rows.seen(), cursors[row - first], seenOffsets[row + 1]);
        }
        collect(start, size, heaps[row - first]);
      }
    }
    return heaps;
  }

  /** Puts the seen items of the chunk out of reach; returns the cursor behind them. */
  private int exclude(int start, int size, int[] seen, int from, int to) {
    int last = columns.item(start + size - 1);
    int cursor = from;
    for (; cursor < to && seen[cursor] <= last; cursor++) {
      int position = columns.position(seen[cursor]);
      if (position >= 0) {
        accumulator[position - start] = Float.NEGATIVE_INFINITY;
      }
    }
    return cursor;
  }

  /** Offers the chunk's scores and clears them. Items ascend, so an equal score never displaces. */
  private void collect(int start, int size, TopK heap) {
    float[] scores = accumulator;
    int at = kernels.nextAbove(scores, 0, size, heap.threshold());
    while (at < size) {
      heap.offer(columns.item(start + at), scores[at]);
      at = kernels.nextAbove(scores, at + 1, size, heap.threshold());
    }
    Arrays.fill(scores, 0, size, 0f);
  }
}
