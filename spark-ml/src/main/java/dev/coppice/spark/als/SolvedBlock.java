package dev.coppice.spark.als;

import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.Resting;
import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * The rows of a block after a solve.
 *
 * @param scores first digits of all scores; null unless an exploration follows
 * @param resting the rows that were left as they are
 */
record SolvedBlock(SparseTable table, BlockStats stats, BucketCounts scores, Resting resting)
    implements Serializable {}
