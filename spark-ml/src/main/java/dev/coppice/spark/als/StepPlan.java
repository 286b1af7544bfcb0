package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.KeptScores;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.RowPenalty;
import dev.coppice.core.als.Side;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What all half-sweeps of a side have in common.
 *
 * @param side whose rows are solved
 * @param srcRows rows of the other side
 * @param history what is kept of interactions that are not at hand; null for nothing
 */
record StepPlan(
    AlsObjective objective,
    Side side,
    double confidenceScale,
    long srcRows,
    RowCode code,
    KeptHistory history)
    implements Serializable {

  /**
   * What an initial model was learnt from, where its scores stand for it.
   *
   * @param keepScores gamma, how much an interaction of it weighs
   */
  record KeptHistory(double keepScores, KeptScores.Counts counts) implements Serializable {}

  /**
   * Returns a half-sweep.
   *
   * @param src the other side's rows, by block
   * @param sums over these; null where nothing is needed
   */
  HalfSweep step(SparseTable[] src, SideSums sums) {
    KeptScores kept =
        history == null
            ? null
            : KeptScores.of(objective, side, history.keepScores(), history.counts(), sums.kept());
    return new HalfSweep(
        objective,
        confidenceScale,
        srcRows,
        sums == null ? null : sums.gramian(),
        src,
        code,
        objective.pins(side),
        kept);
  }

  /** Returns the L2 terms of the rows. */
  RowPenalty penalty() {
    return new RowPenalty(
        objective,
        srcRows,
        history == null ? 0 : history.counts().rows(side.other()),
        objective.pins(side));
  }
}
