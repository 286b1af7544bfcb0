package dev.coppice.core.items;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntPredicate;

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

  /** Returns the rows of some items alone; their neighbours stay. */
  public NeighbourTable with(IntPredicate wanted) {
    int[] rows = new int[items.length];
    int[] begins = new int[items.length + 1];
    int[] codes = new int[neighbours.length];
    float[] values = new float[neighbours.length];
    int size = 0;
    for (int row = 0; row < items.length; row++) {
      if (wanted.test(items[row])) {
        int length = offsets[row + 1] - offsets[row];
        System.arraycopy(neighbours, offsets[row], codes, begins[size], length);
        System.arraycopy(weights, offsets[row], values, begins[size], length);
        rows[size] = items[row];
        begins[size + 1] = begins[size++] + length;
      }
    }
    return new NeighbourTable(
        Arrays.copyOf(rows, size),
        Arrays.copyOf(begins, size + 1),
        Arrays.copyOf(codes, begins[size]),
        Arrays.copyOf(values, begins[size]));
  }
}
