package dev.coppice.core.explain;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.TopK;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Gathers, for every dimension, the rows of the largest absolute weights and the sum of squares;
 * rows are added in order. Heaps are made for dimensions that are used.
 */
final class DimensionScan {
  private final int k;
  private final TopK[] largest;
  private final double[] squares;
  private final int[] counts;

  DimensionScan(int rank, int k) {
    this.k = k;
    largest = new TopK[rank];
    squares = new double[rank];
    counts = new int[rank];
  }

  /** Adds rows of a table; row r of it is row {@code first + r} of the whole. */
  void add(int first, SparseTable rows) {
    for (int row = 0; row < rows.rows(); row++) {
      for (int p = rows.begin(row); p < rows.end(row); p++) {
        int dim = rows.dim(p);
        float weight = rows.weights()[p];
        if (largest[dim] == null) {
          largest[dim] = new TopK(k);
        }
        largest[dim].offer(first + row, Math.abs(weight));
        squares[dim] += (double) weight * weight;
        counts[dim]++;
      }
    }
  }

  double squares(int dim) {
    return squares[dim];
  }

  int count(int dim) {
    return counts[dim];
  }

  /**
   * Returns the rows of a dimension with their ids and signed weights; empties its heap.
   *
   * @param ids id of a row
   * @param rows a table of one row
   */
  List<WeightedId> take(int dim, IntFunction<String> ids, IntFunction<SparseTable> rows) {
    List<WeightedId> list = new ArrayList<>();
    if (largest[dim] != null) {
      for (int row : largest[dim].drainItems()) {
        list.add(new WeightedId(ids.apply(row), weight(rows.apply(row), dim)));
      }
    }
    return list;
  }

  private static float weight(SparseTable row, int dim) {
    int at = Arrays.binarySearch(unsigned(row), dim);
    return row.weights()[at];
  }

  private static int[] unsigned(SparseTable row) {
    int[] dims = new int[row.stored()];
    Arrays.setAll(dims, row::dim);
    return dims;
  }
}
