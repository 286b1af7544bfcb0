package dev.coppice.core.mask;

/**
 * Finds, digit by digit, the key that exactly {@code need} positions reach: an exact order
 * statistic over any number of scores in aggregations of 65,536 counts, without a sort.
 *
 * <p>The holders of the scores count the digit {@link #level()} of every key that fits (see {@link
 * KeyPrefix}) the digits found so far; {@link #accept} takes the sum of these counts and settles
 * one more digit. Two rounds settle a float, and the search ends as soon as a bucket is taken
 * whole; keys are unique (see {@link ScoreKey}), so it always ends with exactly {@code need}
 * positions.
 */
public final class ThresholdSearch {
  private int level;
  private int score;
  private long tie;
  private long open;
  private final long need;
  private boolean done;

  /**
   * Starts a search.
   *
   * @param need how many positions to take, at least 0 and at most their number
   * @throws IllegalArgumentException if it is negative
   */
  public ThresholdSearch(long need) {
    if (need < 0) {
      throw new IllegalArgumentException("need is " + need + "; it must be at least 0");
    }
    this.need = need;
    this.open = need;
    this.done = need == 0;
  }

  /** Returns whether the threshold is settled. */
  public boolean done() {
    return done;
  }

  /** Returns the digit to count next. */
  public int level() {
    return level;
  }

  /** Returns the digits settled so far, as the prefix that keys must have to be counted. */
  public KeyPrefix prefix() {
    return new KeyPrefix(done ? -1 : level, score, tie);
  }

  /**
   * Settles one more digit.
   *
   * @param counts {@code long[65536]}: how many matching keys have each value of digit {@link
   *     #level()}
   * @throws IllegalStateException if fewer keys were counted than are still to be taken, or if the
   *     search is done
   */
  public void accept(long[] counts) {
    if (done) {
      throw new IllegalStateException("the threshold is settled; there is no digit left to count");
    }
    int bucket = counts.length - 1;
    while (bucket >= 0 && counts[bucket] < open) {
      open -= counts[bucket--];
    }
    if (bucket < 0) {
      throw new IllegalStateException(
          "the scores counted at digit " + level + " are " + open + " fewer than those to take");
    }
    if (level < 2) {
      score |= bucket << (16 - 16 * level);
    } else {
      tie |= (long) bucket << (48 - 16 * (level - 2));
    }
    level++;
    done = counts[bucket] == open || level == ScoreKey.LEVELS;
  }

  /**
   * Returns the settled threshold.
   *
   * @throws IllegalStateException if the search is not done
   */
  public Threshold threshold() {
    if (!done) {
      throw new IllegalStateException("the threshold is not settled at digit " + level);
    }
    return need == 0 ? Threshold.NOTHING : new Threshold(score, tie, need);
  }
}
