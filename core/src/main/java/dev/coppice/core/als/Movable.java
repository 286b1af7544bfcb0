package dev.coppice.core.als;

import dev.coppice.core.mask.Candidates;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * Positions of a block that an exploration may still prune and grow, from the first counts until
 * its thresholds are found (docs/design.md section 5, "The exact threshold without a sort").
 *
 * @param prune stored weights, which may go
 * @param grow empty positions, which may come
 * @param memory what {@link History#memory} is after this exploration; null for none
 */
public record Movable(Candidates prune, Candidates grow, SparseTable memory)
    implements Serializable {

  /** Returns the bytes that the lists and the memory take. */
  public long bytes() {
    long remembered = memory == null ? 0 : memory.bytes().tableBytes();
    return prune.bytes() + grow.bytes() + remembered;
  }

  /** Adds the first digit of every candidate's key. */
  void countFirst(ScoreHistogram histogram) {
    for (int i = 0; i < prune.size(); i++) {
      histogram.countPrune(prune.score(i) >>> 16);
    }
    for (int i = 0; i < grow.size(); i++) {
      histogram.countGrow(grow.score(i) >>> 16);
    }
  }

  /**
   * Adds one digit of every candidate's key that matches the digits settled so far.
   *
   * @param firstRow index of the block's first row in the whole table
   */
  public void count(
      long firstRow, KeyPrefix prunePrefix, KeyPrefix growPrefix, ScoreHistogram histogram) {
    for (int i = 0; i < prune.size(); i++) {
      long tie = ScoreKey.tie(firstRow + prune.row(i), prune.dim(i));
      if (prunePrefix.matches(prune.score(i), tie)) {
        histogram.countPrune(ScoreKey.digit(prune.score(i), tie, prunePrefix.level()));
      }
    }
    for (int i = 0; i < grow.size(); i++) {
      long tie = ScoreKey.tie(firstRow + grow.row(i), grow.dim(i));
      if (growPrefix.matches(grow.score(i), tie)) {
        histogram.countGrow(ScoreKey.digit(grow.score(i), tie, growPrefix.level()));
      }
    }
  }

  /**
   * Returns the block with the weights that one threshold takes pruned, and the positions that the
   * other takes grown with the weights of the list. The loss stays that before the move.
   *
   * @param firstRow index of the block's first row in the whole table
   */
  public BlockSolver.Solved moved(
      long firstRow,
      InteractionBlock block,
      BlockSolver.Solved solved,
      RowPenalty penalties,
      Threshold pruneFrom,
      Threshold growFrom) {
    SparseTable table = moved(firstRow, solved.table(), pruneFrom, growFrom);
    BlockStats before = solved.stats();
    BlockStats stats =
        new BlockStats(before.block(), before.loss(), penalties.of(block, table), before.resting());
    return new BlockSolver.Solved(table, stats, solved.resting());
  }

  /** Returns the block's table after the move. */
  SparseTable moved(long firstRow, SparseTable table, Threshold pruneFrom, Threshold growFrom) {
    Taken pruned = new Taken(firstRow, prune, pruneFrom);
    Taken grown = new Taken(firstRow, grow, growFrom);
    int stored = table.stored() - pruned.count() + grown.count();
    int[] offsets = new int[table.rows() + 1];
    short[] dims = new short[stored];
    float[] weights = new float[stored];
    int to = 0;
    for (int row = 0; row < table.rows(); row++) {
      for (int p = table.begin(row); p < table.end(row); p++) {
        int dim = table.dim(p);
        while (grown.at(row) && grown.dim() < dim) {
          dims[to] = (short) grown.dim();
          weights[to++] = grown.weight();
          grown.next();
        }
        if (pruned.at(row) && pruned.dim() == dim) {
          pruned.next();
        } else {
          dims[to] = table.dims()[p];
          weights[to++] = table.weights()[p];
        }
      }
      while (grown.at(row)) {
        dims[to] = (short) grown.dim();
        weights[to++] = grown.weight();
        grown.next();
      }
      offsets[row + 1] = to;
    }
    return new SparseTable(table.rank(), offsets, dims, weights);
  }

  /** The candidates that a threshold takes, in their order. */
  private static final class Taken {
    private final long firstRow;
    private final Candidates candidates;
    private final Threshold threshold;
    private int i = -1;

    Taken(long firstRow, Candidates candidates, Threshold threshold) {
      this.firstRow = firstRow;
      this.candidates = candidates;
      this.threshold = threshold;
      next();
    }

    int count() {
      int taken = 0;
      for (int c = 0; c < candidates.size(); c++) {
        taken += takes(c) ? 1 : 0;
      }
      return taken;
    }

    void next() {
      do {
        i++;
      } while (i < candidates.size() && !takes(i));
    }

    boolean at(int row) {
      return i < candidates.size() && candidates.row(i) == row;
    }

    int dim() {
      return candidates.dim(i);
    }

    float weight() {
      return candidates.weight(i);
    }

    private boolean takes(int c) {
      return threshold.takes(
          candidates.score(c), ScoreKey.tie(firstRow + candidates.row(c), candidates.dim(c)));
    }
  }
}
