package dev.coppice.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CholeskyTest {

  private static final int[] SIZES = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 31, 33, 64, 65, 130
  };

  static Stream<Kernels> providers() {
    return Stream.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow());
  }

  /** M M^T + shift I with Gaussian M, lower triangle; NaN above it, which must never be read. */
  private static double[] system(Random random, int k, int stride, double shift) {
    double[][] m = new double[k][k];
    for (double[] row : m) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    double[] a = new double[Math.max(k, 1) * stride];
    Arrays.fill(a, Double.NaN);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? shift : 0;
        for (int p = 0; p < k; p++) {
          sum += m[i][p] * m[j][p];
        }
        a[i * stride + j] = sum;
      }
    }
    return a;
  }

  private static double[] vector(Random random, int k) {
    double[] b = new double[k];
    Arrays.setAll(b, i -> random.nextGaussian());
    return b;
  }

  private static double at(double[] a, int stride, int i, int j) {
    return j <= i ? a[i * stride + j] : a[j * stride + i];
  }

  private static void solve(Kernels kernels, double[] a, int stride, int k, double[] b) {
    assertThat(Cholesky.factor(kernels, a, stride, k)).isEqualTo(-1);
    Cholesky.solveFactored(kernels, a, stride, k, b);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void solvesTheSystemWorkedByHand(Kernels kernels) {
    // L = [2 0 0; 6 1 0; -8 5 3], A = L L^T = [4 12 -16; 12 37 -43; -16 -43 98], x = (1, 2, 3):
    // A x = (4+24-48, 12+74-129, -16-86+294) = (-20, -43, 192).
    double[] a = {4, 0, 0, 12, 37, 0, -16, -43, 98};
    double[] b = {-20, -43, 192};
    solve(kernels, a, 3, 3, b);
    assertThat(b).containsExactly(1, 2, 3);
    assertThat(a).containsExactly(2, 0, 0, 6, 1, 0, -8, 5, 3);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void factorMultipliesBackToTheMatrix(Kernels kernels) {
    Random random = new Random(21);
    for (int k : SIZES) {
      int stride = k + 3;
      double[] a = system(random, k, stride, 0.5);
      double[] factor = a.clone();
      assertThat(Cholesky.factor(kernels, factor, stride, k)).isEqualTo(-1);
      for (int i = 0; i < k; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = 0;
          double magnitude = 0;
          for (int p = 0; p <= j; p++) {
            double product = factor[i * stride + p] * factor[j * stride + p];
            sum += product;
            magnitude += Math.abs(product);
          }
          // Higham, theorem 10.3: |A - L L^T| <= gamma_{k+1} |L||L^T|; as much again for this sum.
          assertThat(Math.abs(sum - a[i * stride + j]))
              .as("k=%d (%d,%d)", k, i, j)
              .isLessThanOrEqualTo(2.02 * (k + 1) * 0x1.0p-53 * magnitude);
        }
        for (int j = i + 1; j < stride; j++) {
          assertThat(factor[i * stride + j]).isNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void residualIsSmall(Kernels kernels) {
    Random random = new Random(22);
    for (int k : SIZES) {
      int stride = k + 1;
      double[] a = system(random, k, stride, 1);
      double[] b = vector(random, k);
      double[] x = b.clone();
      double[] scratch = a.clone();
      solve(kernels, scratch, stride, k, x);
      for (int i = 0; i < k; i++) {
        double sum = 0;
        double size = 0;
        for (int j = 0; j < k; j++) {
          sum += at(a, stride, i, j) * x[j];
          // |L||L^T| is at most k max(diagonal) entry by entry; this is the bound with A's
          // diagonal.
          size += Math.sqrt(at(a, stride, i, i) * at(a, stride, j, j)) * Math.abs(x[j]);
        }
        assertThat(Math.abs(sum - b[i]))
            .as("k=%d row %d", k, i)
            .isLessThanOrEqualTo(5 * (k + 2) * 0x1.0p-53 * size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void agreesWithGaussianElimination(Kernels kernels) {
    Random random = new Random(23);
    for (int k : new int[] {1, 5, 13, 30}) {
      double[] a = system(random, k, k, 2);
      double[] b = vector(random, k);
      double[] wanted = eliminate(a, k, b);
      solve(kernels, a, k, k, b);
      for (int i = 0; i < k; i++) {
        assertThat(b[i]).isEqualTo(wanted[i], Offset.offset(1e-9 * (1 + Math.abs(wanted[i]))));
      }
    }
  }

  @Test
  void bothProvidersGiveTheSameBits() {
    Random random = new Random(24);
    for (int k : SIZES) {
      double[] a = system(random, k, k + 2, 0.1);
      double[] b = vector(random, k);
      double[] a2 = a.clone();
      double[] b2 = b.clone();
      solve(VectorKernels.scalar(), a, k + 2, k, b);
      solve(VectorKernels.vector().orElseThrow(), a2, k + 2, k, b2);
      assertThat(a2).as("factor, k=%d", k).isEqualTo(a);
      assertThat(b2).as("solution, k=%d", k).isEqualTo(b);
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void theFailingPivotIsNamed(Kernels kernels) {
    for (int k : new int[] {1, 4, 5, 9, 20}) {
      for (int bad = 0; bad < k; bad++) {
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
          double[] a = new double[k * k];
          for (int i = 0; i < k; i++) {
            a[i * k + i] = i == bad ? value : 1;
          }
          assertThat(Cholesky.factor(kernels, a, k, k)).isEqualTo(bad);
          assertThat(a[bad * k + bad]).isEqualTo(Double.valueOf(value));
        }
      }
    }
  }

  @Test
  void aSingularMatrixIsRefused() {
    // Rank one: (1,2)(1,2)^T.
    assertThat(Cholesky.factor(new double[] {1, 0, 2, 4}, 2, 2)).isEqualTo(1);
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> Cholesky.factor(new double[9], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stride is 2");
    assertThatThrownBy(() -> Cholesky.factor(new double[8], 3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("needs 9");
    assertThatThrownBy(() -> Cholesky.solveFactored(new double[] {1, 0, 0, 1}, 2, 2, new double[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static double[] eliminate(double[] lower, int k, double[] b) {
    double[][] m = new double[k][k + 1];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        m[i][j] = at(lower, k, i, j);
      }
      m[i][k] = b[i];
    }
    for (int p = 0; p < k; p++) {
      int best = p;
      for (int i = p + 1; i < k; i++) {
        best = Math.abs(m[i][p]) > Math.abs(m[best][p]) ? i : best;
      }
      double[] swap = m[p];
      m[p] = m[best];
      m[best] = swap;
      for (int i = p + 1; i < k; i++) {
        double f = m[i][p] / m[p][p];
        for (int j = p; j <= k; j++) {
          m[i][j] -= f * m[p][j];
        }
      }
    }
    double[] x = new double[k];
    for (int i = k - 1; i >= 0; i--) {
      double sum = m[i][k];
      for (int j = i + 1; j < k; j++) {
        sum -= m[i][j] * x[j];
      }
      x[i] = sum / m[i][i];
    }
    return x;
  }
}
