package dev.coppice.core.linalg;

import java.util.Objects;

/**
 * Cholesky factor and solve of symmetric positive definite systems, in place and without
 * allocation.
 *
 * <p>The matrix is the lower triangle of {@code double[]}, row-major: entry (i, j), j &lt;= i, at
 * {@code i * stride + j}. Entries above the diagonal are neither read nor written. Rows are made
 * one after another from dot products of contiguous rows (Cholesky-Banachiewicz; Golub and Van
 * Loan, Matrix Computations, 4th ed., section 4.2), four columns at a time; the order of additions
 * depends on the order of the matrix alone, so the result is the same to the bit on every machine.
 * Cost: k^3/3 + 2 k^2 floating point operations. The computed x solves (A + E) x = b with |E| at
 * most about 4 k 2<sup>-53</sup> |L||L^T| entry by entry (Higham, Accuracy and Stability, 2nd ed.,
 * theorem 10.4).
 */
public final class Cholesky {

  /**
   * Below this order plain loops are as fast as vectors, and do not have to wait for the optimising
   * compiler, before which a vector operation costs a hundred times as much. The bits are the same.
   */
  private static final int SMALL = 40;

  private Cholesky() {}

  private static Kernels kernels(int k) {
    return k < SMALL ? VectorKernels.scalar() : VectorKernels.chosen();
  }

  /**
   * Replaces the lower triangle of the k x k matrix by its factor L.
   *
   * @return -1 when done; else the index of the first pivot that is not positive and finite, with
   *     the offending value left at that diagonal entry and rows from there on undefined
   * @throws IllegalArgumentException if k is negative or stride is less than k
   * @throws IndexOutOfBoundsException if {@code a} is shorter than the matrix
   */
  public static int factor(double[] a, int stride, int k) {
    return factor(kernels(k), a, stride, k);
  }

  /** As {@link #factor(double[], int, int)}, on given kernels. */
  public static int factor(Kernels kernels, double[] a, int stride, int k) {
    check(a, stride, k);
    for (int i = 0; i < k; i++) {
      int row = i * stride;
      int j = 0;
      for (; j + 4 <= i; j += 4) {
        if (j > 0) {
          kernels.subtractDots4(a, row, j * stride, stride, j, row + j);
        }
        finishTile(a, row, j, stride);
      }
      for (; j <= i; j++) {
        int other = j * stride;
        double value = a[row + j] - kernels.dot(a, row, a, other, j);
        if (j < i) {
          a[row + j] = value / a[other + j];
        } else if (value > 0 && value < Double.POSITIVE_INFINITY) {
          a[row + i] = Math.sqrt(value);
        } else {
          a[row + i] = value;
          return i;
        }
      }
    }
    return -1;
  }

  /** Columns j..j+3 of one row, once the products of the columns before j are taken off. */
  private static void finishTile(double[] a, int row, int j, int stride) {
    int p = row + j;
    int d0 = j * stride + j;
    int d1 = d0 + stride;
    int d2 = d1 + stride;
    int d3 = d2 + stride;
    double v0 = a[p] / a[d0];
    double v1 = (a[p + 1] - v0 * a[d1]) / a[d1 + 1];
    double v2 = (a[p + 2] - v0 * a[d2] - v1 * a[d2 + 1]) / a[d2 + 2];
    double v3 = (a[p + 3] - v0 * a[d3] - v1 * a[d3 + 1] - v2 * a[d3 + 2]) / a[d3 + 3];
    a[p] = v0;
    a[p + 1] = v1;
    a[p + 2] = v2;
    a[p + 3] = v3;
  }

  /**
   * Solves L L^T x = b with a factor made by {@link #factor}; {@code b[0..k)} becomes x.
   *
   * @throws IllegalArgumentException if k is negative or stride is less than k
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public static void solveFactored(double[] a, int stride, int k, double[] b) {
    solveFactored(kernels(k), a, stride, k, b);
  }

  /** As {@link #solveFactored(double[], int, int, double[])}, on given kernels. */
  public static void solveFactored(Kernels kernels, double[] a, int stride, int k, double[] b) {
    check(a, stride, k);
    Objects.checkFromIndexSize(0, k, b.length);
    for (int i = 0; i < k; i++) {
      int row = i * stride;
      b[i] = (b[i] - kernels.dot(a, row, b, 0, i)) / a[row + i];
    }
    // Backwards by rows of L, which are columns of L^T: contiguous, where a dot product would jump.
    for (int i = k - 1; i >= 0; i--) {
      int row = i * stride;
      double x = b[i] / a[row + i];
      b[i] = x;
      kernels.axpy(-x, a, row, b, 0, i);
    }
  }

  private static void check(double[] a, int stride, int k) {
    if (k < 0 || stride < k) {
      throw new IllegalArgumentException(
          "order k is " + k + ", stride is " + stride + "; needed: 0 <= k <= stride");
    }
    if (k > 0 && (k - 1L) * stride + k > a.length) {
      throw new IndexOutOfBoundsException(
          "a matrix of order "
              + k
              + " and stride "
              + stride
              + " needs "
              + ((k - 1L) * stride + k)
              + " doubles, the array has "
              + a.length);
    }
  }
}
