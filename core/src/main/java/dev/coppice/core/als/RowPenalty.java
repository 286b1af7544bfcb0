package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.function.IntUnaryOperator;

/**
 * The L2 terms of one side's rows.
 *
 * @param objective what is minimised
 * @param srcRows rows of the other side
 * @param srcRowsBefore rows of the other side in the model whose scores are kept ({@link
 *     KeptScores}); not read without one
 * @param pinned whether {@link AlsObjective#BIAS_DIM} of the rows is 1 and stays so; it does not
 *     count
 */
public record RowPenalty(AlsObjective objective, long srcRows, long srcRowsBefore, boolean pinned)
    implements Serializable {

  /** Returns the L2 strength of a row. */
  double strength(InteractionBlock block, int row) {
    return objective.regularisation(block.allObservations(row), srcRows);
  }

  /** Returns the part of {@link #strength} that pulls towards the earlier weights, not to 0. */
  double strengthBefore(InteractionBlock block, int row) {
    EarlierRows earlier = block.earlier();
    return earlier == null || earlier.rows().stored(row) == 0
        ? 0
        : objective.regularisation(earlier.observations()[row], srcRowsBefore);
  }

  /** Returns the L2 term of a row. */
  double of(InteractionBlock block, int row, SparseTable table) {
    double squares = 0;
    for (int p = table.begin(row); p < table.end(row); p++) {
      boolean counts = !pinned || table.dim(p) != AlsObjective.BIAS_DIM;
      double weight = table.weights()[p];
      squares += counts ? weight * weight : 0;
    }
    double toZero = strength(block, row) * squares;
    return block.earlier() == null
        ? toZero
        : toZero + ofEarlier(block, row) - 2 * towardsEarlier(block, row, table);
  }

  /** Returns reg_0 |w_0|^2, the L2 term of a row's earlier weights. */
  double ofEarlier(InteractionBlock block, int row) {
    return towardsEarlier(block, row, block.earlier().rows());
  }

  /** Returns reg_0 w_0.w, what the earlier weights pull the present ones by. */
  double towardsEarlier(InteractionBlock block, int row, SparseTable table) {
    SparseTable earlier = block.earlier().rows();
    double sum = 0;
    int p = table.begin(row);
    for (int q = earlier.begin(row); q < earlier.end(row); q++) {
      int dim = earlier.dim(q);
      while (p < table.end(row) && table.dim(p) < dim) {
        p++;
      }
      boolean both = p < table.end(row) && table.dim(p) == dim;
      if (both && !(pinned && dim == AlsObjective.BIAS_DIM)) {
        sum += (double) earlier.weights()[q] * table.weights()[p];
      }
    }
    return strengthBefore(block, row) * sum;
  }

  /**
   * Adds a multiple of reg_0 w_0 to a vector.
   *
   * @param place where a dimension stands in the vector; below 0 where it does not
   */
  void addEarlier(
      InteractionBlock block, int row, double factor, double[] to, IntUnaryOperator place) {
    double scaled = factor * strengthBefore(block, row);
    SparseTable earlier = block.earlier().rows();
    for (int p = earlier.begin(row); p < earlier.end(row); p++) {
      int dim = earlier.dim(p);
      int at = place.applyAsInt(dim);
      if (at >= 0 && !(pinned && dim == AlsObjective.BIAS_DIM)) {
        to[at] += scaled * earlier.weights()[p];
      }
    }
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
