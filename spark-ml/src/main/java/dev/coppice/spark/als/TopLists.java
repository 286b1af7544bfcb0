package dev.coppice.spark.als;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import dev.coppice.core.topk.SourceRows;
import dev.coppice.core.topk.TopK;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The best items so far of the users of one block: lists of at most k items by {@link ItemPlaces
 * place}, best first.
 *
 * @param items {@code int[users][]}
 * @param scores {@code float[users][]}
 */
record TopLists(int[][] items, float[][] scores) implements Serializable {

  /** Ranks the items of an index for the users of one block that have held-out items. */
  static TopLists rank(HeldOut heldOut, SparseTable users, ItemIndex index, int k) {
    SparseTable rows = users.only(heldOut.rows());
    int[][] items = new int[rows.rows()][];
    float[][] scores = new float[rows.rows()][];
    new Scorer(index, k)
        .recommend(
            SourceRows.of(rows.rowOffsets(), rows.dims(), rows.weights())
                .withSeen(heldOut.seenOffsets(), heldOut.seen()),
            (row, count, best, values) -> {
              items[row] = Arrays.copyOf(best, count);
              scores[row] = Arrays.copyOf(values, count);
            });
    return new TopLists(items, scores);
  }

  /** Indexes the items of some blocks by their places. */
  static ItemIndex index(ItemPlaces places, int rank, Iterable<Numbered<SparseTable>> blocks) {
    ItemIndex.Builder builder = new ItemIndex.Builder(rank);
    for (Numbered<SparseTable> block : blocks) {
      SparseTable table = block.value();
      builder.addRows(
          places.places()[block.block()], table.rowOffsets(), table.dims(), table.weights());
    }
    return builder.build();
  }

  /** Returns the best k of both; equal scores go by the smaller place. */
  TopLists merge(TopLists other, int k) {
    int[][] mergedItems = new int[items.length][];
    float[][] mergedScores = new float[items.length][];
    TopK heap = new TopK(k);
    int[] outItems = new int[k];
    float[] outScores = new float[k];
    for (int user = 0; user < items.length; user++) {
      heap.clear();
      for (int i = 0; i < items[user].length; i++) {
        heap.offer(items[user][i], scores[user][i]);
      }
      for (int i = 0; i < other.items[user].length; i++) {
        heap.offer(other.items[user][i], other.scores[user][i]);
      }
      int count = heap.drainSorted(outItems, outScores);
      mergedItems[user] = Arrays.copyOf(outItems, count);
      mergedScores[user] = Arrays.copyOf(outScores, count);
    }
    return new TopLists(mergedItems, mergedScores);
  }
}
