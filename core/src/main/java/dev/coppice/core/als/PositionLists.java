package dev.coppice.core.als;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import dev.coppice.core.mask.SalientWeights;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.TopCandidates;
import dev.coppice.core.table.SparseTable;

/** Lists the positions of a block that an exploration may prune and grow, row after row. */
final class PositionLists {
  /** Blocks of few weights differ more in their share of the moves. */
  private static final int SPARE = 64;

  private final InteractionBlock block;
  private final SalientWeights salient;
  private final RowScores scores;
  private final MemoryBuilder memory;
  private final TopCandidates prune;
  private final TopCandidates grow;
  private final int rank;

  PositionLists(
      InteractionBlock block,
      SparseTable table,
      PositionScores positions,
      SalientWeights salient,
      BlockSolver.Exploration exploration,
      long weights) {
    this.block = block;
    this.salient = salient;
    rank = table.rank();
    scores = new RowScores(positions, rank, exploration.scoring(), exploration.history());
    memory =
        exploration.scoring().growth().remembers()
            ? new MemoryBuilder(table, exploration.history().memory())
            : null;
    long limit = (long) (exploration.share() * weights) + SPARE;
    prune = new TopCandidates(limit, false);
    grow = new TopCandidates(limit, true);
  }

  /** Adds the positions of a row; rows ascend. */
  void add(int row, SparseTable table) {
    scores.row(block, row, table);
    float[] gains = scores.gains();
    float[] weights = table.weights();
    int begin = table.begin(row);
    int stored = table.stored(row);
    salient.row(stored, i -> scores.saliency(table.dim(begin + i), weights[begin + i]));
    for (int i = 0; i < stored; i++) {
      int dim = table.dim(begin + i);
      gains[dim] = 0;
      if (salient.prunable(i) && salient.pruneScore(i) >= prune.least()) {
        prune.add(row, dim, salient.pruneScore(i), 0);
      }
    }
    grow(row, gains);
    if (memory != null) {
      memory.add(row, scores);
    }
  }

  /** Adds the positions with a gain. */
  private void grow(int row, float[] gains) {
    Kernels kernels = VectorKernels.chosen();
    int dim = kernels.nextAbove(gains, 0, rank, below());
    while (dim < rank) {
      grow.add(row, dim, ScoreKey.grow(gains[dim]), scores.step(dim));
      dim = kernels.nextAbove(gains, dim + 1, rank, below());
    }
  }

  /** Returns the largest gain that is too small; what has no gain at all cannot be grown. */
  private float below() {
    return Math.max(0, Math.nextDown(Float.intBitsToFloat(grow.least())));
  }

  Movable build() {
    return new Movable(prune.build(), grow.build(), memory == null ? null : memory.build());
  }
}
