package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;
import java.util.Arrays;

/** The linked parts of the scores of a chunk of positions, for one row at a time. */
public final class LinkSums {
  /** One part in so many is added place by place; beyond this the whole chunk at once. */
  private static final int FEW = 8;

  private final Kernels kernels;
  private final float[] sums;
  private final int[] touched;
  private int count;

  /**
   * Sums that are all 0.
   *
   * @param chunkSize most positions in a chunk
   */
  public LinkSums(int chunkSize, Kernels kernels) {
    this.kernels = kernels;
    sums = new float[chunkSize];
    touched = new int[chunkSize / FEW];
  }

  /** Adds to the sum of a place in the chunk. */
  public void add(int place, float value) {
    sums[place] += value;
    if (count < touched.length) {
      touched[count] = place;
    }
    count++;
  }

  /** Adds {@code weight * values[i]} to the sum of {@code places[i]}, for i below n. */
  public void add(float weight, int[] places, float[] values, int n) {
    float[] to = sums;
    for (int i = 0; i < n; i++) {
      to[places[i]] += weight * values[i];
    }
    if (count < touched.length) {
      System.arraycopy(places, 0, touched, count, Math.min(n, touched.length - count));
    }
    count += n;
  }

  /**
   * Adds the sums to the scores of their places, and sets them to 0. Adding 0 to a score changes no
   * bit: neither a score nor a sum is -0.
   *
   * @param size positions of the chunk
   */
  public void moveTo(float[] scores, int size) {
    if (count > touched.length) {
      kernels.scaledAdd(1f, sums, 0, scores, 0, size);
      Arrays.fill(sums, 0, size, 0f);
    } else {
      for (int i = 0; i < count; i++) {
        scores[touched[i]] += sums[touched[i]];
        sums[touched[i]] = 0f;
      }
    }
    count = 0;
  }
}
