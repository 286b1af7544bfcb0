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

  /** M M^T + shift I with Gaussian M, and b; NaN below the diagonal, which must never be read. */
  private static double[] system(Random random, int k, double shift, double[] b) {
    double[][] m = new double[k][k];
    for (double[] row : m) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    int width = Cholesky.width(k);
    double[] a = new double[Cholesky.size(k)];
    Arrays.fill(a, Double.NaN);
    for (int i = 0; i < k; i++) {
      for (int j = i; j < k; j++) {
        double sum = i == j ? shift : 0;
        for (int p = 0; p < k; p++) {
          sum += m[i][p] * m[j][p];
        }
        a[i * width + j] = sum;
      }
      a[i * width + k] = b[i];
    }
    return a;
  }

  private static double[] vector(Random random, int k) {
    double[] b = new double[k];
    Arrays.setAll(b, i -> random.nextGaussian());
    return b;
  }

  private static double at(double[] a, int width, int i, int j) {
    return i <= j ? a[i * width + j] : a[j * width + i];
  }

  private static double[] solve(Kernels kernels, double[] a, int k) {
    assertThat(Cholesky.factor(kernels, a, k)).isEqualTo(-1);
    double[] x = new double[k];
    Cholesky.solve(kernels, a, k, x);
    return x;
  }

  @Test
  void rowsAreMultiplesOfFourWithRoomForTheRightSide() {
    for (int k : SIZES) {
      assertThat(Cholesky.width(k) % 4).isZero();
      assertThat(Cholesky.width(k)).isBetween(k + 1, k + 4);
      assertThat(Cholesky.size(k)).isEqualTo(k * Cholesky.width(k));
    }
    assertThatThrownBy(() -> Cholesky.size(50_000)).isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void solvesTheSystemWorkedByHand(Kernels kernels) {
    // U = [2 6 -8; 0 1 5; 0 0 3], A = U'U = [4 12 -16; 12 37 -43; -16 -43 98], x = (1, 2, 3):
    // A x = (4+24-48, 12+74-129, -16-86+294) = (-20, -43, 192); y = U x = (-10, 17, 9).
    double[] a = {4, 12, -16, -20, 0, 37, -43, -43, 0, 0, 98, 192};
    double[] x = solve(kernels, a, 3);
    assertThat(x).usingComparatorWithPrecision(1e-14).containsExactly(1, 2, 3);
    assertThat(Arrays.copyOfRange(a, 0, 4)).containsExactly(0.5, 6, -8, -10);
    assertThat(Arrays.copyOfRange(a, 5, 8)).containsExactly(1, 5, 17);
    assertThat(a[10]).isEqualTo(1 / 3.0);
    assertThat(a[11]).isCloseTo(9, Offset.offset(1e-14));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void factorMultipliesBackToTheMatrix(Kernels kernels) {
    Random random = new Random(21);
    for (int k : SIZES) {
      int width = Cholesky.width(k);
      double[] a = system(random, k, 0.5, vector(random, k));
      double[] factor = a.clone();
      assertThat(Cholesky.factor(kernels, factor, k)).isEqualTo(-1);
      for (int i = 0; i < k; i++) {
        factor[i * width + i] = 1 / factor[i * width + i];
      }
      for (int i = 0; i < k; i++) {
        for (int j = i; j < k; j++) {
          double sum = 0;
          double magnitude = 0;
          for (int p = 0; p <= i; p++) {
            double product = factor[p * width + i] * factor[p * width + j];
            sum += product;
            magnitude += Math.abs(product);
          }
          // Higham, theorem 10.3: |A - U'U| <= gamma_{k+1} |U'||U|; as much again for this sum,
          // and two roundings more for each reciprocal.
          assertThat(Math.abs(sum - a[i * width + j]))
              .as("k=%d (%d,%d)", k, i, j)
              .isLessThanOrEqualTo(2.02 * (k + 5) * 0x1.0p-53 * magnitude);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void residualIsSmall(Kernels kernels) {
    Random random = new Random(22);
    for (int k : SIZES) {
      int width = Cholesky.width(k);
      double[] b = vector(random, k);
      double[] a = system(random, k, 1, b);
      double[] x = solve(kernels, a.clone(), k);
      for (int i = 0; i < k; i++) {
        double sum = 0;
        double size = 0;
        for (int j = 0; j < k; j++) {
          sum += at(a, width, i, j) * x[j];
          // |U'||U| is at most k max(diagonal) entry by entry; this is the bound with A's
          // diagonal.
          size += Math.sqrt(at(a, width, i, i) * at(a, width, j, j)) * Math.abs(x[j]);
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
      double[] b = vector(random, k);
      double[] a = system(random, k, 2, b);
      double[] wanted = eliminate(a, k, b);
      double[] x = solve(kernels, a, k);
      for (int i = 0; i < k; i++) {
        assertThat(x[i]).isEqualTo(wanted[i], Offset.offset(1e-9 * (1 + Math.abs(wanted[i]))));
      }
    }
  }

  @Test
  void bothProvidersGiveTheSameBits() {
    Random random = new Random(24);
    for (int k : SIZES) {
      double[] a = system(random, k, 0.1, vector(random, k));
      double[] a2 = a.clone();
      double[] x = solve(VectorKernels.scalar(), a, k);
      assertThat(solve(VectorKernels.vector().orElseThrow(), a2, k)).as("k=%d", k).isEqualTo(x);
      int width = Cholesky.width(k);
      for (int i = 0; i < k; i++) {
        for (int j = i; j <= k; j++) {
          assertThat(a2[i * width + j]).as("k=%d (%d,%d)", k, i, j).isEqualTo(a[i * width + j]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void theFailingPivotIsNamed(Kernels kernels) {
    for (int k : new int[] {1, 4, 5, 9, 20}) {
      int width = Cholesky.width(k);
      for (int bad = 0; bad < k; bad++) {
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
          double[] a = new double[Cholesky.size(k)];
          for (int i = 0; i < k; i++) {
            a[i * width + i] = i == bad ? value : 1;
          }
          assertThat(Cholesky.factor(kernels, a, k)).isEqualTo(bad);
          assertThat(a[bad * width + bad]).isEqualTo(Double.valueOf(value));
        }
      }
    }
  }

  @Test
  void aSingularMatrixIsRefused() {
    // Rank one: (1,2)(1,2)^T.
    assertThat(Cholesky.factor(new double[] {1, 2, 0, 0, 0, 4, 0, 0}, 2)).isEqualTo(1);
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> Cholesky.factor(new double[9], -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("order k is -1");
    assertThatThrownBy(() -> Cholesky.factor(new double[11], 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("needs 12");
    assertThatThrownBy(
            () -> Cholesky.solve(new double[] {1, 0, 0, 0, 0, 1, 0, 0}, 2, new double[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static double[] eliminate(double[] upper, int k, double[] b) {
    double[][] m = new double[k][k + 1];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        m[i][j] = at(upper, Cholesky.width(k), i, j);
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
