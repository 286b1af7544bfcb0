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
   * Solves all rows of {@code side} from the rows of the other side. Where an exploration follows,
   * the positions that it may move are listed on the way.
   *
   * @param share of the weights of the rows that do not rest: so many of the best positions to
   *     prune and to grow are listed in each block; 0 if no exploration follows
   */
  Solution solve(Side side, double share);

  /** Lists more positions, where the lists of {@link #solve} turn out to be too short. */
  Listed list(Side side, double share);

  /** Counts one more digit of the positions that are listed. */
  ScoreHistogram count(Side side, KeyPrefix prune, KeyPrefix grow);

  /**
   * Prunes and grows. A grown weight begins with what lowers the loss most if the others stay; the
   * rows are solved on their new supports in the next half-sweep of the side.
   */
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
   * @param listed the positions that are listed; null unless an exploration follows
   */
  record Solution(BlockStats stats, Listed listed) {}

  /**
   * What an exploration gave.
   *
   * @param stats loss before the move and L2 term after it, over all rows
   * @param stored stored weights of the table after the move
   */
  record Moved(BlockStats stats, long stored) {}
}
