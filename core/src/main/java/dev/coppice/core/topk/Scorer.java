package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import java.util.Arrays;

/**
 * The best k items for sparse user rows, by their inner products with the rows of an {@link
 * ItemIndex} and the {@link Links} that both hold.
 *
 * <p>The latent part of a score is summed in single precision over the dimensions that both rows
 * hold, in ascending order; the linked part likewise over the keys that both hold, from 0; then the
 * two are added. So a score is the same to the bit whatever the blocks, batches and kernels. Every
 * item of the index is a candidate, those that share nothing with the user too (score 0), except
 * the user's seen items. Nothing of the size users x items is ever held.
 *
 * <p>Two ways, chosen by kernels and table: with vectors, rows of items without links are run past
 * {@value Kernels#LANES} users at once (cost: items' weights, whatever the users' rows look like);
 * else the columns of each user's dimensions, and the lists of the items that hold its keys, are
 * added up chunk by chunk (cost: the weights and links in those). One thread at a time; the index
 * is shared.
 */
public final class Scorer {

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

  private final int rank;
  private final Search search;
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
    this(index.rank(), room(k, index.size()), search(index, room(k, index.size()), kernels));
  }

  /**
   * With links, columns win: each item that shares a key with one of the users would have to be
   * scored for this user on its own, and the rows of such items lie all over the table.
   */
  private static Search search(ItemIndex index, int room, Kernels kernels) {
    return kernels.fastLanes() && index.links() == null
        ? new LaneSearch(index, room, kernels)
        : new ColumnSearch(index.columns(), room, ColumnSearch.TILE, kernels);
  }

  /**
   * A scorer for lists of at most k items, one user after another, over a table that lies by
   * columns. Small enough to be made for each list.
   *
   * @throws IllegalArgumentException if k is below 1
   */
  public Scorer(ColumnTable table, int k) {
    this(
        table.rank(),
        room(k, table.size()),
        new ColumnSearch(table, room(k, table.size()), 1, VectorKernels.chosen()));
  }

  private Scorer(int rank, int room, Search search) {
    this.rank = rank;
    this.search = search;
    itemsOut = new int[room];
    scoresOut = new float[room];
  }

  /** No list can be longer than the table; a huge k then costs nothing. */
  private static int room(int k, int size) {
    return k < 1 ? k : Math.max(1, Math.min(k, size));
  }

  /**
   * Recommends to every user of a table.
   *
   * @param rows the users; dimensions below the index's rank
   * @param sink takes the lists in row order
   * @throws IllegalArgumentException if a row is malformed; earlier rows may have been delivered
   */
  public void recommend(SourceRows rows, Sink sink) {
    int tile = search.tile();
    int[] offsets = rows.offsets();
    for (int first = 0; first < rows.rows(); first += tile) {
      int last = Math.min(rows.rows(), first + tile);
      for (int row = first; row < last; row++) {
        RowCheck.check(
            "user row " + row, rank, rows.dims(), rows.weights(), offsets[row], offsets[row + 1]);
      }
      TopK[] heaps = search.best(rows, first, last);
      for (int row = first; row < last; row++) {
        int count = heaps[row - first].drainSorted(itemsOut, scoresOut);
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
        SourceRows.ofRow(dims, weights)
            .withSeen(seen == null ? null : new int[] {0, seen.length}, seen),
        (row, count, items, scores) -> result[0] = Arrays.copyOf(items, count));
    return result[0];
  }

  /** One way to find the best items of a tile of users. */
  interface Search {

    /** Most users in a tile. */
    int tile();

    /** The heaps of the users first..last-1, at most a tile, in order; reused by the next call. */
    TopK[] best(SourceRows rows, int first, int last);
  }

  /** Heaps for a tile. */
  static TopK[] heaps(int tile, int k) {
    TopK[] heaps = new TopK[tile];
    for (int t = 0; t < tile; t++) {
      heaps[t] = new TopK(k);
    }
    return heaps;
  }
}
