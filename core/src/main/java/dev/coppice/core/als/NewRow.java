package dev.coppice.core.als;

import dev.coppice.core.mask.StartMask;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Gives a new row a support from its observations of learnt rows of the other side, as fold-in
 * does: from nothing, in {@value #ROUNDS} rounds, the positions of the largest gains g^2/h are
 * added and the row is solved on all positions so far. A support drawn at random would hardly meet
 * those of the rows that are there already. One thread at a time.
 */
final class NewRow {
  private static final int ROUNDS = 4;

  private final RowSolver solver;
  private final int rank;
  private final long startSeed;
  private final boolean pinned;
  private final boolean[] taken;
  private final LargestGains gains;

  NewRow(RowSolver solver, int rank, long startSeed) {
    this.solver = solver;
    this.rank = rank;
    this.startSeed = startSeed;
    pinned = solver.pinned();
    taken = new boolean[rank];
    gains = new LargestGains(rank);
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
   * @param weights receives the weights; those drawn at a fresh start if no position has a gain,
   *     the row knowing only rows that are new themselves
   * @return whether the row learnt something; if not, to solve it now would make it 0 for ever
   */
  boolean grow(InteractionBlock block, int row, SparseTable table, short[] dims, float[] weights) {
    int size = table.stored(row);
    int begin = table.begin(row);
    SparseTable grown = solver.bareRow();
    int bare = grown.stored();
    if (bare > 0 && !pinned) {
      float[] bias = new float[bare];
      solver.solve(block, row, grown.dims(), 0, bare, bias);
      grown = grown.withWeights(bias);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      solver.score(block, row, grown, 0);
      short[] more = gains.added(solver, grown, size * round / ROUNDS);
      if (more.length > grown.stored()) {
        float[] solution = new float[more.length];
        // A dense table's rows have one support, and solving comes after this anyway.
        if (more.length < rank) {
          solver.solve(block, row, more, 0, more.length, solution);
        }
        grown = new SparseTable(rank, new int[] {0, more.length}, more, solution);
      }
    }
    if (grown.stored() == bare && size > bare) {
      for (int p = begin + bare; p < begin + size; p++) {
        weights[p] = StartMask.weight(rank, startSeed, block.ids()[row], table.dim(p));
      }
      return false;
    }
    fill(grown, table, row, dims);
    Arrays.fill(weights, begin, begin + size, 0);
    int from = 0;
    for (int p = begin; p < begin + size; p++) {
      if (from < grown.stored() && grown.dims()[from] == dims[p]) {
        weights[p] = grown.weights()[from++];
      }
    }
    return true;
  }

  /** Writes the grown positions, and as many of those drawn as are missing. */
  private void fill(SparseTable grown, SparseTable table, int row, short[] dims) {
    Arrays.fill(taken, false);
    for (int p = 0; p < grown.stored(); p++) {
      taken[grown.dim(p)] = true;
    }
    int missing = table.stored(row) - grown.stored();
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
