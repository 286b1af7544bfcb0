package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;

/**
 * What one side's rows need of the other side to be solved: read-only, shared by all threads of a
 * process.
 *
 * @param objective what is minimised
 * @param confidenceScale what stored confidences are multiplied with
 * @param srcRows N, rows of the other side
 * @param gramian {@code double[rank * rank]} of the other side; null where it is not needed
 * @param src the other side's rows, by block; all of a block, or those alone that observations name
 * @param code how observations name rows of {@code src}
 * @param pinned whether {@link AlsObjective#BIAS_DIM} of the rows to be solved is 1 and stays so
 * @param kept what stands for observations of an earlier model; null for nothing
 */
public record HalfSweep(
    AlsObjective objective,
    double confidenceScale,
    long srcRows,
    double[] gramian,
    SparseTable[] src,
    RowCode code,
    boolean pinned,
    KeptScores kept) {

  /** What rows need that have no earlier model. */
  public HalfSweep(
      AlsObjective objective,
      double confidenceScale,
      long srcRows,
      double[] gramian,
      SparseTable[] src,
      RowCode code,
      boolean pinned) {
    this(objective, confidenceScale, srcRows, gramian, src, code, pinned, null);
  }

  /** Returns c, what observation {@code i} of the block weighs in the loss. */
  double confidence(InteractionBlock block, int i) {
    float[] confidences = block.confidences();
    return confidences == null ? confidenceScale : confidenceScale * confidences[i];
  }

  /** Returns the L2 terms of the rows to be solved. */
  RowPenalty penalty() {
    return new RowPenalty(objective, srcRows, kept == null ? 0 : kept.rowsBefore(), pinned);
  }

  /** Returns the row that supports are grown from: empty, or the bias dimension alone. */
  SparseTable bareRow(int rank) {
    return BiasRows.reserve(objective, pinned, SparseTable.empty(rank, 1));
  }
}
