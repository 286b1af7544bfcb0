package dev.coppice.spark.federate;

import dev.coppice.core.federate.Gate;
import dev.coppice.core.table.SparseTable;

/**
 * How many item buckets and dimension groups a block layout has where nobody says so: {@value
 * #BUCKETS} x {@value #GROUPS}, or the largest of about that shape whose gate stays within its
 * share of the global table.
 *
 * @param itemBuckets at least 1, at most the number of items
 * @param dimBlocks at least 1, at most the rank
 */
record LayoutSize(int itemBuckets, int dimBlocks) {
  /** Buckets of a table that is large enough. */
  static final int BUCKETS = 240;

  /** Groups of a table that is large enough. */
  static final int GROUPS = 32;

  /**
   * Fits a layout to a table.
   *
   * @param itemBuckets 0 to choose; more than there are items become as many
   * @param dimBlocks 0 to choose; more than the rank become as many
   * @param gateFeatures length of the gate's input
   */
  static LayoutSize of(int itemBuckets, int dimBlocks, SparseTable items, int gateFeatures) {
    int mostBuckets = Math.max(1, items.rows());
    int mostGroups = items.rank();
    // A table too small for one block is refused with the reason by Gate.checkSize.
    double blocks = Math.max(1, Math.floor(Gate.MAX_SHARE * items.stored() / (gateFeatures + 1)));
    int groups;
    if (dimBlocks > 0) {
      groups = dimBlocks;
    } else if (itemBuckets > 0) {
      groups = (int) Math.min(GROUPS, Math.max(1, blocks / itemBuckets));
    } else {
      double shrink = Math.sqrt(Math.min(1, blocks / ((double) BUCKETS * GROUPS)));
      groups = Math.max(1, (int) (GROUPS * shrink));
    }
    groups = Math.min(groups, mostGroups);
    int buckets =
        itemBuckets > 0 ? itemBuckets : (int) Math.min(BUCKETS, Math.max(1, blocks / groups));
    return new LayoutSize(Math.min(buckets, mostBuckets), groups);
  }
}
