package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;

/**
 * Grows the support of a row from nothing (docs/design.md section 7): in {@value #ROUNDS} rounds
 * the positions of the largest gains g^2/h ({@link PositionScores}) are added, and the row is
 * solved on all positions so far. Users that are folded in, new rows of a run that goes on, and the
 * users of a federation's client all begin so. Holds the scratch of one thread.
 */
public final class GrownRow {
  private static final int ROUNDS = 4;

  private final RowSolver solver;
  private final PositionScores scores;
  private final LargestGains gains;
  private final int rank;

  /**
   * Grows rows of a table of {@code rank} dimensions.
   *
   * @param solver solves the rows; of the same thread and half-sweep as the scores
   */
  public GrownRow(RowSolver solver, PositionScores scores, int rank) {
    this.solver = solver;
    this.scores = scores;
    this.rank = rank;
    gains = new LargestGains(scores, rank);
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
    scores.score(block, row, grown, 0);
    return gains.added(grown.dims(), size);
  }

  private SparseTable grown(InteractionBlock block, int row, int size, int rounds) {
    SparseTable grown = start(block, row);
    for (int round = 1; round <= rounds; round++) {
      scores.score(block, row, grown, 0);
      short[] dims = gains.added(grown.dims(), (int) ((long) size * round / ROUNDS));
      if (dims.length > grown.stored()) {
        grown = solved(block, row, dims);
      }
    }
    return grown;
  }

  /** Nothing, or the bias alone. */
  private SparseTable start(InteractionBlock block, int row) {
    SparseTable bare = solver.step().bareRow(rank);
    return bare.stored() == 0 || solver.step().pinned() ? bare : solved(block, row, bare.dims());
  }

  private SparseTable solved(InteractionBlock block, int row, short[] dims) {
    float[] weights = new float[dims.length];
    solver.solve(block, row, dims, 0, dims.length, weights);
    return new SparseTable(rank, new int[] {0, dims.length}, dims, weights);
  }
}
