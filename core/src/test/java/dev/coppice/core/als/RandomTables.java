package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;

/** Seeded random tables, for tests. */
final class RandomTables {

  private RandomTables() {}

  /** Each position holds a standard normal weight with probability {@code density}. */
  static SparseTable of(int rank, int rows, double density, long seed) {
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rank * rows];
    float[] weights = new float[rank * rows];
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < rank; j++) {
        if (SeedStream.uniform(seed, Purpose.GENERATE, row, j) < density) {
          dims[to] = (short) j;
          weights[to++] = (float) SeedStream.gaussian(seed, Purpose.SAMPLE, row, j);
        }
      }
      offsets[row + 1] = to;
    }
    return new SparseTable(rank, offsets, Arrays.copyOf(dims, to), Arrays.copyOf(weights, to));
  }

  /** Returns one row as doubles. */
  static double[] row(SparseTable table, int row) {
    double[] dense = new double[table.rank()];
    for (int p = table.begin(row); p < table.end(row); p++) {
      dense[table.dim(p)] = table.weights()[p];
    }
    return dense;
  }
}
