package dev.coppice.core.als;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * The scores of an earlier model in the place of the interactions it was learnt from
 * (docs/design.md section 5, "Retraining without the history"). A row w with n_0 earlier
 * observations and earlier weights w_0 has beside its present observations
 *
 * <pre>
 *   gamma n_0 sum_i pi_i (w.q_i - w_0.q0_i)^2
 *     + alpha_0 sum_i (w.q_i - w_0.q0_i)^2
 *     + reg_0 |w - w_0|^2 + (reg - reg_0) |w|^2
 * </pre>
 *
 * with q_i and q0_i the rows of the other side now and before, pi_i their share of the earlier
 * observations, and reg_0 the L2 strength by n_0. So no earlier interaction is needed, and nothing
 * a row but w_0 and n_0: the sums over i are three matrices, {@link KeptSums}. A row that is new
 * has w_0 = 0 and n_0 = 0, which leaves the usual objective. With debiased confidences n_0 and pi_i
 * are those of {@link EarlierShares}. A loss leaves out what w_0.q0_i adds by itself, the same in
 * every sweep.
 *
 * <p>Source: it is the rehearsal of SparCL (Wang et al., <i>SparCL: Sparse Continual Learning on
 * the Edge</i>, NeurIPS 2022), whose buffer holds outputs beside examples as DER++ does (Buzzega et
 * al., <i>Dark Experience for General Continual Learning</i>, NeurIPS 2020). Differs from both: the
 * model is the buffer; all pairs are in it, each by how likely it was observed, and none is stored.
 *
 * @param strength gamma of {@link #of}, times what an observation of weight 1 weighs, times the
 *     mean number of earlier observations of this side's rows, over the number of rows of the other
 *     side that had any
 * @param unobservedWeight alpha_0
 * @param shares of this side's rows
 * @param other the sums over the rows of the other side
 * @param rowsBefore N_0, rows of the other side in the earlier model
 */
public record KeptScores(
    double strength,
    double unobservedWeight,
    EarlierShares shares,
    KeptSums.Matrices other,
    long rowsBefore)
    implements Serializable {

  /**
   * What an earlier model was learnt from.
   *
   * @param userRows its users
   * @param itemRows its items
   * @param activeUsers users that had observations, at least 1
   * @param activeItems items that had observations, at least 1
   * @param observations pairs
   */
  public record Counts(
      long userRows, long itemRows, long activeUsers, long activeItems, long observations)
      implements Serializable {

    /** Returns the rows of a side. */
    public long rows(Side side) {
      return side == Side.USERS ? userRows : itemRows;
    }

    private double mean(Side side) {
      return (double) observations / (side == Side.USERS ? activeUsers : activeItems);
    }

    /** Returns the shares of a side's rows. */
    public EarlierShares shares(AlsObjective objective, Side side) {
      return EarlierShares.of(objective, side, mean(side));
    }
  }

  /**
   * Returns the term of a half-sweep.
   *
   * @param side whose rows are solved
   * @param gamma how much an earlier observation weighs, one at hand weighing 1
   * @param sums over the rows of the other side
   */
  public static KeptScores of(
      AlsObjective objective, Side side, double gamma, Counts counts, KeptSums.Matrices sums) {
    // The mean number of observations of a pair, times the scale that shares of mean 1 leave out.
    double pair = counts.mean(side) * counts.mean(side.other()) / counts.observations();
    return new KeptScores(
        gamma * objective.perWeight() * pair,
        objective.unobservedWeight(),
        counts.shares(objective, side),
        sums,
        counts.rows(side.other()));
  }

  /** Returns what C is multiplied with for a row. */
  double scale(EarlierRows earlier, int row) {
    return strength * shares.of(earlier.observations()[row]);
  }

  /** Returns entry {@code dim} of (scale C_x + alpha_0 G_x)' w_0. */
  double linear(EarlierRows earlier, int row, double scale, int dim) {
    SparseTable before = earlier.rows();
    int rank = before.rank();
    double sum = 0;
    for (int p = before.begin(row); p < before.end(row); p++) {
      int at = before.dim(p) * rank + dim;
      double weighted = scale * other.weightedCross()[at];
      sum += before.weights()[p] * (weighted + unobservedWeight * other.cross()[at]);
    }
    return sum;
  }

  /**
   * Adds a row's part of gradient and curvature at every position, but for the L2 terms.
   *
   * @param table holds the row's weights
   */
  void addTo(
      EarlierRows earlier,
      int row,
      SparseTable table,
      int tableRow,
      double[] gradient,
      double[] curvature) {
    Kernels kernels = VectorKernels.chosen();
    SparseTable before = earlier.rows();
    int rank = before.rank();
    double scale = scale(earlier, row);
    if (scale > 0) {
      for (int p = table.begin(tableRow); p < table.end(tableRow); p++) {
        double weight = scale * table.weights()[p];
        kernels.axpy(weight, other.weighted(), table.dim(p) * rank, gradient, 0, rank);
      }
      for (int j = 0; j < rank; j++) {
        curvature[j] += scale * other.weighted()[j * rank + j];
      }
    }
    for (int p = before.begin(row); p < before.end(row); p++) {
      double weight = before.weights()[p];
      int at = before.dim(p) * rank;
      kernels.axpy(-scale * weight, other.weightedCross(), at, gradient, 0, rank);
      kernels.axpy(-unobservedWeight * weight, other.cross(), at, gradient, 0, rank);
    }
  }
}
