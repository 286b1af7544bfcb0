package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * Some interactions on their way from a user block back to an item block.
 *
 * @param locals {@code int[n]}: item, local to its block
 * @param codes {@code int[n]}: user
 * @param confidences {@code float[n]}, or null where all are 1
 * @param ratings {@code float[n]}, or null where the target is 1
 */
record ReturnChunk(int[] locals, int[] codes, float[] confidences, float[] ratings)
    implements Serializable {}
