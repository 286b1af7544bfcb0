package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import java.util.Arrays;

/**
 * Runs the items' rows past a tile of users, one user per vector lane; knows no links. Holds the
 * tile's rows in dense form: {@value Kernels#LANES} * rank floats.
 */
final class LaneSearch implements Scorer.Search {

  private final ItemIndex index;
  private final Kernels kernels;
  private final float[] tile;
  private final float[] thresholds = new float[Kernels.LANES];
  private final float[] scores = new float[Kernels.LANES];
  private final TopK[] heaps;

  LaneSearch(ItemIndex index, int k, Kernels kernels) {
    this.index = index;
    this.kernels = kernels;
    tile = new float[index.rank() * Kernels.LANES];
    heaps = Scorer.heaps(Kernels.LANES, k);
  }

  @Override
  public int tile() {
    return Kernels.LANES;
  }

  @Override
  public TopK[] best(SourceRows rows, int first, int last) {
    int[] offsets = rows.offsets();
    int users = last - first;
    Arrays.fill(tile, 0f);
    for (int t = 0; t < users; t++) {
      heaps[t].clear();
      for (int q = offsets[first + t]; q < offsets[first + t + 1]; q++) {
        tile[(rows.dims()[q] & 0xffff) * Kernels.LANES + t] = rows.weights()[q];
      }
    }
    Arrays.fill(thresholds, 0, users, Float.NEGATIVE_INFINITY);
    Arrays.fill(thresholds, users, Kernels.LANES, Float.POSITIVE_INFINITY);
    for (ItemIndex.Block block : index.blocks()) {
      int items = block.items.length;
      int row = 0;
      while (true) {
        row =
            kernels.nextRowAbove(
                block.rowOffsets, block.dims, block.weights, row, items, tile, thresholds, scores);
        if (row >= items) {
          break;
        }
        offer(block.items[row], users, first, rows.seenOffsets(), rows.seen());
        row++;
      }
    }
    return heaps;
  }

  private void offer(int item, int users, int first, int[] seenOffsets, int[] seenItems) {
    for (int t = 0; t < users; t++) {
      if (scores[t] > thresholds[t]
          && (seenOffsets == null
              || Arrays.binarySearch(
                      seenItems, seenOffsets[first + t], seenOffsets[first + t + 1], item)
                  < 0)
          && heaps[t].offer(item, scores[t])) {
        float worst = heaps[t].threshold();
        // Where items do not come in ascending order, an equal score may belong to a better one.
        thresholds[t] = index.ascending() ? worst : Math.nextDown(worst);
      }
    }
  }
}
