package dev.coppice.core.als;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.table.SparseTable;

/**
 * The whole objective over all pairs of users and items in doubles, and alternating least squares
 * by it: the plain reference for {@link DynamicSparseTrainer}.
 */
final class NaiveModel {
  private final AlsObjective objective;
  private final double[][] confidence;
  private final double[][] target;

  NaiveModel(PlantedData data, AlsObjective objective, boolean weighted) {
    this.objective = objective;
    int n = data.users().length;
    int[] userDegree = new int[data.userCount()];
    int[] itemDegree = new int[data.itemCount()];
    for (int i = 0; i < n; i++) {
      userDegree[(int) data.users()[i]]++;
      itemDegree[(int) data.items()[i]]++;
    }
    double meanUser = (double) n / data.userCount();
    double meanItem = (double) n / data.itemCount();
    boolean explicit = objective.feedback() == Feedback.EXPLICIT;
    confidence = new double[data.userCount()][data.itemCount()];
    target = new double[data.userCount()][data.itemCount()];
    for (int i = 0; i < n; i++) {
      int u = (int) data.users()[i];
      int v = (int) data.items()[i];
      confidence[u][v] =
          (weighted && !explicit ? data.weights()[i] : 1)
              * Math.pow(userDegree[u] / meanUser, -objective.userDebias())
              * Math.pow(itemDegree[v] / meanItem, -objective.itemDebias());
      target[u][v] = explicit ? data.weights()[i] : 1;
    }
  }

  /** The rows of a side by their ids. */
  static double[][] rows(LocalEngine engine, Side side) {
    return rows(engine, side, engine.tables(side));
  }

  static double[][] rows(LocalEngine engine, Side side, SparseTable[] tables) {
    double[][] rows = new double[(int) engine.budget(side).rows()][];
    InteractionBlock[] blocks = engine.blocks(side);
    for (int b = 0; b < blocks.length; b++) {
      SparseTable table = tables[b];
      for (int row = 0; row < table.rows(); row++) {
        rows[(int) blocks[b].ids()[row]] = RandomTables.row(table, row);
      }
    }
    return rows;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  double loss(double[][] users, double[][] items) {
    double loss = 0;
    for (int u = 0; u < users.length; u++) {
      for (int i = 0; i < items.length; i++) {
        double x = dot(users[u], items[i]);
        double c = confidence[u][i];
        loss +=
            switch (objective.feedback()) {
              case IMPLICIT -> c * (1 - x) * (1 - x) + objective.unobservedWeight() * x * x;
              case CONFIDENCE -> c > 0 ? (1 + objective.alpha() * c) * (1 - x) * (1 - x) : x * x;
              case EXPLICIT -> c * (target[u][i] - x) * (target[u][i] - x);
            };
      }
    }
    double fixed = objective.itemBias() ? 1 : 0;
    for (int u = 0; u < users.length; u++) {
      loss += row(true, u, items).regularisation() * (dot(users[u], users[u]) - fixed);
    }
    for (int i = 0; i < items.length; i++) {
      loss += row(false, i, users).regularisation() * dot(items[i], items[i]);
    }
    return loss;
  }

  /** The objective of one row, the other side fixed. */
  NaiveRow row(boolean user, int row, double[][] others) {
    double[] c = new double[others.length];
    double[] t = new double[others.length];
    for (int i = 0; i < others.length; i++) {
      c[i] = user ? confidence[row][i] : confidence[i][row];
      t[i] = user ? target[row][i] : target[i][row];
    }
    return new NaiveRow(objective, others, c, t, user && objective.itemBias());
  }

  /** All rows of one side solved on all dimensions, rounded as a table rounds. */
  double[][] solve(boolean user, int rank, double[][] others) {
    int rows = user ? confidence.length : confidence[0].length;
    int[] all = new int[rank];
    for (int j = 0; j < rank; j++) {
      all[j] = j;
    }
    double[][] solved = new double[rows][];
    for (int r = 0; r < rows; r++) {
      solved[r] = row(user, r, others).solve(rank, all);
      for (int j = 0; j < rank; j++) {
        solved[r][j] = (float) solved[r][j];
      }
    }
    return solved;
  }
}
