package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PositionScoresTest {
  private static final int RANK = RowCase.RANK;

  static List<RowCase.Form> forms() {
    return RowCase.forms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void scoresAreTheFiniteDifferencesOfTheObjective(RowCase.Form form) {
    RowCase c = new RowCase(form, 0.4, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    PositionScores scores = new PositionScores(c.step, RANK);
    double step = 1e-2; // the objective is quadratic: central differences have no truncation error
    for (int row = 1; row < c.block.rows(); row++) {
      SparseTable solved = c.solve(solver, row);
      scores.score(c.block, row, solved);
      double[] at = RandomTables.row(solved, row);
      NaiveRow naive = c.naive(row);
      double here = naive.loss(at);
      for (int j = 0; j < RANK; j++) {
        double[] up = at.clone();
        double[] down = at.clone();
        up[j] += step;
        down[j] -= step;
        // g and h are half the derivatives
        double g = (naive.loss(up) - naive.loss(down)) / (4 * step);
        double h = (naive.loss(up) - 2 * here + naive.loss(down)) / (2 * step * step);
        double tolerance = 1e-4 * (1 + Math.abs(h));
        assertThat(scores.curvature(j)).isCloseTo(h, within(tolerance));
        int dim = j;
        if (Arrays.stream(c.support(row)).anyMatch(s -> s == dim)) {
          assertThat(g).as("the gradient on the support").isCloseTo(0, within(tolerance));
          double[] without = at.clone();
          without[j] = 0;
          assertThat((double) scores.saliency(j, (float) at[j]))
              .as("what pruning costs")
              .isCloseTo(naive.loss(without) - here, within(tolerance));
        } else {
          assertThat(scores.gradient(j)).isCloseTo(g, within(tolerance));
          double[] best = at.clone();
          best[j] = -g / h;
          assertThat((double) scores.gain(j))
              .as("what growing gains")
              .isCloseTo(here - naive.loss(best), within(tolerance * (1 + scores.gain(j))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void doesNotDependOnTheRowsBefore(RowCase.Form form) {
    for (double density : new double[] {0.4, 1}) {
      RowCase c = new RowCase(form, density, density == 1);
      RowSolver solver = new RowSolver(c.step, RANK);
      PositionScores used = new PositionScores(c.step, RANK);
      for (int row = c.block.rows() - 1; row >= 0; row--) {
        PositionScores fresh = new PositionScores(c.step, RANK);
        SparseTable solved = c.solve(solver, row);
        used.score(c.block, row, solved);
        fresh.score(c.block, row, solved);
        float[] gains = used.gains();
        for (int j = 0; j < RANK; j++) {
          assertThat(gains[j]).isEqualTo(used.gain(j));
          assertThat(used.gain(j)).isEqualTo(fresh.gain(j));
          assertThat(used.curvature(j)).isEqualTo(fresh.curvature(j));
        }
      }
    }
  }

  /** After solving, a row's slack is 0 and its loss the solver's; before, that of its weights. */
  @ParameterizedTest
  @MethodSource("forms")
  void slackKnowsTheLossAtThePresentWeights(RowCase.Form form) {
    RowCase c = new RowCase(form, 0.4, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    PositionScores scores = new PositionScores(c.step, RANK);
    for (int row = 1; row < c.block.rows(); row++) {
      double before = c.naive(row).loss(RandomTables.row(c.mine, row));
      assertThat(scores.slack(c.block, row, c.mine)).isPositive();
      assertThat(scores.loss()).isCloseTo(before, within(1e-9 * (1 + before)));
      assertThat(scores.regularisation()).isCloseTo(c.naive(row).regularisation(), within(1e-12));
      SparseTable solved = c.solve(solver, row);
      assertThat(scores.slack(c.block, row, solved)).isCloseTo(0, within(1e-6));
      assertThat(scores.loss()).isCloseTo(solver.loss(), within(1e-6 * (1 + solver.loss())));
    }
  }

  /**
   * By hand: q_1 = (1, 0), q_2 = (1, 1), the row observed q_1, alpha_0 = 1/2, reg = 1/4; G = (2 1;
   * 1 1). On the support {0} w_0 = 4/9; there g_1 = (4/9) / 2 = 2/9, h_1 = 1/2 + 1/4, gain (4/81) /
   * (3/4) = 16/243, saliency of w_0 (16/81) (9/4) = 4/9.
   */
  @Test
  void givesTheWorkedExample() {
    HalfSweep step = WorkedRow.step(WorkedRow.OBJECTIVE);
    InteractionBlock block = WorkedRow.block();
    PositionScores scores = new PositionScores(step, 2);
    float[] one = {(float) (4 / 9.0)};
    scores.score(block, 0, new SparseTable(2, new int[] {0, 1}, new short[] {0}, one));
    assertThat(scores.gradient(1)).isCloseTo(2 / 9.0, within(1e-7));
    assertThat(scores.curvature(1)).isCloseTo(0.75, within(1e-15));
    assertThat(scores.gain(1)).isCloseTo((float) (16 / 243.0), within(1e-7f));
    assertThat(scores.saliency(0, one[0])).isCloseTo((float) (4 / 9.0), within(1e-6f));
  }

  @Test
  void scoresAreNeverNegativeNorOutOfRange() {
    RowCase c = new RowCase(Objectives.explicit(0, 0), false, 0.4, false);
    PositionScores scores = new PositionScores(c.step, RANK);
    scores.score(c.block, 0, c.mine);
    for (int j = 0; j < RANK; j++) {
      assertThat(scores.curvature(j)).isZero();
      assertThat(Float.floatToRawIntBits(scores.gain(j))).isZero();
      assertThat(Float.floatToRawIntBits(scores.saliency(j, -1f))).isZero();
      assertThat(Float.floatToRawIntBits(scores.saliency(j, Float.NaN))).isZero();
    }
    scores.score(c.block, 4, c.mine);
    assertThat(scores.saliency(0, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
  }
}
