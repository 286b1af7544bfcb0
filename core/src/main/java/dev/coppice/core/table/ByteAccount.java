package dev.coppice.core.table;

/**
 * What a table takes in memory, in bytes.
 *
 * @param rows number of rows
 * @param stored number of stored weights
 * @param weightBytes the values: 4 bytes each
 * @param positionBytes the dimensions: 2 bytes each
 * @param offsetBytes where each row begins: 4 bytes a row
 * @param explorationBytes the most that one exploration held beside the table: the prune and grow
 *     candidates, see {@code dev.coppice.core.mask.Candidates}
 */
public record ByteAccount(
    long rows,
    long stored,
    long weightBytes,
    long positionBytes,
    long offsetBytes,
    long explorationBytes) {

  /** Returns the account of a table at rest, outside an exploration. */
  public static ByteAccount of(long rows, long stored) {
    return new ByteAccount(
        rows, stored, Float.BYTES * stored, Short.BYTES * stored, Integer.BYTES * rows, 0);
  }

  /** Returns the same account with the bytes that explorations held at their peak. */
  public ByteAccount withExploration(long bytes) {
    return new ByteAccount(rows, stored, weightBytes, positionBytes, offsetBytes, bytes);
  }

  /** Returns the sum of both accounts. */
  public ByteAccount plus(ByteAccount other) {
    return new ByteAccount(
        rows + other.rows,
        stored + other.stored,
        weightBytes + other.weightBytes,
        positionBytes + other.positionBytes,
        offsetBytes + other.offsetBytes,
        explorationBytes + other.explorationBytes);
  }

  /** Returns the bytes of the table itself: values, positions and offsets. */
  public long tableBytes() {
    return weightBytes + positionBytes + offsetBytes;
  }

  /** Returns the bytes of the table and of what explorations hold beside it. */
  public long peakBytes() {
    return tableBytes() + explorationBytes;
  }

  /** Returns what a dense table of 4-byte floats with as many rows would take, in bytes. */
  public static long denseBytes(long rows, int rank) {
    return Float.BYTES * rows * rank;
  }
}
