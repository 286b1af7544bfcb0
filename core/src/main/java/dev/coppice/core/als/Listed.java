package dev.coppice.core.als;

import dev.coppice.core.mask.BucketCounts;
import dev.coppice.core.mask.ScoreHistogram;
import java.io.Serializable;

/**
 * How many positions the lists of an exploration hold, by the first digit of their keys (docs/
 * design.md section 5, "The exact threshold without a sort").
 *
 * @param counts of listed positions
 * @param pruneFrom first digit from which on no position that may be pruned is missing
 * @param growFrom the same for those that may be grown
 * @param bytes what the lists take, and what the growth rule remembers
 */
public record Listed(BucketCounts counts, int pruneFrom, int growFrom, long bytes)
    implements Serializable {

  /** Counts the lists of one block. */
  public static Listed of(Movable movable) {
    ScoreHistogram histogram = new ScoreHistogram();
    movable.countFirst(histogram);
    return new Listed(
        BucketCounts.of(histogram), movable.prune().from(), movable.grow().from(), movable.bytes());
  }

  /** Returns the counts of both, complete where both are. */
  public Listed plus(Listed other) {
    return new Listed(
        counts.plus(other.counts),
        Math.max(pruneFrom, other.pruneFrom),
        Math.max(growFrom, other.growFrom),
        bytes + other.bytes);
  }

  /** Returns whether every position that can be moved is listed. */
  boolean complete() {
    return pruneFrom == 0 && growFrom == 0;
  }

  /** Returns how many of the best positions are certain: none better is missing in the lists. */
  long certain() {
    ScoreHistogram histogram = histogram();
    return Math.min(from(histogram.prune(), pruneFrom), from(histogram.grow(), growFrom));
  }

  /** Returns the counts by digit. */
  public ScoreHistogram histogram() {
    ScoreHistogram histogram = new ScoreHistogram();
    counts.addTo(histogram);
    return histogram;
  }

  private static long from(long[] counts, int first) {
    long sum = 0;
    for (int digit = first; digit < counts.length; digit++) {
      sum += counts[digit];
    }
    return sum;
  }
}
