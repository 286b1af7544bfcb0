package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * G = sum of q q^T over the rows of a table, {@code rank x rank}, summed so that the result does
 * not depend on the order of the blocks.
 *
 * <p>Each block is summed in doubles, row after row, then rounded once to a multiple of 2^-36 and
 * added as an integer; integers add in any order to the same bits. An entry may reach 6.7e7 in
 * absolute value; the rounding costs 1.5e-11 a block.
 */
public final class Gramian implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double SCALE = 0x1p36;
  private static final double LIMIT = 0x1p62;

  private final int rank;
  private final long[] packed;

  /**
   * Starts a sum at zero.
   *
   * @throws IllegalArgumentException if {@code rank * (rank + 1) / 2} numbers do not fit one array
   */
  public Gramian(int rank) {
    requireFit(rank);
    this.rank = rank;
    this.packed = new long[(int) ((long) rank * (rank + 1) / 2)];
  }

  /** Checks that matrices of a rank fit one array. */
  static void requireFit(int rank) {
    if ((long) rank * rank > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "rank is "
              + rank
              + "; with implicit feedback it must be at most 46340, because a Gramian of rank x"
              + " rank numbers is summed");
    }
  }

  /**
   * Adds the rows of one block.
   *
   * @param block the rows
   * @param scratch {@code double[rank * (rank + 1) / 2]}, overwritten
   * @throws ArithmeticException if an entry leaves the range above
   */
  public void add(SparseTable block, double[] scratch) {
    java.util.Arrays.fill(scratch, 0, packed.length, 0);
    short[] dims = block.dims();
    float[] weights = block.weights();
    for (int row = 0; row < block.rows(); row++) {
      int begin = block.begin(row);
      int end = block.end(row);
      if (end - begin == rank) {
        addDense(weights, begin, scratch);
        continue;
      }
      for (int p = begin; p < end; p++) {
        double weight = weights[p];
        if (weight != 0) {
          int j = dims[p] & 0xFFFF;
          int base = j * (j + 1) / 2;
          for (int q = begin; q <= p; q++) {
            scratch[base + (dims[q] & 0xFFFF)] += weight * weights[q];
          }
        }
      }
    }
    addRounded(packed, scratch);
  }

  /** Adds the sums of one block, of which there may be more than are wanted, rounded once. */
  static void addRounded(long[] sums, double[] block) {
    for (int i = 0; i < sums.length; i++) {
      double scaled = block[i] * SCALE;
      if (!(Math.abs(scaled) < LIMIT)) {
        throw new ArithmeticException(
            "the Gramian of a block reaches "
                + block[i]
                + ", beyond 6.7e7: the weights diverge; raise regParam, or scale the interactions'"
                + " weights down");
      }
      sums[i] = sum(sums[i], Math.round(scaled));
    }
  }

  private void addDense(float[] weights, int begin, double[] scratch) {
    int base = 0;
    for (int j = 0; j < rank; j++) {
      double weight = weights[begin + j];
      for (int q = 0; q <= j; q++) {
        scratch[base + q] += weight * weights[begin + q];
      }
      base += j + 1;
    }
  }

  /**
   * Adds another sum to this one.
   *
   * @throws ArithmeticException if an entry leaves the range of twice that of a block
   */
  public void add(Gramian other) {
    add(packed, other.packed);
  }

  /** Adds sums of {@link #addRounded}. */
  static void add(long[] sums, long[] others) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = sum(sums[i], others[i]);
    }
  }

  /** Returns what a sum of {@link #addRounded} stands for. */
  static double value(long sum) {
    return sum / SCALE;
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw new ArithmeticException(
          "the Gramian of a table goes beyond 1.3e8: the weights diverge; raise regParam, or scale"
              + " the interactions' weights down");
    }
    return sum;
  }

  /** Returns the full symmetric matrix, {@code double[rank * rank]}, row-major. */
  public double[] toMatrix() {
    double[] matrix = new double[rank * rank];
    int at = 0;
    for (int j = 0; j < rank; j++) {
      for (int q = 0; q <= j; q++) {
        double value = value(packed[at++]);
        matrix[j * rank + q] = value;
        matrix[q * rank + j] = value;
      }
    }
    return matrix;
  }

  /** Returns the scratch that {@link #add(SparseTable, double[])} needs for a rank. */
  public static double[] scratch(int rank) {
    return new double[rank * (rank + 1) / 2];
  }
}
