package dev.coppice.core.mask;

import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * The rows of one block that a run starts from, and how they are fitted to the run's budget
 * (docs/design.md section 5, "Starting from a model").
 *
 * <p>Every row has a <i>base</i>: a new row its equal share of the budget, a known row the weights
 * it has, but at least {@code minWeightsPerRow}, an idle row just the weights it has. If the bases
 * together exceed the budget, weights of known rows are pruned by magnitude; if they fall short of
 * it, rows are lengthened slot by slot, the shortest first. Idle rows are never pruned, and
 * lengthened only when all others are full. {@link BudgetFit} finds both thresholds over all
 * blocks.
 */
public final class InitialBlock {
  private final Budget budget;
  private final long firstRow;
  private final int minWeightsPerRow;
  private final boolean bias;
  private final boolean[] known;
  private final boolean[] idle;
  private final SparseTable table;

  /**
   * Wraps the rows of a block.
   *
   * @param budget of the whole table
   * @param firstRow index of the block's first row in the whole table
   * @param minWeightsPerRow weights that every row has at least, at most the equal share
   * @param bias whether every row holds a weight in dimension 0 that is never pruned; then {@code
   *     minWeightsPerRow} is at least 1
   * @param known {@code boolean[rows]}: which rows are those of an initial model
   * @param idle {@code boolean[rows]}: which of the known rows have no interactions any more
   * @param table the known rows; new ones are empty, but for the bias
   */
  public InitialBlock(
      Budget budget,
      long firstRow,
      int minWeightsPerRow,
      boolean bias,
      boolean[] known,
      boolean[] idle,
      SparseTable table) {
    this.budget = budget;
    this.firstRow = firstRow;
    this.minWeightsPerRow = minWeightsPerRow;
    this.bias = bias;
    this.known = known;
    this.idle = idle;
    this.table = table;
  }

  /** Returns the sum of the rows' bases, in weights. */
  public long baseWeights() {
    long sum = 0;
    for (int row = 0; row < table.rows(); row++) {
      sum += base(row);
    }
    return sum;
  }

  /** Returns the fewest weights that the rows can be pruned to. */
  public long leastWeights() {
    long sum = 0;
    for (int row = 0; row < table.rows(); row++) {
      sum += known[row] && !idle[row] ? minWeightsPerRow : base(row);
    }
    return sum;
  }

  private int base(int row) {
    if (!known[row]) {
      return budget.startWeights(firstRow + row);
    }
    return idle[row] ? table.stored(row) : Math.max(table.stored(row), minWeightsPerRow);
  }

  /** Counts the next digit of the keys of weights that may be pruned. */
  public void countWeights(KeyPrefix prefix, ScoreHistogram histogram) {
    if (prefix.level() < 0) {
      return;
    }
    SalientWeights salient = new SalientWeights(minWeightsPerRow);
    for (int row = 0; row < table.rows(); row++) {
      if (idle[row]) {
        continue;
      }
      weigh(salient, row);
      for (int i = 0; i < table.stored(row); i++) {
        long tie = tie(row, i);
        if (salient.prunable(i) && prefix.matches(salient.pruneScore(i), tie)) {
          histogram.countPrune(ScoreKey.digit(salient.pruneScore(i), tie, prefix.level()));
        }
      }
    }
  }

  private void weigh(SalientWeights salient, int row) {
    int begin = table.begin(row);
    float[] weights = table.weights();
    salient.row(
        table.stored(row),
        i ->
            bias && table.dim(begin + i) == 0
                ? Float.POSITIVE_INFINITY
                : Math.abs(weights[begin + i]));
  }

  private long tie(int row, int index) {
    return ScoreKey.tie(firstRow + row, table.dim(table.begin(row) + index));
  }

  /** Counts the next digit of the keys of slots that rows may be lengthened by. */
  public void countSlots(KeyPrefix prefix, ScoreHistogram histogram) {
    if (prefix.level() < 0) {
      return;
    }
    int rank = budget.rank();
    for (int row = 0; row < table.rows(); row++) {
      // From the third digit on, one slot of a row can match at most.
      boolean settled = prefix.level() >= 2;
      int edge = lengthOf(row, prefix.score());
      int first = Math.max(base(row) + 1, settled ? edge : 0);
      int last = Math.min(rank, settled ? edge : rank);
      for (int length = first; length <= last; length++) {
        int score = slotScore(row, length);
        long tie = ScoreKey.tie(firstRow + row, length);
        if (prefix.matches(score, tie)) {
          histogram.countGrow(ScoreKey.digit(score, tie, prefix.level()));
        }
      }
    }
  }

  /**
   * Returns the score part of the key of the slot that brings a row to {@code length} weights: the
   * shorter, the larger. Idle rows come after all others.
   */
  private int slotScore(int row, int length) {
    int rank = budget.rank();
    return (idle[row] ? 0 : rank) + rank - length;
  }

  /** Returns the length whose slot in this row has the given score; it need not exist. */
  private int lengthOf(int row, int slotScore) {
    return slotScore(row, 0) - slotScore;
  }

  /**
   * Returns the rows that the run starts with: pruned or lengthened, new rows drawn.
   *
   * @param ids {@code long[rows]} ids of the block's rows
   */
  public SparseTable fit(BudgetFit.Cut cut, long[] ids, long seed) {
    return fit(cut, ids, seed, known);
  }

  /** As {@link #fit}, the weights of new rows being 0: they are there for the budget alone. */
  public SparseTable fitWithoutNew(BudgetFit.Cut cut, long[] ids, long seed) {
    boolean[] all = new boolean[known.length];
    Arrays.fill(all, true);
    return fit(cut, ids, seed, all);
  }

  private SparseTable fit(BudgetFit.Cut cut, long[] ids, long seed, boolean[] zeroes) {
    SparseTable kept = cut.prune().taken() == 0 ? table : prune(cut.prune());
    int[] lengths = new int[table.rows()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = Math.max(kept.stored(row), length(row, cut));
    }
    return InitialMask.lengthen(kept, zeroes, lengths, ids, seed);
  }

  private int length(int row, BudgetFit.Cut cut) {
    Threshold lengthen = cut.lengthen();
    if (lengthen.taken() == 0) {
      return known[row] && !idle[row] ? minWeightsPerRow : base(row);
    }
    int edge = lengthOf(row, lengthen.score());
    if (edge <= base(row)) {
      return base(row);
    }
    boolean reached =
        edge > budget.rank()
            || lengthen.takes(lengthen.score(), ScoreKey.tie(firstRow + row, edge));
    return Math.min(budget.rank(), reached ? edge : edge - 1);
  }

  private SparseTable prune(Threshold prune) {
    SalientWeights salient = new SalientWeights(minWeightsPerRow);
    int[] offsets = new int[table.rows() + 1];
    short[] dims = new short[table.stored()];
    float[] weights = new float[table.stored()];
    int to = 0;
    for (int row = 0; row < table.rows(); row++) {
      weigh(salient, row);
      for (int i = 0; i < table.stored(row); i++) {
        if (idle[row] || !salient.prunable(i) || !prune.takes(salient.pruneScore(i), tie(row, i))) {
          dims[to] = table.dims()[table.begin(row) + i];
          weights[to++] = table.weights()[table.begin(row) + i];
        }
      }
      offsets[row + 1] = to;
    }
    return new SparseTable(
        table.rank(), offsets, Arrays.copyOf(dims, to), Arrays.copyOf(weights, to));
  }
}
