package dev.coppice.core.topk;

/**
 * The rows that targets are ranked for, with what is not to be recommended to them. The arrays are
 * kept, not copied.
 *
 * @param offsets rows + 1 offsets of the rows into the next two, not descending
 * @param dims dimensions, ascending within a row, read as unsigned
 * @param weights finite weights
 * @param seenOffsets offsets of the rows' seen targets, or null if nothing is left out
 * @param seen seen targets, ascending within a row, duplicates allowed; targets that are not ranked
 *     are ignored
 * @param links links of the rows, or null if they have none
 */
public record SourceRows(
    int[] offsets, short[] dims, float[] weights, int[] seenOffsets, int[] seen, Links links) {

  /**
   * Checks that all parts are of the same number of rows.
   *
   * @throws IllegalArgumentException naming the part
   */
  public SourceRows {
    int rows = offsets.length - 1;
    if (seenOffsets != null && seenOffsets.length - 1 != rows) {
      throw new IllegalArgumentException(
          "seen targets are of " + (seenOffsets.length - 1) + " rows; needed: " + rows);
    }
    if (links != null && links.rows() != rows) {
      throw new IllegalArgumentException("links are of " + links.rows() + " rows; needed: " + rows);
    }
  }

  /** Rows that have seen nothing and have no links. */
  public static SourceRows of(int[] offsets, short[] dims, float[] weights) {
    return new SourceRows(offsets, dims, weights, null, null, null);
  }

  /** A single row that has seen nothing and has no links. */
  public static SourceRows ofRow(short[] dims, float[] weights) {
    return of(new int[] {0, dims.length}, dims, weights);
  }

  /** The same rows with seen targets, or with none if both arrays are null. */
  public SourceRows withSeen(int[] offsetsOfSeen, int[] targets) {
    return new SourceRows(offsets, dims, weights, offsetsOfSeen, targets, links);
  }

  /** The same rows with links, or without any if null. */
  public SourceRows withLinks(Links other) {
    return new SourceRows(offsets, dims, weights, seenOffsets, seen, other);
  }

  /** Number of rows. */
  public int rows() {
    return offsets.length - 1;
  }
}
