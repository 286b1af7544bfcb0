package dev.coppice.core.als;

import java.util.Arrays;

/** Adds to a row the positions that would lower its loss most. Holds the scratch of one thread. */
public final class LargestGains {
  private final PositionScores scores;
  private final boolean[] taken;
  private final long[] keys;

  /** Makes the scratch for rows of a table of {@code rank} dimensions. */
  public LargestGains(PositionScores scores, int rank) {
    this.scores = scores;
    taken = new boolean[rank];
    keys = new long[rank];
  }

  /**
   * Returns the positions of the row scored last with those of the largest gains added, of equal
   * gains the lower dimensions first.
   *
   * @param dims positions that stay, in any order
   * @param size how many positions there are to be, if so many gains are above 0
   * @return dimensions in ascending order
   */
  public short[] added(short[] dims, int size) {
    int rank = taken.length;
    Arrays.fill(taken, false);
    for (short dim : dims) {
      taken[dim & 0xFFFF] = true;
    }
    int open = 0;
    for (int dim = 0; dim < rank; dim++) {
      float gain = scores.gain(dim);
      if (!taken[dim] && gain > 0) {
        // The bits of a gain above 0 order like the gain; equal ones by dimension.
        keys[open++] = (long) Float.floatToRawIntBits(gain) << 32 | (rank - dim);
      }
    }
    Arrays.sort(keys, 0, open);
    int added = Math.max(0, Math.min(open, size - dims.length));
    for (int i = open - added; i < open; i++) {
      taken[rank - (int) keys[i]] = true;
    }
    short[] all = new short[dims.length + added];
    int to = 0;
    for (int dim = 0; dim < rank; dim++) {
      if (taken[dim]) {
        all[to++] = (short) dim;
      }
    }
    return all;
  }
}
