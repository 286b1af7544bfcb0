package dev.coppice.sizing;

import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.mask.Candidates;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;

/**
 * The counts and settings that a training run's size follows from.
 *
 * @param users rows of the user table
 * @param items rows of the item table
 * @param interactions training interactions
 * @param heldOut interactions that are validated on after every sweep; 0 for none
 * @param rank width of a row
 * @param density share of the positions that hold a weight
 * @param updateRatio share of the weights that the first exploration moves
 * @param importance whether every weight has a byte that tells how important it is
 * @param gramian whether the objective needs the Gramian: implicit feedback does
 * @param bytesPerObservation of one interaction in a block: 4 for the code, 4 more each for a
 *     confidence and a rating
 * @param numBlocks logical blocks of a side
 * @param numPartitions partitions asked for; 0 for automatic
 * @param broadcastLimit largest table that is broadcast, bytes
 */
public record Workload(
    long users,
    long items,
    long interactions,
    long heldOut,
    int rank,
    double density,
    double updateRatio,
    boolean importance,
    boolean gramian,
    int bytesPerObservation,
    int numBlocks,
    int numPartitions,
    long broadcastLimit) {

  /**
   * Positions that an exploration lists for each that it moves, to prune and to grow: a block's
   * list holds between what it is asked for and twice as many, half as many again in the mean.
   */
  private static final double LISTED = 1.5 * DynamicSparseTrainer.ROOM;

  /** Returns what the user table takes, its explorations included. */
  public ByteAccount userTable() {
    return table(users);
  }

  /** Returns what the item table takes, its explorations included. */
  public ByteAccount itemTable() {
    return table(items);
  }

  private ByteAccount table(long rows) {
    long weights = Budget.of(density, rank, rows).weights();
    long listed = density == 1 ? 0 : (long) Math.ceil(LISTED * updateRatio * weights);
    long explored =
        Candidates.bytes(Math.min(listed, weights), false)
            + Candidates.bytes(Math.min(listed, rank * rows - weights), true);
    ByteAccount table = ByteAccount.of(rows, weights).withExploration(explored);
    return importance ? table.withImportance() : table;
  }
}
