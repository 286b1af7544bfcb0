package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/** Gives rows the weight in {@link AlsObjective#BIAS_DIM} that they hold from the start. */
public final class BiasRows {
  private BiasRows() {}

  /**
   * Returns a side's rows, each with a weight in the bias dimension if the objective has item
   * biases: 1 for users, 0 for items. Rows that hold weights already are as they were.
   */
  public static SparseTable reserve(AlsObjective objective, Side side, SparseTable rows) {
    return reserve(objective, objective.pins(side), rows);
  }

  static SparseTable reserve(AlsObjective objective, boolean pinned, SparseTable rows) {
    if (!objective.itemBias()) {
      return rows;
    }
    int[] offsets = new int[rows.rows() + 1];
    for (int row = 0; row < rows.rows(); row++) {
      offsets[row + 1] = Math.addExact(offsets[row], Math.max(1, rows.stored(row)));
    }
    short[] dims = new short[offsets[rows.rows()]];
    float[] weights = new float[dims.length];
    Arrays.fill(dims, (short) AlsObjective.BIAS_DIM);
    Arrays.fill(weights, pinned ? 1 : 0);
    for (int row = 0; row < rows.rows(); row++) {
      int stored = rows.stored(row);
      System.arraycopy(rows.dims(), rows.begin(row), dims, offsets[row], stored);
      System.arraycopy(rows.weights(), rows.begin(row), weights, offsets[row], stored);
    }
    return new SparseTable(rows.rank(), offsets, dims, weights);
  }
}
