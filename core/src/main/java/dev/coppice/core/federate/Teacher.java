package dev.coppice.core.federate;

import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.RowSolver;
import dev.coppice.core.table.SparseTable;

/**
 * The scores that a client's users give to all items by the whole global table. A row that has lost
 * most of its positions should keep these, not the values of the positions it still has: with P the
 * users' present rows, P' and q' the rows by the whole table, sum over users of (p.q - p'.q')^2 is
 * q' (P'P) q - 2 q.(P' P' q') and a constant, so that no score is ever written down.
 *
 * @param users the users' rows on the whole table
 * @param items the global table
 */
record Teacher(SparseTable users, SparseTable items) {

  /** Prepares the sums over the users' present rows. */
  Lesson lesson(SparseTable present) {
    int rank = present.rank();
    Gramian sum = new Gramian(rank);
    sum.add(present, Gramian.scratch(rank));
    double[] cross = new double[rank * rank];
    for (int user = 0; user < present.rows(); user++) {
      for (int p = present.begin(user); p < present.end(user); p++) {
        int at = present.dim(p) * rank;
        for (int q = users.begin(user); q < users.end(user); q++) {
          cross[at + users.dim(q)] += (double) present.weights()[p] * users.weights()[q];
        }
      }
    }
    return new Lesson(sum.toMatrix(), cross, items);
  }

  /**
   * The sums.
   *
   * @param matrix {@code double[rank * rank]}, of the present rows with themselves
   * @param cross {@code double[rank * rank]}, of the present rows with those on the whole table
   * @param items the global table
   */
  record Lesson(double[] matrix, double[] cross, SparseTable items) {

    /** Returns the term of one item's row. */
    RowSolver.Quadratic of(int item, double weight) {
      int rank = items.rank();
      double[] linear = new double[rank];
      for (int dim = 0; dim < rank; dim++) {
        for (int q = items.begin(item); q < items.end(item); q++) {
          linear[dim] += cross[dim * rank + items.dim(q)] * items.weights()[q];
        }
      }
      return new RowSolver.Quadratic(matrix, linear, weight);
    }
  }
}
