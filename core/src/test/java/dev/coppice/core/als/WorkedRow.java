package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;

/**
 * A row that is worked by hand in several tests: q_1 = (1, 0), q_2 = (1, 1), the row observed q_1,
 * alpha_0 = 1/2, reg = 1/4. G = (2 1; 1 1), A = G / 2 + q_1 q_1^T + I / 4 = (9/4 1/2; 1/2 3/4), b =
 * (1, 0).
 */
final class WorkedRow {
  static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.5, 0.25, 0, 0, 0);

  private WorkedRow() {}

  /** What the row needs of the others. */
  static HalfSweep step(AlsObjective objective) {
    SparseTable src =
        new SparseTable(2, new int[] {0, 1, 3}, new short[] {0, 0, 1}, new float[] {1, 1, 1});
    return new HalfSweep(
        objective,
        1,
        2,
        new double[] {2, 1, 1, 1},
        new SparseTable[] {src},
        RowCode.forBlocks(1),
        false);
  }

  /** The observation of the one row. */
  static InteractionBlock block() {
    return new InteractionBlock(0, new long[] {5}, new int[] {0, 1}, new int[] {0}, null, null);
  }
}
