package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * Some interactions on their way to a block: {@code long[n]} near ids (those of the block's side),
 * {@code long[n]} far ids, {@code float[n]} weights.
 */
record PairChunk(long[] near, long[] far, float[] weights) implements Serializable {
  /** Returns the number of interactions. */
  int size() {
    return near.length;
  }
}
