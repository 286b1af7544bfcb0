package dev.coppice.core.topk;

import java.util.Arrays;

/** The linked parts of the scores of a chunk of positions, for one row at a time. */
public final class LinkSums {
  private final float[] sums;
  private int[] touched = new int[64];
  private int count;

  /**
   * Sums that are all 0.
   *
   * @param chunkSize most positions in a chunk
   */
  public LinkSums(int chunkSize) {
    sums = new float[chunkSize];
  }

  /** Adds to the sum of a place in the chunk. */
  public void add(int place, float value) {
    sums[place] += value;
    if (count == touched.length) {
      touched = Arrays.copyOf(touched, 2 * count);
    }
    touched[count++] = place;
  }

  /** Adds the sums to the scores of their places, and sets them to 0. */
  public void moveTo(float[] scores) {
    for (int i = 0; i < count; i++) {
      // A place that comes again adds 0, which changes no bit: no sum is -0.
      scores[touched[i]] += sums[touched[i]];
      sums[touched[i]] = 0f;
    }
    count = 0;
  }
}
