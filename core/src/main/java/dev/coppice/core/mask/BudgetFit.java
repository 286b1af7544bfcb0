package dev.coppice.core.mask;

import java.io.Serializable;

/**
 * Fits given rows to a budget, to the single weight: finds which of their weights are pruned, or
 * which rows are lengthened, by the exact global threshold of {@link ThresholdSearch}, round by
 * round. Whoever holds the rows of all blocks ({@link InitialBlock}) counts digits; nothing else
 * leaves them.
 */
public final class BudgetFit {
  /**
   * What to do to the rows; one of the two takes nothing.
   *
   * @param prune weights of known rows from this key on are pruned
   * @param lengthen rows get the slots from this key on
   */
  public record Cut(Threshold prune, Threshold lengthen) implements Serializable {}

  /** What the first round of any search counts. */
  public static final KeyPrefix FIRST = new KeyPrefix(0, 0, 0);

  private final ThresholdSearch prune;
  private final ThresholdSearch lengthen;

  /**
   * Starts a search for the cut after which the rows hold exactly {@code budget} weights.
   *
   * @param budget weights of the whole table
   * @param base sum of {@link InitialBlock#baseWeights} over all blocks
   * @param least sum of {@link InitialBlock#leastWeights} over all blocks
   * @throws IllegalArgumentException if the rows cannot be pruned to the budget
   */
  public BudgetFit(long budget, long base, long least) {
    if (least > budget) {
      throw new IllegalArgumentException(
          "the rows that are kept as they are leave too little: at least "
              + least
              + " weights are needed, the budget is "
              + budget
              + "; drop rows without interactions, or raise density");
    }
    prune = new ThresholdSearch(Math.max(0, base - budget));
    lengthen = new ThresholdSearch(Math.max(0, budget - base));
  }

  /** Returns whether the cut is found. */
  public boolean done() {
    return prune.done() && lengthen.done();
  }

  /** Returns which weights to count next. */
  public KeyPrefix weights() {
    return prune.prefix();
  }

  /** Returns which slots to count next. */
  public KeyPrefix slots() {
    return lengthen.prefix();
  }

  /** Takes the counts of a round; those that are not needed any more are left aside. */
  public void accept(ScoreHistogram counts) {
    if (!prune.done()) {
      prune.accept(counts.prune());
    }
    if (!lengthen.done()) {
      lengthen.accept(counts.grow());
    }
  }

  /**
   * Returns the cut.
   *
   * @throws IllegalStateException if it is not found yet
   */
  public Cut cut() {
    return new Cut(prune.threshold(), lengthen.threshold());
  }
}
