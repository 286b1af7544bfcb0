package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The sums over the rows of one side that {@link KeptScores} needs: of the present rows q with
 * themselves, weighted by their {@link EarlierShares}, and of the earlier rows q_0 with the present
 * ones, weighted and not. Like a {@link Gramian} they do not depend on the order of the blocks:
 * each block is summed in doubles, rounded once, and added as integers.
 */
public final class KeptSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] weighted;
  private final long[] weightedCross;
  private final long[] cross;

  /**
   * Starts sums at zero.
   *
   * @throws IllegalArgumentException if {@code rank * rank} numbers do not fit one array
   */
  public KeptSums(int rank) {
    Gramian.requireFit(rank);
    weighted = new long[rank * rank];
    weightedCross = new long[rank * rank];
    cross = new long[rank * rank];
  }

  /**
   * Adds the rows of one block.
   *
   * @param scratch of {@link #scratch}, overwritten
   * @throws ArithmeticException if an entry leaves the range of {@link Gramian}
   */
  public void add(
      SparseTable present, EarlierRows earlier, EarlierShares shares, double[][] scratch) {
    for (double[] sums : scratch) {
      Arrays.fill(sums, 0);
    }
    int rank = present.rank();
    SparseTable before = earlier.rows();
    for (int row = 0; row < present.rows(); row++) {
      double share = shares.of(earlier.observations()[row]);
      int begin = present.begin(row);
      int end = present.end(row);
      for (int p = share > 0 ? begin : end; p < end; p++) {
        double weight = share * present.weights()[p];
        int at = present.dim(p) * rank;
        for (int q = begin; q < end; q++) {
          scratch[0][at + present.dim(q)] += weight * present.weights()[q];
        }
      }
      for (int p = before.begin(row); p < before.end(row); p++) {
        double weight = before.weights()[p];
        int at = before.dim(p) * rank;
        for (int q = begin; q < end; q++) {
          double product = weight * present.weights()[q];
          scratch[1][at + present.dim(q)] += share * product;
          scratch[2][at + present.dim(q)] += product;
        }
      }
    }
    Gramian.addRounded(weighted, scratch[0]);
    Gramian.addRounded(weightedCross, scratch[1]);
    Gramian.addRounded(cross, scratch[2]);
  }

  /**
   * Adds other sums to these.
   *
   * @throws ArithmeticException if an entry leaves the range of {@link Gramian}
   */
  public void add(KeptSums other) {
    Gramian.add(weighted, other.weighted);
    Gramian.add(weightedCross, other.weightedCross);
    Gramian.add(cross, other.cross);
  }

  /** Returns the matrices. */
  public Matrices matrices() {
    return new Matrices(values(weighted), values(weightedCross), values(cross));
  }

  private static double[] values(long[] sums) {
    double[] values = new double[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Gramian.value(sums[i]);
    }
    return values;
  }

  /** Returns the scratch for the blocks of a table of {@code rank} dimensions. */
  public static double[][] scratch(int rank) {
    return new double[3][rank * rank];
  }

  /**
   * The sums, each {@code double[rank * rank]}, row-major.
   *
   * @param weighted C, symmetric up to the last bit
   * @param weightedCross C_x: rows by the dimensions of the earlier rows, columns by those of the
   *     present ones
   * @param cross G_x, likewise
   */
  public record Matrices(double[] weighted, double[] weightedCross, double[] cross)
      implements Serializable {}
}
