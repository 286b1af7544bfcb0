package dev.coppice.core.als;

import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.table.Budget;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the two tables and the interactions, in one process or on a cluster, and does the steps of
 * {@link DynamicSparseTrainer} on all blocks of one side. Every answer is independent of how the
 * blocks are spread.
 */
public interface AlsEngine {

  /** Returns the budget of a table. */
  Budget budget(Side side);

  /**
   * Solves all rows of {@code side} from the rows of the other side.
   *
   * @param explore whether an exploration follows, which needs the scores
   */
  Solution solve(Side side, boolean explore);

  /**
   * Lists the positions that may reach the thresholds, whose first digits are settled, and counts
   * their next digit.
   */
  ScoreHistogram gather(Side side, KeyPrefix prune, KeyPrefix grow);

  /** Counts one more digit of the positions that {@link #gather} listed. */
  ScoreHistogram count(Side side, KeyPrefix prune, KeyPrefix grow);

  /** Prunes and grows, and solves all rows again on their new supports. */
  Moved move(Side side, Threshold prune, Threshold grow);

  /** Returns the validation metrics of the present tables, if there is anything to validate on. */
  Optional<Map<String, Double>> validate();

  /** Keeps the present tables as the best so far. */
  void keepBest();

  /**
   * Told when a sweep is over, its validation included, so that the state can be made durable: the
   * present and the best tables, and {@code state}.
   */
  void endSweep(TrainerState state);

  /**
   * What a half-sweep gave.
   *
   * @param stats loss and L2 term over all rows
   * @param scores first digits of all scores; null unless an exploration follows
   */
  record Solution(BlockStats stats, ScoreHistogram scores) {}

  /**
   * What an exploration gave.
   *
   * @param stats loss and L2 term after the move, over all rows
   * @param stored stored weights of the table after the move
   * @param bytes bytes that the lists of candidates took, and what the growth rule remembers
   */
  record Moved(BlockStats stats, long stored, long bytes) {}
}
