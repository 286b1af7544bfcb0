package dev.coppice.core.als;

import dev.coppice.core.als.ExploreRule.Scoring;
import dev.coppice.core.mask.SalientWeights;
import dev.coppice.core.table.SparseTable;

/**
 * The work of a half-sweep on the rows of one block: solve them, score every position, and gather
 * what an exploration may move. One instance a thread.
 */
public final class BlockSolver {
  private final RowPenalty penalties;
  private final RowSolver rows;
  private final PositionScores positions;
  private final SalientWeights salient;

  /**
   * Makes the scratch of one thread.
   *
   * @param minWeightsPerRow so many of a row's most salient weights are never pruned; with item
   *     biases at least one, as the weight of their dimension is the most salient of all
   * @throws IllegalArgumentException if it is negative
   */
  public BlockSolver(HalfSweep step, int rank, int minWeightsPerRow) {
    penalties = step.penalty();
    salient = new SalientWeights(step.objective().leastWeights(minWeightsPerRow));
    rows = new RowSolver(step, rank);
    positions = new PositionScores(step, rank);
  }

  /**
   * The rows solved on their present supports.
   *
   * @param resting the rows that were left as they are
   */
  public record Solved(SparseTable table, BlockStats stats, Resting resting) {}

  /**
   * Solves the rows of the block that are in scope on the support that {@code table} gives them;
   * new rows on one of their own, of the same size. A row without observations, here or earlier,
   * has nothing to learn from (its solution would be 0): it is kept as it is.
   */
  public Solved solve(
      int blockNumber, InteractionBlock block, SparseTable table, SolveScope scope) {
    return solve(blockNumber, block, begin(block, table, scope), null);
  }

  /**
   * What an exploration needs of a block, beside its rows.
   *
   * @param share of the weights of the rows that do not rest: so many positions are listed at least
   */
  public record Exploration(Scoring scoring, History history, double share) {}

  /** The rows solved, and the positions that an exploration may move. */
  public record Explored(Solved solved, Movable movable) {}

  /** As {@link #solve}, each row being scored while what it was solved from is at hand. */
  public Explored explore(
      int blockNumber,
      InteractionBlock block,
      SparseTable table,
      SolveScope scope,
      Exploration exploration) {
    Begun begun = begin(block, table, scope);
    PositionLists lists = lists(block, begun.table(), begun.resting(), exploration);
    Solved solved = solve(blockNumber, block, begun, lists);
    return new Explored(solved, lists.build());
  }

  /** Lists the positions that an exploration may move of rows that are solved. */
  public Movable list(
      InteractionBlock block, SparseTable table, Resting resting, Exploration exploration) {
    PositionLists lists = lists(block, table, resting, exploration);
    for (int row = 0; row < block.rows(); row++) {
      if (block.allObservations(row) > 0 && !resting.contains(row)) {
        lists.add(row, table);
      }
    }
    return lists.build();
  }

  private PositionLists lists(
      InteractionBlock block, SparseTable table, Resting resting, Exploration exploration) {
    long weights = table.stored() - resting.weights();
    return new PositionLists(block, table, positions, salient, exploration, weights);
  }

  /** The rows that do not rest are solved on these supports. */
  private record Begun(SparseTable table, Resting resting) {}

  private Begun begin(InteractionBlock block, SparseTable table, SolveScope scope) {
    if (scope.foldIn()) {
      boolean[] stuck = new boolean[block.rows()];
      SparseTable grown = newRows(block, table, scope.startSeed(), stuck);
      return new Begun(grown, Resting.of(positions, block, grown, stuck));
    }
    return new Begun(
        table,
        scope.share() < 1 ? Resting.choose(positions, block, table, scope.share()) : Resting.NONE);
  }

  /**
   * Solves all rows that do not rest; these are as they were when they were chosen.
   *
   * @param lists told of each row that was solved; null for none
   */
  private Solved solve(int blockNumber, InteractionBlock block, Begun begun, PositionLists lists) {
    SparseTable table = begun.table();
    Resting resting = begun.resting();
    float[] weights = new float[table.stored()];
    SparseTable result = table.withWeights(weights);
    double loss = resting.loss();
    double penalty = resting.penalty();
    for (int row = 0; row < block.rows(); row++) {
      int begin = table.begin(row);
      int end = table.end(row);
      if (resting.contains(row)) {
        System.arraycopy(table.weights(), begin, weights, begin, end - begin);
      } else if (block.allObservations(row) == 0) {
        System.arraycopy(table.weights(), begin, weights, begin, end - begin);
        double ridge = penalties.of(block, row, result);
        loss += unobserved(block, row, table, ridge);
        penalty += ridge;
      } else {
        rows.solve(block, row, table.dims(), begin, end, weights);
        loss += rows.loss();
        penalty += penalties.of(block, row, result);
        if (lists != null) {
          lists.add(row, result);
        }
      }
    }
    BlockStats stats = new BlockStats(blockNumber, loss, penalty, resting.weights());
    return new Solved(result, stats, resting);
  }

  /** Returns the part in the objective of a row without observations, {@code ridge} its L2 term. */
  private double unobserved(InteractionBlock block, int row, SparseTable table, double ridge) {
    if (block.earlier() != null) {
      positions.slack(block, row, table);
      return positions.loss();
    }
    positions.score(block, row, table);
    // Its unobserved pairs: w'(alpha_0 G w), the gradient being all of the brackets.
    double sum = 0;
    for (int p = table.begin(row); p < table.end(row); p++) {
      sum += table.weights()[p] * positions.gradient(table.dim(p));
    }
    return sum + ridge;
  }

  /** Gives every row whose weights are all 0 a support that its observations choose. */
  private SparseTable newRows(
      InteractionBlock block, SparseTable table, long seed, boolean[] stuck) {
    NewRow grower = new NewRow(rows, positions, table.rank(), seed);
    short[] dims = table.dims().clone();
    float[] weights = table.weights().clone();
    for (int row = 0; row < block.rows(); row++) {
      if (block.observations(row) > 0 && grower.isNew(table, row)) {
        stuck[row] = !grower.grow(block, row, table, dims, weights);
      }
    }
    return new SparseTable(table.rank(), table.rowOffsets(), dims, weights);
  }

  /**
   * Returns the importance of every weight for the data at hand and, less and less, for those
   * before (docs/design.md section 5, "Retraining").
   *
   * @param before importance for earlier data, see {@link History#importance}; null for none
   * @param decay share of it that is left
   */
  public SparseTable importance(
      InteractionBlock block, SparseTable table, SparseTable before, double decay) {
    float[] values = new float[table.stored()];
    float[] earlier = new float[table.rank()];
    for (int row = 0; row < block.rows(); row++) {
      boolean idle = block.allObservations(row) == 0;
      if (!idle) {
        positions.score(block, row, table);
      }
      if (before != null) {
        before.scatter(row, earlier);
      }
      for (int p = table.begin(row); p < table.end(row); p++) {
        int dim = table.dim(p);
        double now = idle ? 0 : positions.importance(dim, table.weights()[p]);
        values[p] = (float) Math.min(now + decay * earlier[dim], Float.MAX_VALUE);
      }
      if (before != null) {
        before.unscatter(row, earlier);
      }
    }
    return table.withWeights(values);
  }
}
