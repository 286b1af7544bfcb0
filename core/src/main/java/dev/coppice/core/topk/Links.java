package dev.coppice.core.topk;

import java.io.Serializable;

/**
 * What rows hold beside their dimensions: keys that a source's and a target's row may share, with a
 * weight each. In compressed form: the links of row r are at {@code offsets[r] .. offsets[r + 1] -
 * 1} of the other two arrays. A pair's links add to its score the sum, over the keys that both rows
 * hold, of the product of their weights. The arrays are kept, not copied, and must not change.
 *
 * @param offsets rows + 1 offsets, from 0, not descending
 * @param keys 0 or more, ascending within a row
 * @param weights finite, one a key; null if every weight is 1
 */
public record Links(int[] offsets, int[] keys, float[] weights) implements Serializable {

  /**
   * Checks every row.
   *
   * @throws IllegalArgumentException if a row is malformed; the message names it
   */
  public Links {
    if (offsets.length == 0
        || offsets[0] != 0
        || offsets[offsets.length - 1] > keys.length
        || (weights != null && weights.length < offsets[offsets.length - 1])) {
      throw new IllegalArgumentException(
          "links with "
              + offsets.length
              + " offsets "
              + (offsets.length == 0
                  ? ""
                  : "from " + offsets[0] + " to " + offsets[offsets.length - 1] + ", ")
              + keys.length
              + " keys, "
              + (weights == null ? "no" : String.valueOf(weights.length))
              + " weights; needed: rows + 1 offsets from 0 to at most the number of keys, and no"
              + " weights or one a key");
    }
    for (int r = 0; r + 1 < offsets.length; r++) {
      if (offsets[r + 1] < offsets[r]) {
        throw new IllegalArgumentException(
            "offsets of the links of row " + r + " descend; offsets must not descend");
      }
      RowCheck.checkLinks("row " + r, keys, weights, offsets[r], offsets[r + 1]);
    }
  }

  /** The links of a single row. */
  public static Links ofRow(int[] keys, float[] weights) {
    return new Links(new int[] {0, keys.length}, keys, weights);
  }

  /** Number of rows. */
  public int rows() {
    return offsets.length - 1;
  }

  /** Number of links of all rows. */
  public int size() {
    return offsets[rows()];
  }

  /** The weight of the link at a place of the arrays. */
  public float weight(int at) {
    return weights == null ? 1f : weights[at];
  }

  @Override
  public String toString() {
    return "Links(rows=" + rows() + ", links=" + size() + ")";
  }
}
