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
 *     candidates, see {@code dev.coppice.core.mask.Candidates}, and what the growth rule remembers
 * @param importanceBytes how important weights are, one byte each, where the model carries it
 */
public record ByteAccount(
    long rows,
    long stored,
    long weightBytes,
    long positionBytes,
    long offsetBytes,
    long explorationBytes,
    long importanceBytes) {

  /** Returns the account of a table at rest, outside an exploration. */
  public static ByteAccount of(long rows, long stored) {
    return new ByteAccount(
        rows, stored, Float.BYTES * stored, Short.BYTES * stored, Integer.BYTES * rows, 0, 0);
  }

  /** Returns the same account with the bytes that explorations held at their peak. */
  public ByteAccount withExploration(long bytes) {
    return new ByteAccount(
        rows, stored, weightBytes, positionBytes, offsetBytes, bytes, importanceBytes);
  }

  /** Returns the same account with one byte of importance for each stored weight. */
  public ByteAccount withImportance() {
    return new ByteAccount(
        rows, stored, weightBytes, positionBytes, offsetBytes, explorationBytes, stored);
  }

  /** Returns the sum of both accounts. */
  public ByteAccount plus(ByteAccount other) {
    return new ByteAccount(
        rows + other.rows,
        stored + other.stored,
        weightBytes + other.weightBytes,
        positionBytes + other.positionBytes,
        offsetBytes + other.offsetBytes,
        explorationBytes + other.explorationBytes,
        importanceBytes + other.importanceBytes);
  }

  /** Returns the bytes of the table itself: values, positions, offsets and importances. */
  public long tableBytes() {
    return weightBytes + positionBytes + offsetBytes + importanceBytes;
  }

  /** Returns what a dense table of 4-byte floats with as many rows would take, in bytes. */
  public static long denseBytes(long rows, int rank) {
    return Float.BYTES * rows * rank;
  }
}
