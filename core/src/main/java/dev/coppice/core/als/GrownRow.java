package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Grows the support of a row from nothing (docs/design.md section 7): in {@value #ROUNDS} rounds
 * the positions of the largest gains g^2/h ({@link RowSolver}) are added, and the row is solved on
 * all positions so far. Users that are folded in, new rows of a run that goes on, and the users of
 * a federation's client all begin so. Holds the scratch of one thread.
 */
public final class GrownRow {
  private static final int ROUNDS = 4;

  private final RowSolver solver;
  private final boolean[] taken;
  private final long[] keys;

  /**
   * Makes the scratch for rows of a table of {@code rank} dimensions.
   *
   * @param solver solves and scores the rows; of the same thread
   */
  public GrownRow(RowSolver solver, int rank) {
    this.solver = solver;
    taken = new boolean[rank];
    keys = new long[rank];
  }

  /**
   * Grows a row and solves it.
   *
   * @param block the observations
   * @param row row of the block
   * @param size positions to grow; fewer have a weight where fewer have a gain
   * @return a table of one row
   */
  public SparseTable solved(InteractionBlock block, int row, int size) {
    return grown(block, row, size, ROUNDS);
  }

  /** As {@link #solved}, for a row that is solved later: its positions alone, ascending. */
  short[] support(InteractionBlock block, int row, int size) {
    SparseTable grown = grown(block, row, size, ROUNDS - 1);
    solver.score(block, row, grown, 0);
    return widened(grown.dims(), size);
  }

  private SparseTable grown(InteractionBlock block, int row, int size, int rounds) {
    SparseTable grown = start(block, row);
    for (int round = 1; round <= rounds; round++) {
      solver.score(block, row, grown, 0);
      short[] dims = widened(grown.dims(), (int) ((long) size * round / ROUNDS));
      if (dims.length > grown.stored()) {
        grown = solved(block, row, dims);
      }
    }
    return grown;
  }

  /** Nothing, or the bias alone. */
  private SparseTable start(InteractionBlock block, int row) {
    SparseTable bare = solver.bareRow();
    return bare.stored() == 0 || solver.pinned() ? bare : solved(block, row, bare.dims());
  }

  private SparseTable solved(InteractionBlock block, int row, short[] dims) {
    float[] weights = new float[dims.length];
    solver.solve(block, row, dims, 0, dims.length, weights);
    return new SparseTable(taken.length, new int[] {0, dims.length}, dims, weights);
  }

  /**
   * Returns the positions of the row scored last with those of the largest gains added, of equal
   * gains the lower dimensions first.
   *
   * @param dims positions that stay, in any order
   * @param size how many positions there are to be, if so many gains are above 0
   * @return dimensions in ascending order
   */
  public short[] widened(short[] dims, int size) {
    int rank = taken.length;
    Arrays.fill(taken, false);
    for (short dim : dims) {
      taken[dim & 0xFFFF] = true;
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
    int added = Math.max(0, Math.min(open, size - dims.length));
    for (int i = open - added; i < open; i++) {
      taken[rank - (int) keys[i]] = true;
    }
    short[] all = new short[dims.length + added];
    int to = 0;
    for (int dim = 0; dim < rank; dim++) {
      if (taken[dim]) {
        all[to++] = (short) dim;
      }
    }
    return all;
  }
}
