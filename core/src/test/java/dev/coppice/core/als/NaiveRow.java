package dev.coppice.core.als;

import java.util.Arrays;

/**
 * The objective of one row, written out over every row of the other side in doubles: the plain
 * reference for {@link RowSolver}. Pairs are {@code coefficient x^2 - 2 pull x + constant} with x
 * the prediction; MLlib's form is written as in Hu, Koren, Volinsky, not in the solver's terms.
 */
final class NaiveRow {
  private final double[][] others;
  private final double[] coefficients;
  private final double[] pulls;
  private final double constant;
  private final double reg;
  private final boolean pinned;

  /**
   * Writes out one row.
   *
   * @param others the other side's rows, dense
   * @param confidence c (or the weight, in MLlib's form) of each pair; 0 where it is not observed
   * @param target of each pair; 1 for implicit feedback
   */
  NaiveRow(AlsObjective objective, double[][] others, double[] confidence, double[] target) {
    this(objective, others, confidence, target, false);
  }

  /**
   * Writes out one row.
   *
   * @param pinned whether the row's first weight is 1, stays so, and has no L2 term
   */
  NaiveRow(
      AlsObjective objective,
      double[][] others,
      double[] confidence,
      double[] target,
      boolean pinned) {
    this.pinned = pinned;
    this.others = others;
    coefficients = new double[others.length];
    pulls = new double[others.length];
    double sum = 0;
    int observations = 0;
    for (int i = 0; i < others.length; i++) {
      boolean observed = confidence[i] > 0;
      observations += observed ? 1 : 0;
      switch (objective.feedback()) {
        case IMPLICIT -> {
          // c (1 - x)^2 where observed, alpha_0 x^2 everywhere
          coefficients[i] = objective.unobservedWeight() + confidence[i];
          pulls[i] = confidence[i];
          sum += confidence[i];
        }
        case CONFIDENCE -> {
          // (1 + alpha r) (p - x)^2 with p = 1 where observed, else 0
          double weight = 1 + objective.alpha() * confidence[i];
          coefficients[i] = weight;
          pulls[i] = observed ? weight : 0;
          sum += observed ? weight : 0;
        }
        case EXPLICIT -> {
          coefficients[i] = confidence[i];
          pulls[i] = confidence[i] * target[i];
          sum += confidence[i] * target[i] * target[i];
        }
      }
    }
    constant = sum;
    double unobserved =
        objective.feedback() == AlsObjective.Feedback.IMPLICIT
            ? objective.unobservedWeight() * others.length
            : 0;
    reg = objective.regParam() * Math.pow(observations + unobserved, objective.regExponent());
  }

  double regularisation() {
    return reg;
  }

  /** The row's part of the objective, its own L2 term included. */
  double loss(double[] row) {
    double loss = constant;
    for (int i = 0; i < others.length; i++) {
      double x = 0;
      for (int j = 0; j < row.length; j++) {
        x += row[j] * others[i][j];
      }
      loss += coefficients[i] * x * x - 2 * pulls[i] * x;
    }
    return loss + reg * Arrays.stream(row).skip(pinned ? 1 : 0).map(w -> w * w).sum();
  }

  /** The minimum among rows that are zero outside the support. */
  double[] solve(int rank, int[] support) {
    return pinned ? solveOthers(rank, support) : solveAll(rank, support);
  }

  /** The first weight is 1: a system for the others, against what is left of the targets. */
  private double[] solveOthers(int rank, int[] support) {
    int[] free = Arrays.stream(support).filter(dim -> dim > 0).toArray();
    double[][] a = new double[free.length][free.length + 1];
    for (int x = 0; x < free.length; x++) {
      a[x][x] = reg;
      for (int i = 0; i < others.length; i++) {
        for (int y = 0; y < free.length; y++) {
          a[x][y] += coefficients[i] * others[i][free[x]] * others[i][free[y]];
        }
        double left = pulls[i] - coefficients[i] * others[i][0];
        a[x][free.length] += left * others[i][free[x]];
      }
    }
    double[] solution = gauss(a);
    double[] row = new double[rank];
    row[0] = 1;
    for (int x = 0; x < free.length; x++) {
      row[free[x]] = solution[x];
    }
    return row;
  }

  private double[] solveAll(int rank, int[] support) {
    int k = support.length;
    double[][] a = new double[k][k + 1];
    for (int x = 0; x < k; x++) {
      a[x][x] = reg;
      for (int i = 0; i < others.length; i++) {
        for (int y = 0; y < k; y++) {
          a[x][y] += coefficients[i] * others[i][support[x]] * others[i][support[y]];
        }
        a[x][k] += pulls[i] * others[i][support[x]];
      }
    }
    double[] solution = gauss(a);
    double[] row = new double[rank];
    for (int x = 0; x < k; x++) {
      row[support[x]] = solution[x];
    }
    return row;
  }

  /** Gaussian elimination with partial pivoting on the augmented matrix. */
  static double[] gauss(double[][] a) {
    int k = a.length;
    for (int c = 0; c < k; c++) {
      int pivot = c;
      for (int r = c + 1; r < k; r++) {
        pivot = Math.abs(a[r][c]) > Math.abs(a[pivot][c]) ? r : pivot;
      }
      double[] swap = a[c];
      a[c] = a[pivot];
      a[pivot] = swap;
      for (int r = c + 1; r < k; r++) {
        double factor = a[r][c] / a[c][c];
        for (int j = c; j <= k; j++) {
          a[r][j] -= factor * a[c][j];
        }
      }
    }
    double[] x = new double[k];
    for (int r = k - 1; r >= 0; r--) {
      double sum = a[r][k];
      for (int j = r + 1; j < k; j++) {
        sum -= a[r][j] * x[j];
      }
      x[r] = sum / a[r][r];
    }
    return x;
  }
}
