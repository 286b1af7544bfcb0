package dev.coppice.core.mask;

import java.util.Arrays;

/**
 * Tells which weights of one row are too salient to be pruned: the {@code kept} largest saliencies,
 * among equal ones those that stand later in the row. Used for one row after the other; one
 * instance a thread.
 */
public final class SalientWeights {
  private final int kept;
  private long[] keys = new long[16];
  private long[] sorted = new long[16];
  private long bound;

  /**
   * Makes the scratch of one thread.
   *
   * @param kept so many of a row's most salient weights are never pruned
   * @throws IllegalArgumentException if it is negative
   */
  public SalientWeights(int kept) {
    if (kept < 0) {
      throw new IllegalArgumentException("minWeightsPerRow is " + kept + "; it must be at least 0");
    }
    this.kept = kept;
  }

  /** The saliency of a row's {@code index}-th weight, at least 0. */
  public interface Saliencies {
    /** Returns the saliency. */
    float of(int index);
  }

  /** Goes to a row of {@code stored} weights. */
  public void row(int stored, Saliencies saliencies) {
    if (stored <= kept) {
      bound = Long.MIN_VALUE;
      return;
    }
    if (keys.length < stored) {
      keys = new long[Math.max(stored, 2 * keys.length)];
      sorted = new long[keys.length];
    }
    for (int i = 0; i < stored; i++) {
      keys[i] = (long) Float.floatToRawIntBits(saliencies.of(i)) << 32 | i;
    }
    if (kept == 0) {
      bound = Long.MAX_VALUE;
      return;
    }
    System.arraycopy(keys, 0, sorted, 0, stored);
    Arrays.sort(sorted, 0, stored);
    bound = sorted[stored - kept];
  }

  /** Returns whether the row's {@code index}-th weight may be pruned. */
  public boolean prunable(int index) {
    return bound != Long.MIN_VALUE && keys[index] < bound;
  }

  /** Returns the score part of the key by which the row's {@code index}-th weight is pruned. */
  public int pruneScore(int index) {
    return ScoreKey.prune(Float.intBitsToFloat((int) (keys[index] >>> 32)));
  }
}
