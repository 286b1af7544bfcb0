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
 * @param earlier what the rows were in a model whose scores stand for observations that are not
 *     here ({@link KeptScores}); null for none
 */
public record InteractionBlock(
    long firstRow,
    long[] ids,
    int[] offsets,
    int[] codes,
    float[] confidences,
    float[] ratings,
    EarlierRows earlier)
    implements Serializable {

  /** All observations of the rows of one block. */
  public InteractionBlock(
      long firstRow, long[] ids, int[] offsets, int[] codes, float[] confidences, float[] ratings) {
    this(firstRow, ids, offsets, codes, confidences, ratings, null);
  }

  /** Returns the same observations of rows that an earlier model has. */
  public InteractionBlock withEarlier(EarlierRows rows) {
    return new InteractionBlock(firstRow, ids, offsets, codes, confidences, ratings, rows);
  }

  /** Returns the same observations with other names of the other side's rows, in the same order. */
  public InteractionBlock withCodes(int[] names) {
    return new InteractionBlock(firstRow, ids, offsets, names, confidences, ratings, earlier);
  }

  /** Returns the number of rows. */
  public int rows() {
    return ids.length;
  }

  /** Returns the number of observations of {@code row} that are here. */
  public int observations(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** Returns the number of observations of {@code row}, those of an earlier model among them. */
  public int allObservations(int row) {
    return earlier == null
        ? observations(row)
        : Math.addExact(observations(row), earlier.observations()[row]);
  }
}
