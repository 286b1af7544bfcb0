package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * Some interactions on their way to a block, the far rows already written as codes.
 *
 * @param near {@code long[n]}: ids of the block's side, or local indices where they are known
 * @param codes {@code int[n]}: far rows
 * @param weights {@code float[n]}: weights of the interactions, or null where all are 1
 * @param factors {@code float[n]}: popularity factors, or null where all are 1
 */
record CodedChunk(long[] near, int[] codes, float[] weights, float[] factors)
    implements Serializable {
  int size() {
    return near.length;
  }
}
