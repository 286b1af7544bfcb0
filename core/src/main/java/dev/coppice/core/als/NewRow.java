package dev.coppice.core.als;

import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Gives a new row a support from its observations of learnt rows of the other side, as fold-in does
 * ({@link GrownRow}). A support drawn at random would hardly meet those of the rows that are there
 * already. One thread at a time.
 */
final class NewRow {
  private final GrownRow grower;
  private final AlsObjective objective;
  private final boolean pinned;
  private final int bare;
  private final int rank;
  private final long startSeed;
  private final boolean[] taken;

  NewRow(RowSolver solver, PositionScores scores, int rank, long startSeed) {
    this.rank = rank;
    this.startSeed = startSeed;
    grower = new GrownRow(solver, scores, rank);
    objective = solver.step().objective();
    pinned = solver.step().pinned();
    bare = solver.step().bareRow(rank).stored();
    taken = new boolean[rank];
  }

  /** Returns whether nothing was learnt about a row yet: all its weights are 0 but a pinned one. */
  boolean isNew(SparseTable table, int row) {
    for (int p = table.begin(row); p < table.end(row); p++) {
      if (table.weights()[p] != 0 && !(pinned && table.dim(p) == AlsObjective.BIAS_DIM)) {
        return false;
      }
    }
    return table.stored(row) > 0;
  }

  /**
   * Grows one row.
   *
   * @param table gives the number of weights, and the positions to fill up with where fewer than
   *     that have a gain
   * @param dims receives the positions at the row's place
   * @param weights receives those drawn at a fresh start if no position has a gain, the row knowing
   *     only rows that are new themselves; else the row is still to be solved
   * @return whether the row learnt something; if not, to solve it now would make it 0 for ever
   */
  boolean grow(InteractionBlock block, int row, SparseTable table, short[] dims, float[] weights) {
    short[] grown = grower.support(block, row, table.stored(row));
    if (grown.length == bare && table.stored(row) > bare) {
      for (int p = table.begin(row) + bare; p < table.end(row); p++) {
        weights[p] =
            objective.start(InitialMask.weight(rank, startSeed, block.ids()[row], table.dim(p)));
      }
      return false;
    }
    fill(grown, table, row, dims);
    return true;
  }

  /** Writes the grown positions, and as many of those drawn as are missing. */
  private void fill(short[] grown, SparseTable table, int row, short[] dims) {
    Arrays.fill(taken, false);
    for (short dim : grown) {
      taken[dim & 0xFFFF] = true;
    }
    int missing = table.stored(row) - grown.length;
    for (int p = table.begin(row); missing > 0; p++) {
      int dim = table.dim(p);
      missing -= taken[dim] ? 0 : 1;
      taken[dim] = true;
    }
    int to = table.begin(row);
    for (int dim = 0; dim < rank; dim++) {
      if (taken[dim]) {
        dims[to++] = (short) dim;
      }
    }
  }
}
