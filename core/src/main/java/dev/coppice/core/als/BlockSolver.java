package dev.coppice.core.als;

import dev.coppice.core.als.ExploreRule.Scoring;
import dev.coppice.core.mask.Candidates;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.SalientWeights;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.table.SparseTable;

/**
 * The work of a half-sweep on the rows of one block: solve them, score every position, and gather
 * what an exploration may move. One instance a thread.
 */
public final class BlockSolver {
  private final HalfSweep step;
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
    this.step = step;
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
   * new rows on one of their own, of the same size. A row without observations has nothing to learn
   * from (its solution would be 0): it is kept as it is.
   */
  public Solved solve(
      int blockNumber, InteractionBlock block, SparseTable table, SolveScope scope) {
    if (scope.foldIn()) {
      boolean[] stuck = new boolean[block.rows()];
      SparseTable grown = newRows(block, table, scope.startSeed(), stuck);
      return solve(blockNumber, block, grown, Resting.of(positions, block, grown, stuck));
    }
    Resting resting =
        scope.share() < 1 ? Resting.choose(positions, block, table, scope.share()) : Resting.NONE;
    return solve(blockNumber, block, table, resting);
  }

  /** Solves all rows that do not rest; these are as they were when they were chosen. */
  public Solved solve(int blockNumber, InteractionBlock block, SparseTable table, Resting resting) {
    float[] weights = new float[table.stored()];
    double loss = resting.loss();
    double penalty = resting.penalty();
    for (int row = 0; row < block.rows(); row++) {
      int begin = table.begin(row);
      int end = table.end(row);
      if (resting.contains(row)) {
        System.arraycopy(table.weights(), begin, weights, begin, end - begin);
        continue;
      }
      if (block.observations(row) == 0) {
        System.arraycopy(table.weights(), begin, weights, begin, end - begin);
        positions.score(block, row, table);
        double ridge = positions.regularisation() * step.squares(table, row, weights);
        // Its unobserved pairs: w'(alpha_0 G w), the gradient being all of the brackets.
        double unobserved = 0;
        for (int p = begin; p < end; p++) {
          unobserved += weights[p] * positions.gradient(table.dim(p));
        }
        loss += unobserved + ridge;
        penalty += ridge;
      } else {
        rows.solve(block, row, table.dims(), begin, end, weights);
        loss += rows.loss();
        penalty += rows.regularisation() * step.squares(table, row, weights);
      }
    }
    BlockStats stats = new BlockStats(blockNumber, loss, penalty, resting.weights());
    return new Solved(table.withWeights(weights), stats, resting);
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

  /** Adds the first digit of every score of the rows that do not rest. */
  public void countScores(
      InteractionBlock block,
      SparseTable table,
      Resting resting,
      Scoring scoring,
      History history,
      ScoreHistogram histogram) {
    visitScores(
        block,
        table,
        resting,
        new RowScores(positions, table.rank(), scoring, history),
        null,
        new ScoreVisitor() {
          @Override
          public void prune(int row, int dim, int score) {
            histogram.countPrune(score >>> 16);
          }

          @Override
          public void grow(int row, float[] gains, int from, int to) {
            for (int dim = from; dim < to; dim++) {
              if (gains[dim] > 0) {
                histogram.countGrow(ScoreKey.grow(gains[dim]) >>> 16);
              }
            }
          }
        });
  }

  /**
   * Lists the positions whose scores reach the first digits of the two thresholds, over the rows
   * that do not rest.
   */
  public Movable candidates(
      InteractionBlock block,
      SparseTable table,
      Resting resting,
      Scoring scoring,
      History history,
      KeyPrefix prune,
      KeyPrefix grow) {
    Candidates pruned = new Candidates();
    Candidates grown = new Candidates();
    RowScores scores = new RowScores(positions, table.rank(), scoring, history);
    MemoryBuilder memory =
        scoring.growth().remembers() ? new MemoryBuilder(table, history.memory()) : null;
    visitScores(
        block,
        table,
        resting,
        scores,
        memory,
        new ScoreVisitor() {
          @Override
          public void prune(int row, int dim, int score) {
            if (prune.reachable(score)) {
              pruned.add(row, dim, score);
            }
          }

          @Override
          public void grow(int row, float[] gains, int from, int to) {
            for (int dim = from; dim < to; dim++) {
              int score = ScoreKey.grow(gains[dim]);
              if (gains[dim] > 0 && grow.reachable(score)) {
                grown.add(row, dim, score);
              }
            }
          }
        });
    return new Movable(pruned.trim(), grown.trim(), memory == null ? null : memory.build());
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
      boolean idle = block.observations(row) == 0;
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

  /** Receives the scores of a block's positions, rows and dims ascending. */
  private interface ScoreVisitor {
    void prune(int row, int dim, int score);

    /** Receives a run of empty positions; those whose gain is 0 cannot be grown. */
    void grow(int row, float[] gains, int from, int to);
  }

  private void visitScores(
      InteractionBlock block,
      SparseTable table,
      Resting resting,
      RowScores scores,
      MemoryBuilder memory,
      ScoreVisitor visitor) {
    int rank = table.rank();
    float[] weights = table.weights();
    for (int row = 0; row < block.rows(); row++) {
      if (block.observations(row) == 0 || resting.contains(row)) {
        continue;
      }
      scores.row(block, row, table);
      float[] gains = scores.gains();
      int begin = table.begin(row);
      int stored = table.stored(row);
      salient.row(stored, i -> scores.saliency(table.dim(begin + i), weights[begin + i]));
      int next = 0;
      for (int i = 0; i < stored; i++) {
        int dim = table.dim(begin + i);
        visitor.grow(row, gains, next, dim);
        next = dim + 1;
        if (salient.prunable(i)) {
          visitor.prune(row, dim, salient.pruneScore(i));
        }
      }
      visitor.grow(row, gains, next, rank);
      if (memory != null) {
        memory.add(row, scores);
      }
    }
  }
}
