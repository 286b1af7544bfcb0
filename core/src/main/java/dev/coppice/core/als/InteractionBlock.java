package dev.coppice.core.als;

import java.io.Serializable;

/**
 * All observations of the rows of one block, row after row and, within a row, ascending by the
 * other side's {@link RowCode}: MLlib's in-block (Spark, {@code ALS.scala}), held once by user
 * block and once by item block.
 *
 * @param firstRow index of the block's first row in the whole table, where it is known; 0 else
 * @param ids {@code long[rows]}: the ids of the rows, ascending
 * @param offsets {@code int[rows + 1]}: where each row's observations begin
 * @param codes {@code int[observations]}: the other side's rows
 * @param confidences {@code float[observations]}, or null where all are 1: the interaction's weight
 *     times the popularity factors of both rows, see {@link AlsObjective#confidenceScale}
 * @param ratings {@code float[observations]}, or null where the target is 1
 */
public record InteractionBlock(
    long firstRow, long[] ids, int[] offsets, int[] codes, float[] confidences, float[] ratings)
    implements Serializable {

  /** Returns the number of rows. */
  public int rows() {
    return ids.length;
  }

  /** Returns the number of observations of {@code row}. */
  public int observations(int row) {
    return offsets[row + 1] - offsets[row];
  }
}
