package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/** Adds to a row the positions that would lower its loss most. Not safe for use by threads. */
final class LargestGains {
  private final boolean[] taken;
  private final long[] keys;

  LargestGains(int rank) {
    this.taken = new boolean[rank];
    this.keys = new long[rank];
  }

  /**
   * Returns the positions of a row with those of the largest gains added.
   *
   * @param solver has scored the row; see {@link RowSolver#gain}
   * @param row one row
   * @param size how many positions there are to be, if so many gains are above 0
   * @return dimensions in ascending order
   */
  short[] added(RowSolver solver, SparseTable row, int size) {
    int rank = taken.length;
    Arrays.fill(taken, false);
    for (int p = 0; p < row.stored(); p++) {
      taken[row.dim(p)] = true;
    }
    int open = 0;
    for (int dim = 0; dim < rank; dim++) {
      float gain = solver.gain(dim);
      if (!taken[dim] && gain > 0) {
        // The bits of a gain above 0 order like the gain; equal ones by dimension.
        keys[open++] = (long) Float.floatToRawIntBits(gain) << 32 | (rank - dim);
      }
    }
    Arrays.sort(keys, 0, open);
    int added = Math.max(0, Math.min(open, size - row.stored()));
    for (int i = open - added; i < open; i++) {
      taken[rank - (int) keys[i]] = true;
    }
    short[] dims = new short[row.stored() + added];
    int to = 0;
    for (int dim = 0; dim < rank; dim++) {
      if (taken[dim]) {
        dims[to++] = (short) dim;
      }
    }
    return dims;
  }
}
