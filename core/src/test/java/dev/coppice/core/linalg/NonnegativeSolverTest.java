package dev.coppice.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonnegativeSolverTest {
  private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 33, 64, 65, 130};

  /** A system of M'M + shift I, as the solver takes it, and for the references. */
  private record Case(double[] system, double[][] a, double[] b) {
    static Case of(double[][] a, double[] b) {
      int k = b.length;
      int width = Cholesky.width(k);
      double[] system = new double[Cholesky.size(k)];
      // What is below the diagonal, and behind b, must never be read.
      Arrays.fill(system, Double.NaN);
      for (int i = 0; i < k; i++) {
        System.arraycopy(a[i], i, system, i * width + i, k - i);
        system[i * width + k] = b[i];
      }
      return new Case(system, a, b);
    }

    /** Products of {@code rows} random rows with others, over targets of either sign. */
    static Case random(Random random, int k, int rows, boolean positive, double scale) {
      double[][] a = new double[k][k];
      double[] b = new double[k];
      for (int i = 0; i < k; i++) {
        a[i][i] = 1e-3 * scale * scale;
      }
      double[] row = new double[k];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < k; i++) {
          double value = scale * random.nextGaussian();
          row[i] = positive ? Math.abs(value) : value;
        }
        double target = random.nextGaussian();
        for (int i = 0; i < k; i++) {
          for (int j = 0; j < k; j++) {
            a[i][j] += row[i] * row[j];
          }
          b[i] += row[i] * target;
        }
      }
      return of(a, b);
    }

    double[] solve(NonnegativeSolver solver) {
      double[] x = new double[b.length + 2];
      Arrays.fill(x, -7);
      assertThat(solver.solve(system, b.length, x)).isTrue();
      assertThat(Arrays.copyOfRange(x, b.length, x.length)).containsExactly(-7, -7);
      return Arrays.copyOf(x, b.length);
    }

    double value(double[] x) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum -= 2 * b[i] * x[i];
        for (int j = 0; j < x.length; j++) {
          sum += x[i] * a[i][j] * x[j];
        }
      }
      return sum;
    }
  }

  /**
   * By hand: A = [1 1 1; 1 2 0; 1 0 3], b = (1, 3, -3). With all free x = (3, 0, -2): two leave,
   * and x_0 = 1 alone. Of the pulls 3 - 1 = 2 and -3 - 1 the first lets x_1 enter: (-1, 2) for the
   * two, so x goes half of the way, to (0, 1), where x_0 leaves. x_1 = 3/2 alone; the pulls of the
   * others are 1 - 3/2 and -3: done, at x'Ax - 2 b'x = 9/2 - 9.
   */
  @Test
  void givesTheWorkedExample() {
    Case c = Case.of(new double[][] {{1, 1, 1}, {1, 2, 0}, {1, 0, 3}}, new double[] {1, 3, -3});
    assertThat(c.solve(new NonnegativeSolver()))
        .usingComparatorWithPrecision(1e-15)
        .containsExactly(0, 1.5, 0);
    assertThat(c.value(new double[] {0, 1.5, 0})).isEqualTo(-4.5);
  }

  /** The least value over all sets of unknowns that are not 0, each solved by elimination. */
  private static double[] exhaustive(Case c) {
    int k = c.b().length;
    double[] best = new double[k];
    for (int set = 1; set < 1 << k; set++) {
      int chosen = set;
      int[] free = IntStream.range(0, k).filter(i -> (chosen >> i & 1) != 0).toArray();
      double[] x = new double[k];
      double[] part = eliminated(c, free);
      for (int i = 0; i < free.length; i++) {
        x[free[i]] = part[i];
      }
      if (Arrays.stream(x).allMatch(value -> value >= 0) && c.value(x) < c.value(best)) {
        best = x;
      }
    }
    return best;
  }

  private static double[] eliminated(Case c, int[] free) {
    int n = free.length;
    double[][] m = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        m[i][j] = c.a()[free[i]][free[j]];
      }
      m[i][n] = c.b()[free[i]];
    }
    for (int pivot = 0; pivot < n; pivot++) {
      for (int i = 0; i < n; i++) {
        double factor = i == pivot ? 0 : m[i][pivot] / m[pivot][pivot];
        for (int j = pivot; factor != 0 && j <= n; j++) {
          m[i][j] -= factor * m[pivot][j];
        }
      }
    }
    double[] x = new double[n];
    Arrays.setAll(x, i -> m[i][n] / m[i][i]);
    return x;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsTheBestOfAllSets(boolean positive) {
    Random random = new Random(positive ? 3 : 4);
    NonnegativeSolver solver = new NonnegativeSolver();
    for (int trial = 0; trial < 400; trial++) {
      int k = trial % 9;
      Case c = Case.random(random, k, 1 + random.nextInt(2 * k + 1), positive, 1);
      double[] expected = exhaustive(c);
      double[] x = c.solve(solver);
      for (int i = 0; i < k; i++) {
        assertThat(x[i]).isCloseTo(expected[i], within(1e-8 * (1 + expected[i])));
        assertThat(x[i] == 0).isEqualTo(expected[i] == 0);
      }
    }
  }

  /** Karush, Kuhn and Tucker: x >= 0, and the gradient 0 where x > 0, at least 0 elsewhere. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1, 1e6})
  void endsWhereNothingMayFall(double scale) {
    Random random = new Random(5);
    NonnegativeSolver solver = new NonnegativeSolver();
    for (int k : SIZES) {
      for (int rows : new int[] {1, k / 2 + 1, 3 * k + 1}) {
        for (boolean positive : new boolean[] {false, true}) {
          Case c = Case.random(random, k, rows, positive, scale);
          double[] x = c.solve(solver);
          for (int i = 0; i < k; i++) {
            double gradient = -c.b()[i];
            double size = Math.abs(gradient);
            for (int j = 0; j < k; j++) {
              gradient += c.a()[i][j] * x[j];
              size += Math.abs(c.a()[i][j] * x[j]);
            }
            assertThat(x[i]).isNotNegative();
            assertThat(gradient).isGreaterThan(-1e-9 * size - Double.MIN_NORMAL);
            if (x[i] > 0) {
              assertThat(gradient).isLessThan(1e-9 * size);
            }
          }
        }
      }
    }
  }

  @Test
  void whatIsPositiveAnywayIsTheSolutionOfTheSystem() {
    Random random = new Random(6);
    for (int k : SIZES) {
      Case c = Case.random(random, k, 2 * k + 3, true, 1);
      double[] planted = new double[k];
      Arrays.setAll(planted, i -> 0.5 + random.nextDouble());
      double[] b = new double[k];
      Arrays.setAll(b, i -> IntStream.range(0, k).mapToDouble(j -> c.a()[i][j] * planted[j]).sum());
      double[] x = Case.of(c.a(), b).solve(new NonnegativeSolver());
      double[] system = Case.of(c.a(), b).system();
      double[] plain = new double[k];
      assertThat(Cholesky.factor(system, k)).isEqualTo(-1);
      Cholesky.solve(system, k, plain);
      assertThat(x).containsExactly(plain);
    }
  }

  @Test
  void whatHasNoPullUpwardsIsZero() {
    Random random = new Random(7);
    for (int k : SIZES) {
      Case c = Case.random(random, k, k + 1, true, 1);
      double[] b = new double[k];
      Arrays.setAll(b, i -> i % 3 == 0 ? 0 : -random.nextDouble());
      assertThat(Case.of(c.a(), b).solve(new NonnegativeSolver())).containsOnly(new double[k]);
    }
  }

  @Test
  void leavesTheSystemAndDependsOnNothingBefore() {
    Random random = new Random(8);
    NonnegativeSolver used = new NonnegativeSolver();
    for (int i = SIZES.length - 1; i >= 0; i--) {
      Case c = Case.random(random, SIZES[i], SIZES[i] / 2 + 1, false, 1);
      double[] before = c.system().clone();
      assertThat(c.solve(used)).containsExactly(c.solve(new NonnegativeSolver()));
      assertThat(c.system()).containsExactly(before);
    }
  }

  @Test
  void tellsWhatIsNotPositiveDefinite() {
    double[] x = new double[2];
    double[] indefinite = Case.of(new double[][] {{1, 2}, {2, 1}}, new double[] {1, 1}).system();
    double[] unknown =
        Case.of(new double[][] {{Double.NaN, 0}, {0, 1}}, new double[] {1, 1}).system();
    assertThat(new NonnegativeSolver().solve(indefinite, 2, x)).isFalse();
    assertThat(new NonnegativeSolver().solve(unknown, 2, x)).isFalse();
    assertThatThrownBy(() -> new NonnegativeSolver().solve(indefinite, -1, x))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new NonnegativeSolver().solve(indefinite, 2, new double[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
