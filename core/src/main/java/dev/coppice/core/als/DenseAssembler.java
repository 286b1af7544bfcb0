package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Adds the observed pairs of a row whose support is every dimension, where the other side's rows
 * are full too ({@code density = 1}): the same sums as {@link RowSolver}, four observations at a
 * time, so that the system is read and written a quarter as often.
 */
final class DenseAssembler {
  private static final int TILE = 4;

  private final HalfSweep step;
  private final int rank;
  private final double[] tile;
  private final double[] confidences = new double[TILE];

  DenseAssembler(HalfSweep step, int rank) {
    this.step = step;
    this.rank = rank;
    tile = new double[TILE * rank];
  }

  /** Adds to {@code system} (lower triangle, stride rank) and {@code pulls}; returns sum e t. */
  double assemble(InteractionBlock block, int row, double[] system, double[] pulls) {
    double constant = 0;
    double pullOffset = step.objective().pullOffset();
    int end = block.offsets()[row + 1];
    for (int i = block.offsets()[row]; i < end; i += TILE) {
      int filled = Math.min(TILE, end - i);
      for (int t = 0; t < TILE; t++) {
        if (t >= filled) {
          confidences[t] = 0;
          Arrays.fill(tile, t * rank, (t + 1) * rank, 0);
          continue;
        }
        load(block.codes()[i + t], t);
        double confidence = step.confidence(block, i + t);
        double target = block.ratings() == null ? 1 : block.ratings()[i + t];
        double pull = pullOffset + confidence * target;
        confidences[t] = confidence;
        constant += pull * target;
        int from = t * rank;
        for (int j = 0; j < rank; j++) {
          pulls[j] += pull * tile[from + j];
        }
      }
      addTile(system);
    }
    return constant;
  }

  private void load(int code, int t) {
    SparseTable table = step.src()[step.code().block(code)];
    int begin = table.begin(step.code().local(code));
    float[] weights = table.weights();
    int to = t * rank;
    for (int j = 0; j < rank; j++) {
      tile[to + j] = weights[begin + j];
    }
  }

  private void addTile(double[] system) {
    int r1 = rank;
    int r2 = 2 * rank;
    int r3 = 3 * rank;
    for (int a = 0; a < rank; a++) {
      double x0 = confidences[0] * tile[a];
      double x1 = confidences[1] * tile[r1 + a];
      double x2 = confidences[2] * tile[r2 + a];
      double x3 = confidences[3] * tile[r3 + a];
      addRow(system, a * rank, a + 1, x0, x1, x2, x3);
    }
  }

  /** A method of its own, so that the loop over contiguous memory is compiled with SIMD. */
  private void addRow(
      double[] system, int base, int n, double x0, double x1, double x2, double x3) {
    int r1 = rank;
    int r2 = 2 * rank;
    int r3 = 3 * rank;
    for (int b = 0; b < n; b++) {
      system[base + b] += x0 * tile[b] + x1 * tile[r1 + b] + x2 * tile[r2 + b] + x3 * tile[r3 + b];
    }
  }
}
