package dev.coppice.core.mask;

/**
 * Counts of one 16-bit digit of many keys, for pruning and for growing: {@code long[65536]} each.
 * Sums of counts do not depend on their order.
 */
public final class ScoreHistogram {
  private final long[] prune = new long[ScoreKey.BUCKETS];
  private final long[] grow = new long[ScoreKey.BUCKETS];

  /** Counts one stored position that may be pruned. */
  public void countPrune(int digit) {
    prune[digit]++;
  }

  /** Counts one empty position that may be grown. */
  public void countGrow(int digit) {
    grow[digit]++;
  }

  /** Returns the counts of positions that may be pruned; not a copy. */
  public long[] prune() {
    return prune;
  }

  /** Returns the counts of positions that may be grown; not a copy. */
  public long[] grow() {
    return grow;
  }

  /** Returns the sum of counts. */
  public static long total(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
