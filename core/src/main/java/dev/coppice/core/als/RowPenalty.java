package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * The L2 terms of one side's rows.
 *
 * @param objective what is minimised
 * @param srcRows rows of the other side
 * @param pinned whether {@link AlsObjective#BIAS_DIM} of the rows is 1 and stays so; it does not
 *     count
 */
public record RowPenalty(AlsObjective objective, long srcRows, boolean pinned)
    implements Serializable {

  /** Returns the L2 strength of a row. */
  double strength(InteractionBlock block, int row) {
    return objective.regularisation(block.observations(row), srcRows);
  }

  /** Returns the L2 term of a row. */
  double of(InteractionBlock block, int row, SparseTable table) {
    double squares = 0;
    for (int p = table.begin(row); p < table.end(row); p++) {
      boolean counts = !pinned || table.dim(p) != AlsObjective.BIAS_DIM;
      double weight = table.weights()[p];
      squares += counts ? weight * weight : 0;
    }
    return strength(block, row) * squares;
  }

  /** Returns the sum of the L2 terms of all rows of a block. */
  double of(InteractionBlock block, SparseTable table) {
    double sum = 0;
    for (int row = 0; row < block.rows(); row++) {
      sum += of(block, row, table);
    }
    return sum;
  }
}
