package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * The rows of one source block that one block of the other side needs.
 *
 * @param block the block that needs them
 * @param rows local indices, ascending
 */
record RowRequest(int block, int[] rows) implements Serializable {}
