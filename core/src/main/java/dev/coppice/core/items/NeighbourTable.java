package dev.coppice.core.items;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Neighbours of some items, in memory.
 *
 * @param items those that have a row, ascending
 * @param offsets {@code int[items + 1]}: where each row begins
 * @param neighbours ascending within a row
 * @param weights one each
 */
public record NeighbourTable(int[] items, int[] offsets, int[] neighbours, float[] weights)
    implements Serializable {

  /** Returns the neighbours of a row. */
  public int[] neighbours(int row) {
    return Arrays.copyOfRange(neighbours, offsets[row], offsets[row + 1]);
  }

  /** Returns their weights. */
  public float[] weights(int row) {
    return Arrays.copyOfRange(weights, offsets[row], offsets[row + 1]);
  }
}
