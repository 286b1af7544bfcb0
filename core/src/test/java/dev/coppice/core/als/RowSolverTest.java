package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowSolverTest {
  private static final int RANK = RowCase.RANK;
  private static final double SCALE = RowCase.SCALE;

  static List<RowCase.Form> forms() {
    return RowCase.forms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void solvesTheNormalEquationsOfItsSupport(RowCase.Form form) {
    for (boolean full : new boolean[] {false, true}) {
      RowCase c = new RowCase(form, full ? 1 : 0.4, full);
      RowSolver solver = new RowSolver(c.step, RANK);
      for (int row = 0; row < c.block.rows(); row++) {
        double[] solved = RandomTables.row(c.solve(solver, row), row);
        NaiveRow naive = c.naive(row);
        if (naive.regularisation() == 0) {
          continue; // a row without observations and nothing to regularise by: see below
        }
        double[] expected = naive.solve(RANK, c.support(row));
        for (int j = 0; j < RANK; j++) {
          assertThat(solved[j]).isCloseTo(expected[j], within(1e-6 * (1 + Math.abs(expected[j]))));
        }
        double least = naive.loss(expected);
        assertThat(solver.loss()).isCloseTo(least, within(1e-9 * (1 + Math.abs(least))));
        assertThat(solver.regularisation()).isCloseTo(naive.regularisation(), within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aQuadraticTermMovesTheMinimum(RowCase.Form form) {
    RowCase c = new RowCase(form, 0.4, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    double[] matrix = new double[RANK * RANK];
    double[] linear = new double[RANK];
    for (int k = 0; k < 2 * RANK; k++) {
      for (int a = 0; a < RANK; a++) {
        double value = SeedStream.gaussian(4, Purpose.SAMPLE, k, a);
        linear[a] += value;
        for (int b = 0; b < RANK; b++) {
          matrix[a * RANK + b] += value * SeedStream.gaussian(4, Purpose.SAMPLE, k, b);
        }
      }
    }
    RowSolver.Quadratic term = new RowSolver.Quadratic(matrix, linear, 0.7);
    for (int row = 0; row < c.block.rows(); row++) {
      float[] weights = c.mine.weights().clone();
      solver.solve(
          c.block, row, c.mine.dims(), c.mine.begin(row), c.mine.end(row), weights, null, 0, term);
      double[] solved = RandomTables.row(c.mine.withWeights(weights), row);
      double least = withTerm(c.naive(row), solved, term);
      assertThat(solver.loss()).isCloseTo(least, within(1e-5 * (1 + Math.abs(least))));
      for (int dim : c.support(row)) {
        for (double step : new double[] {-0.01, 0.01}) {
          double[] off = solved.clone();
          off[dim] += step;
          assertThat(withTerm(c.naive(row), off, term)).isGreaterThan(least);
        }
      }
    }
  }

  private static double withTerm(NaiveRow naive, double[] row, RowSolver.Quadratic term) {
    double sum = naive.loss(row);
    for (int a = 0; a < RANK; a++) {
      sum -= 2 * term.weight() * term.linear()[a] * row[a];
      for (int b = 0; b < RANK; b++) {
        sum += term.weight() * row[a] * term.matrix()[a * RANK + b] * row[b];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void doesNotDependOnTheRowsBefore(RowCase.Form form) {
    for (boolean full : new boolean[] {false, true}) {
      RowCase c = new RowCase(form, full ? 1 : 0.4, full);
      RowSolver used = new RowSolver(c.step, RANK);
      for (int row = c.block.rows() - 1; row >= 0; row--) {
        RowSolver fresh = new RowSolver(c.step, RANK);
        assertThat(c.solve(used, row).weights()).isEqualTo(c.solve(fresh, row).weights());
      }
    }
  }

  /**
   * By hand: q_1 = (1, 0), q_2 = (1, 1), the row observed q_1, alpha_0 = 1/2, reg = 1/4. G = (2 1;
   * 1 1), A = G / 2 + q_1 q_1^T + I / 4 = (9/4 1/2; 1/2 3/4), b = (1, 0), det A = 23/16, so w =
   * (12/23, -8/23) and the loss 1 - 12/23. On the support {0}: w_0 = 4/9, loss 5/9.
   */
  @Test
  void givesTheWorkedExample() {
    HalfSweep step = WorkedRow.step(WorkedRow.OBJECTIVE);
    InteractionBlock block = WorkedRow.block();
    RowSolver solver = new RowSolver(step, 2);

    float[] both = new float[2];
    solver.solve(block, 0, new short[] {0, 1}, 0, 2, both);
    assertThat(both).containsExactly((float) (12 / 23.0), (float) (-8 / 23.0));
    assertThat(solver.loss()).isCloseTo(11 / 23.0, within(1e-15));

    float[] one = new float[1];
    solver.solve(block, 0, new short[] {0}, 0, 1, one);
    assertThat(one).containsExactly((float) (4 / 9.0));
    assertThat(solver.loss()).isCloseTo(5 / 9.0, within(1e-15));
  }

  /** Spark's ALS, computeFactors with implicitPrefs: YtY + sum c1 q q^T, b = sum (1 + c1) q. */
  @Test
  void confidenceFormSolvesSparksNormalEquations() {
    double regParam = 0.03;
    RowCase c = new RowCase(Objectives.confidence(SCALE, regParam, 1), true, 0.7, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    for (int row = 1; row < c.block.rows(); row++) {
      int[] support = c.support(row);
      int k = support.length;
      double[][] a = new double[k][k + 1];
      int numExplicits = 0;
      for (int i = 0; i < 15; i++) {
        double c1 = SCALE * c.confidence[row][i];
        numExplicits += c1 > 0 ? 1 : 0;
        for (int x = 0; x < k; x++) {
          for (int y = 0; y < k; y++) {
            a[x][y] += (1 + c1) * c.others[i][support[x]] * c.others[i][support[y]];
          }
          a[x][k] += c1 > 0 ? (1 + c1) * c.others[i][support[x]] : 0;
        }
      }
      for (int x = 0; x < k; x++) {
        a[x][x] += numExplicits * regParam;
      }
      double[] expected = NaiveRow.gauss(a);
      double[] solved = RandomTables.row(c.solve(solver, row), row);
      for (int x = 0; x < k; x++) {
        assertThat(solved[support[x]]).isCloseTo(expected[x], within(1e-6));
      }
    }
  }

  @Test
  void withoutRegularisationASingularSystemStillHasASolution() {
    // One rating, and as many unknowns as the support holds: any row with w.q = rating will do.
    RowCase c = new RowCase(Objectives.explicit(0, 1), false, 1, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    double[] solved = RandomTables.row(c.solve(solver, 1), 1);
    double prediction = 0;
    double rating = 0;
    for (int i = 0; i < 15; i++) {
      if (c.confidence[1][i] > 0) {
        rating = c.target[1][i];
        for (int j = 0; j < RANK; j++) {
          prediction += solved[j] * c.others[i][j];
        }
      }
    }
    assertThat(prediction).isCloseTo(rating, within(1e-5));
    assertThat(solver.loss()).isCloseTo(0, within(1e-5));
    // Nothing observed at all: nothing pulls the row away from zero.
    assertThat(RandomTables.row(c.solve(solver, 0), 0)).containsOnly(0);
  }

  @Test
  void saysWhichRowHasNoSolution() {
    for (double regParam : new double[] {0, 0.5}) {
      RowCase c = new RowCase(Objectives.explicit(regParam, 0), true, 1, false);
      Arrays.fill(c.block.confidences(), Float.NaN);
      RowSolver solver = new RowSolver(c.step, RANK);
      assertThatThrownBy(() -> c.solve(solver, 2))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("the system of row 30 with")
          .hasMessageContaining("4 observations is not positive definite; raise regParam, which")
          .hasMessageContaining("gives " + regParam + " here");
    }
  }

  @Test
  void anEmptySupportIsSolvedToo() {
    RowCase c = new RowCase(AlsObjective.implicit(0.1, 0.1, 0, 0, 0), false, 0.5, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    solver.solve(c.block, 3, new short[0], 0, 0, new float[0]);
    assertThat(solver.loss()).isCloseTo(c.naive(3).loss(new double[RANK]), within(1e-12));
  }
}
