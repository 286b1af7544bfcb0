package dev.coppice.spark.als;

import dev.coppice.core.als.BlockSolver;
import dev.coppice.core.als.BlockStats;
import dev.coppice.core.als.Movable;
import dev.coppice.core.als.Resting;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * The rows of a block after a solve.
 *
 * @param resting the rows that were left as they are
 * @param movable the positions that an exploration may move; null unless one follows
 */
record SolvedBlock(SparseTable table, BlockStats stats, Resting resting, Movable movable)
    implements Serializable {

  static SolvedBlock of(BlockSolver.Solved solved, Movable movable) {
    return new SolvedBlock(solved.table(), solved.stats(), solved.resting(), movable);
  }

  BlockSolver.Solved solved() {
    return new BlockSolver.Solved(table, stats, resting);
  }
}
