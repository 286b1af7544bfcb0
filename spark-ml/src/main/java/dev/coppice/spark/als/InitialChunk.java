package dev.coppice.spark.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * Some rows of an initial model on their way to their block.
 *
 * @param ids {@code long[rows]}, in any order
 * @param rows their weights
 * @param importance {@code float[stored]} of these weights; null where it is not wanted
 * @param degrees {@code int[rows]}: interactions they were learnt from; null where it is not wanted
 */
record InitialChunk(long[] ids, SparseTable rows, float[] importance, int[] degrees)
    implements Serializable {}
