package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * Which rows of one source block the blocks of the other side need: MLlib's out-block.
 *
 * @param blocks {@code int[m]}: the blocks that need rows
 * @param rows {@code int[m][]}: the rows they need, local indices ascending
 */
record RowRequests(int[] blocks, int[][] rows) implements Serializable {}
