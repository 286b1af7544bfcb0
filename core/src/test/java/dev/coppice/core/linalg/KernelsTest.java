package dev.coppice.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scalar against vector to the bit, and both against exact arithmetic. */
class KernelsTest {

  private static final int[] SIZES = {
    0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 25, 31, 32, 33, 40, 63, 64, 65, 127, 1000
  };
  private static final int[] OFFSETS = {0, 1, 3, 8};

  private final Kernels scalar = VectorKernels.scalar();

  private static Kernels vector() {
    assumeThat(VectorKernels.vector())
        .as("JVM started with --add-modules=jdk.incubator.vector")
        .isPresent();
    return VectorKernels.vector().get();
  }

  private static float[] floats(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(5) - 2));
    }
    return values;
  }

  private static double[] doubles(Random random, int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextGaussian() * Math.pow(10, random.nextInt(5) - 2);
    }
    return values;
  }

  private static boolean same(float a, float b) {
    return Float.floatToIntBits(a) == Float.floatToIntBits(b);
  }

  @Test
  void theVectorProviderIsTestedInThisBuild() {
    assertThat(VectorKernels.vector()).isPresent();
  }

  @Test
  void dotOfFloatsHasTheSameBits() {
    Random random = new Random(11);
    Kernels vector = vector();
    for (int n : SIZES) {
      for (int aOff : OFFSETS) {
        for (int bOff : OFFSETS) {
          float[] a = floats(random, aOff + n + 2);
          float[] b = floats(random, bOff + n + 2);
          assertThat(vector.dot(a, aOff, b, bOff, n))
              .as("n=%d aOff=%d bOff=%d", n, aOff, bOff)
              .isEqualTo(scalar.dot(a, aOff, b, bOff, n));
        }
      }
    }
  }

  @Test
  void dotOfDoublesHasTheSameBits() {
    Random random = new Random(12);
    Kernels vector = vector();
    for (int n : SIZES) {
      for (int aOff : OFFSETS) {
        double[] a = doubles(random, aOff + n);
        double[] b = doubles(random, 3 + n);
        assertThat(vector.dot(a, aOff, b, 3, n))
            .as("n=%d aOff=%d", n, aOff)
            .isEqualTo(scalar.dot(a, aOff, b, 3, n));
      }
    }
  }

  @Test
  void specialValuesGoThroughAlike() {
    Kernels vector = vector();
    Random random = new Random(13);
    float[] specials = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -0f,
      0f,
      Float.MIN_VALUE,
      Float.MAX_VALUE
    };
    for (int n : new int[] {1, 7, 8, 9, 16, 33}) {
      for (float special : specials) {
        for (int at = 0; at < n; at++) {
          float[] a = floats(random, n);
          float[] b = floats(random, n);
          a[at] = special;
          assertThat(same(vector.dot(a, 0, b, 0, n), scalar.dot(a, 0, b, 0, n)))
              .as("dot n=%d special=%s at=%d", n, special, at)
              .isTrue();
          float[] y1 = b.clone();
          float[] y2 = b.clone();
          vector.scaledAdd(0.3f, a, 0, y1, 0, n);
          scalar.scaledAdd(0.3f, a, 0, y2, 0, n);
          assertThat(y1).isEqualTo(y2);
          for (float threshold : specials) {
            assertThat(vector.nextAbove(a, 0, n, threshold))
                .isEqualTo(scalar.nextAbove(a, 0, n, threshold));
          }
        }
      }
    }
  }

  @Test
  void dotOfAllNegativeZerosIsPositiveZeroInBoth() {
    for (int n : SIZES) {
      float[] a = new float[n];
      java.util.Arrays.fill(a, -0f);
      float[] b = new float[n];
      java.util.Arrays.fill(b, 1f);
      assertThat(Float.floatToIntBits(scalar.dot(a, 0, b, 0, n))).isZero();
      assertThat(Float.floatToIntBits(vector().dot(a, 0, b, 0, n))).isZero();
    }
  }

  @Test
  void dotStaysWithinItsErrorBound() {
    Random random = new Random(14);
    for (int n : SIZES) {
      float[] a = floats(random, n);
      float[] b = floats(random, n);
      BigDecimal exact = BigDecimal.ZERO;
      double magnitude = 0;
      for (int i = 0; i < n; i++) {
        exact = exact.add(new BigDecimal(a[i]).multiply(new BigDecimal(b[i])));
        magnitude += Math.abs((double) a[i] * b[i]);
      }
      double bound = (n / 16 + 13) * 0x1.0p-24 * magnitude * 1.001;
      assertThat(Math.abs(scalar.dot(a, 0, b, 0, n) - exact.doubleValue()))
          .as("n=%d", n)
          .isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void dotOfConsecutiveNumbersIsTheSumOfSquares() {
    // 1^2 + ... + 100^2 = 100 * 101 * 201 / 6 = 338350, and every partial sum is an exact float.
    float[] a = new float[100];
    double[] d = new double[100];
    for (int i = 0; i < 100; i++) {
      a[i] = i + 1;
      d[i] = i + 1;
    }
    assertThat(scalar.dot(a, 0, a, 0, 100)).isEqualTo(338350f);
    assertThat(vector().dot(a, 0, a, 0, 100)).isEqualTo(338350f);
    assertThat(scalar.dot(d, 0, d, 0, 100)).isEqualTo(338350d);
    assertThat(vector().dot(d, 0, d, 0, 100)).isEqualTo(338350d);
  }

  @Test
  void axpyIsOneMultiplicationAndOneAdditionAndTouchesNothingElse() {
    Random random = new Random(15);
    Kernels vector = vector();
    for (int n : SIZES) {
      for (int off : OFFSETS) {
        double[] x = doubles(random, off + n + 2);
        double[] y = doubles(random, 3 + n + 9);
        float[] xf = floats(random, off + n + 2);
        float[] yf = floats(random, 3 + n + 9);
        double[] wanted = y.clone();
        double[] wantedWide = y.clone();
        float[] wantedFloat = yf.clone();
        for (int i = 0; i < n; i++) {
          wanted[3 + i] = y[3 + i] + 0.7 * x[off + i];
          wantedWide[3 + i] = y[3 + i] + 0.7 * xf[off + i];
          wantedFloat[3 + i] = yf[3 + i] + 0.7f * xf[off + i];
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
          double[] out = y.clone();
          kernels.axpy(0.7, x, off, out, 3, n);
          assertThat(out).isEqualTo(wanted);
          out = y.clone();
          kernels.axpyFloat(0.7, xf, off, out, 3, n);
          assertThat(out).isEqualTo(wantedWide);
          float[] outFloat = yf.clone();
          kernels.scaledAdd(0.7f, xf, off, outFloat, 3, n);
          assertThat(outFloat).isEqualTo(wantedFloat);
        }
      }
    }
  }

  @Test
  void halvesAreReadAlike() {
    Kernels vector = vector();
    for (int n : new int[] {0, 1, 7, 8, 9, 33, 1 << 16}) {
      short[] halves = new short[n];
      for (int i = 0; i < n; i++) {
        halves[i] = (short) (i * 40_503);
      }
      for (float factor : new float[] {0x1p112f, 0x1p98f, 0x1p-40f, 0x1p127f, 1f}) {
        float[] first = new float[n + 3];
        float[] second = new float[n + 3];
        scalar.readHalves(halves, factor, first, 2, n);
        vector.readHalves(halves, factor, second, 2, n);
        assertThat(second).as("n=%d", n).isEqualTo(first);
        for (int i = 0; i < n; i++) {
          int exponent = halves[i] >> 10 & 31;
          int fraction = halves[i] & 0x3FF;
          double magnitude =
              exponent == 0
                  ? Math.scalb((double) fraction, -24)
                  : Math.scalb(1024.0 + fraction, exponent - 25);
          double signed = halves[i] < 0 ? -magnitude : magnitude;
          assertThat(first[2 + i]).isEqualTo((float) (signed * 0x1p-112 * factor));
        }
      }
    }
  }

  @Test
  void nextAboveFindsEveryPlace() {
    Kernels vector = vector();
    for (int n : new int[] {0, 1, 7, 8, 9, 31, 32, 33, 64, 65, 200}) {
      for (int hit = 0; hit <= n; hit++) {
        float[] values = new float[n + 3];
        java.util.Arrays.fill(values, 1f);
        values[n] = 5f; // behind the range: never found
        if (hit < n) {
          values[hit] = 2f;
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
          assertThat(kernels.nextAbove(values, 0, n, 1f)).as("n=%d hit=%d", n, hit).isEqualTo(hit);
          if (hit < n) {
            assertThat(kernels.nextAbove(values, hit + 1, n, 1f)).isEqualTo(n);
          }
        }
      }
    }
  }

  @Test
  void subtractProducts4MatchesPlainProducts() {
    Random random = new Random(16);
    Kernels vector = vector();
    for (int rows : new int[] {0, 1, 3, 4, 5, 8, 9, 15, 16, 64, 67}) {
      int n = (rows + 4) & -4;
      int stride = n + 3;
      double[] left = doubles(random, 4 * stride + 2);
      double[] right = doubles(random, 4 * stride + 1);
      double[] y = doubles(random, (rows + 1) * stride + 5);
      double[] first = y.clone();
      double[] second = y.clone();
      scalar.subtractProducts4(left, 2, right, 1, stride, first, 5, rows, n);
      vector.subtractProducts4(left, 2, right, 1, stride, second, 5, rows, n);
      assertThat(second).as("rows=%d", rows).isEqualTo(first);
      for (int a = 0; a < rows; a++) {
        for (int b = 0; b < stride; b++) {
          double expected = y[5 + a * stride + b];
          for (int t = 0; t < 4 && b >= (a & -4) && b < n; t++) {
            expected -= right[1 + t * stride + b] * left[2 + t * stride + a];
          }
          assertThat(first[5 + a * stride + b]).as("(%d,%d)", a, b).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void rangesOutsideTheArraysAreRefused() {
    for (Kernels kernels : new Kernels[] {scalar, vector()}) {
      assertThatThrownBy(() -> kernels.dot(new float[40], 0, new float[39], 0, 40))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> kernels.axpy(1, new double[3], 0, new double[9], 0, 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> kernels.scaledAdd(1, new float[8], 1, new float[9], 0, 8))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", " OFF "})
  void offTakesThePlainLoops(String mode) {
    assertThat(VectorKernels.choose(mode).name()).isEqualTo("scalar");
  }

  @Test
  void onTakesTheVectors() {
    assertThat(VectorKernels.choose("on").name()).contains("vector");
  }

  @Test
  void anUnknownModeIsRefused() {
    assertThatThrownBy(() -> VectorKernels.choose("yes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("coppice.vector")
        .hasMessageContaining("yes")
        .hasMessageContaining("auto, on, off");
  }

  @Test
  void whatToAddIsSaidWhereVectorsAreMissing() {
    assertThat(VectorKernels.advice("auto", false))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("--add-modules=jdk.incubator.vector", "-Dcoppice.vector=off"));
    assertThat(VectorKernels.advice("auto", true)).isEmpty();
    assertThat(VectorKernels.advice(" Off", false)).isEmpty();
    assertThat(VectorKernels.advice()).isEmpty();
  }
}
