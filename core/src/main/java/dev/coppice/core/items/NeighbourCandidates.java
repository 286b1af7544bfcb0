package dev.coppice.core.items;

import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import dev.coppice.core.topk.TopK;
import java.util.Arrays;

/**
 * Finds the items that would explain an item j best, each alone: by the gain {@code G_ij² / (G_ii +
 * λ)}, the fall of the objective of column j when i is its only neighbour, over {@code G_jj + λ},
 * so that columns of popular and of rare items compare. It is the gain of an empty position in
 * docs/design.md section 5, "Explore", with nothing solved yet. Holds the scratch of one thread.
 */
public final class NeighbourCandidates {
  private final long[] diagonal;
  private final double ridge;
  private final TopK best;

  /**
   * Makes the scratch.
   *
   * @param diagonal G_ii by item, see {@link HistoryWeight}
   * @param ridge λ, above 0
   * @param most most candidates an item, at least 1
   */
  public NeighbourCandidates(long[] diagonal, double ridge, int most) {
    this.diagonal = diagonal;
    this.ridge = ridge;
    best = new TopK(most);
  }

  /**
   * What was found for one item.
   *
   * @param items ascending; never the item itself
   * @param gains their gains, above 0
   */
  public record Found(int[] items, float[] gains) {
    /**
     * Counts one digit of the keys that fit the digits settled so far; see {@link ThresholdSearch}.
     *
     * @param histogram counts them as positions that may be grown
     */
    public void count(int target, KeyPrefix prefix, int level, ScoreHistogram histogram) {
      for (int t = 0; t < items.length; t++) {
        int score = ScoreKey.grow(gains[t]);
        long tie = ScoreKey.pairTie(target, items[t]);
        if (prefix.matches(score, tie)) {
          histogram.countGrow(ScoreKey.digit(score, tie, level));
        }
      }
    }

    /** Returns those whose keys reach a threshold. */
    public Found taken(int target, Threshold threshold) {
      int[] kept = new int[items.length];
      float[] keptGains = new float[items.length];
      int size = 0;
      for (int t = 0; t < items.length; t++) {
        if (threshold.takes(ScoreKey.grow(gains[t]), ScoreKey.pairTie(target, items[t]))) {
          kept[size] = items[t];
          keptGains[size++] = gains[t];
        }
      }
      return new Found(Arrays.copyOf(kept, size), Arrays.copyOf(keptGains, size));
    }
  }

  /** Finds the candidates of a column; of equal gains the lower items. */
  public Found best(CoOccurrences column, int target) {
    for (int t = 0; t < column.size(); t++) {
      int item = column.item(t);
      float gain = gain(item, target, column.sum(item));
      if (item != target && gain > 0) {
        best.offer(item, gain);
      }
    }
    int[] items = best.drainItems();
    Arrays.sort(items);
    float[] gains = new float[items.length];
    for (int t = 0; t < items.length; t++) {
      gains[t] = gain(items[t], target, column.sum(items[t]));
    }
    return new Found(items, gains);
  }

  private float gain(int item, int target, long sum) {
    double g = HistoryWeight.value(sum);
    return (float) (g * g / (size(item) * size(target)));
  }

  private double size(int item) {
    return HistoryWeight.value(diagonal[item]) + ridge;
  }
}
