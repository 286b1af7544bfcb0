package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The rows of a block that a half-sweep leaves as they are, neither solved nor explored, as the
 * objective would fall least by them (docs/design.md section 5, "Retraining").
 *
 * <p>Source: dynamic gradient masking of SparCL (Wang et al., <i>SparCL: Sparse Continual Learning
 * on the Edge</i>, NeurIPS 2022, "DGM"). Differs from it: whole rows are left out, not single
 * weights, as a row's weights are solved together; and the share is taken in each block, so that no
 * count has to travel. Blocks are fixed groups of rows, so the choice does not depend on
 * partitions.
 *
 * @param rows {@code boolean[rows]}: which rows; null for none
 * @param weights stored weights of these rows
 * @param loss their part of the objective at their present weights
 * @param penalty their L2 term
 */
public record Resting(boolean[] rows, long weights, double loss, double penalty)
    implements Serializable {
  /** No row rests. */
  public static final Resting NONE = new Resting(null, 0, 0, 0);

  /** Returns whether a row rests. */
  boolean contains(int row) {
    return rows != null && rows[row];
  }

  /**
   * Chooses the rows.
   *
   * @param share share of the rows with observations that do not rest, rounded up; rows without
   *     observations are not in the choice
   */
  static Resting choose(
      PositionScores scores, InteractionBlock block, SparseTable table, double share) {
    long[] keys = new long[block.rows()];
    int active = 0;
    for (int row = 0; row < block.rows(); row++) {
      if (block.allObservations(row) > 0) {
        // A slack that is not a number goes first: solving tells what is wrong.
        double slack = scores.slack(block, row, table);
        float score = slack <= 0 ? 0 : (float) Math.min(slack, Float.MAX_VALUE);
        keys[active++] = (long) Float.floatToIntBits(score) << 32 | row;
      }
    }
    Arrays.sort(keys, 0, active);
    int resting = active - (int) Math.ceil(share * active);
    boolean[] rows = new boolean[block.rows()];
    for (int i = 0; i < resting; i++) {
      rows[(int) keys[i]] = true;
    }
    return of(scores, block, table, rows);
  }

  /** Returns the given rows. */
  static Resting of(
      PositionScores scores, InteractionBlock block, SparseTable table, boolean[] rows) {
    boolean any = false;
    long weights = 0;
    double loss = 0;
    double penalty = 0;
    for (int row = 0; row < rows.length; row++) {
      if (rows[row]) {
        any = true;
        scores.slack(block, row, table);
        loss += scores.loss();
        penalty += scores.step().penalty().of(block, row, table);
        weights += table.stored(row);
      }
    }
    return any ? new Resting(rows, weights, loss, penalty) : NONE;
  }
}
