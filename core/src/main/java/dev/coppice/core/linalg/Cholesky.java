package dev.coppice.core.linalg;

import java.util.Objects;

/**
 * Solves symmetric positive definite systems A x = b by Cholesky's factor, in place and without
 * allocation.
 *
 * <p>A system of order k is {@code double[k * width]}, row after row, {@link #width} numbers each:
 * entry (i, j) of A, i &lt;= j &lt; k, at {@code i * width + j}, and b in column k. Entries below
 * the diagonal and beyond column k mean nothing: they are overwritten, and nothing depends on them.
 * {@link #factor} makes A = U'U (Golub and Van Loan, Matrix Computations, 4th ed., section 4.2) by
 * four rows at a time: once they are made, their products are taken off all rows below, with b as
 * one more column, which so becomes y with U'y = b. The order of additions depends on the order of
 * the matrix alone, so the result is the same to the bit on every machine. Cost: k^3/3 + 2 k^2
 * floating point operations. The computed x solves (A + E) x = b with |E| at most about 4 k
 * 2<sup>-53</sup> |U'||U| entry by entry (Higham, Accuracy and Stability, 2nd ed., theorem 10.4).
 */
public final class Cholesky {
  /** Rows begin, and their ranges are taken, at multiples of so many numbers. */
  private static final int TILE = 4;

  private Cholesky() {}

  /** Returns how many numbers a row of a system of order k takes: a multiple of four above k. */
  public static int width(int k) {
    return (k + TILE) & -TILE;
  }

  /**
   * Returns how many numbers a system of order k takes.
   *
   * @throws ArithmeticException if they do not fit one array
   */
  public static int size(int k) {
    return Math.multiplyExact(k, width(k));
  }

  /**
   * Replaces a system by its factor: U in the place of A, but for its diagonal, which is that of
   * 1/u_ii, and y in that of b.
   *
   * @return -1 when done; else the index of the first pivot that is not positive and finite, with
   *     the offending value left at that diagonal entry and rows from there on undefined
   * @throws IllegalArgumentException if k is negative
   * @throws IndexOutOfBoundsException if {@code a} is shorter than the system
   */
  public static int factor(double[] a, int k) {
    return factor(VectorKernels.chosen(), a, k);
  }

  /** As {@link #factor(double[], int)}, on given kernels. */
  public static int factor(Kernels kernels, double[] a, int k) {
    check(a, k);
    int width = width(k);
    for (int first = 0; first < k; first += TILE) {
      int last = Math.min(k, first + TILE);
      for (int i = first; i < last; i++) {
        int row = i * width;
        for (int above = first; above < i; above++) {
          int other = above * width;
          kernels.axpy(-a[other + i], a, other + first, a, row + first, width - first);
        }
        double pivot = a[row + i];
        if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
          return i;
        }
        double inverse = 1 / Math.sqrt(pivot);
        a[row + i] = inverse;
        for (int j = i + 1; j <= k; j++) {
          a[row + j] *= inverse;
        }
      }
      if (last < k) {
        int right = first * width + last;
        kernels.subtractProducts4(
            a, right, a, right, width, a, last * width + last, k - last, width - last);
      }
    }
    return -1;
  }

  /**
   * Solves a system by its factor: {@code x[0..k)} becomes the solution.
   *
   * @throws IllegalArgumentException if k is negative
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public static void solve(double[] a, int k, double[] x) {
    solve(VectorKernels.chosen(), a, k, x);
  }

  /** As {@link #solve(double[], int, double[])}, on given kernels. */
  public static void solve(Kernels kernels, double[] a, int k, double[] x) {
    check(a, k);
    Objects.checkFromIndexSize(0, k, x.length);
    int width = width(k);
    for (int i = k - 1; i >= 0; i--) {
      int row = i * width;
      double known = kernels.dot(a, row + i + 1, x, i + 1, k - 1 - i);
      x[i] = (a[row + k] - known) * a[row + i];
    }
  }

  private static void check(double[] a, int k) {
    if (k < 0) {
      throw new IllegalArgumentException("order k is " + k + "; needed: at least 0");
    }
    if (size(k) > a.length) {
      throw new IndexOutOfBoundsException(
          "a system of order " + k + " needs " + size(k) + " doubles, the array has " + a.length);
    }
  }
}
