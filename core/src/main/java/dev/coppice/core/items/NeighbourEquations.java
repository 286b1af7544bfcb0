package dev.coppice.core.items;

import dev.coppice.core.linalg.Cholesky;

/**
 * The system of one item as it comes together, equation by equation: for the p-th neighbour G at
 * the neighbours 0 .. p and at the item itself. 2 bytes · k² + 4 bytes · k for k neighbours.
 */
public final class NeighbourEquations {
  private final int size;
  private final float[] triangle;
  private final float[] pulls;
  private int missing;

  /** Makes a system of k neighbours without any equation. */
  public NeighbourEquations(int k) {
    size = k;
    triangle = new float[Math.toIntExact((long) k * (k + 1) / 2)];
    pulls = new float[k];
    missing = k;
  }

  /** Returns how many numbers the equation at a position takes. */
  public static int length(int position) {
    return position + 2;
  }

  /**
   * Takes an equation from a column of G.
   *
   * @param column the column of {@code neighbours[position]}
   * @param neighbours the neighbours of the item
   * @param target the item
   * @param values takes {@link #length} numbers from {@code at} on
   */
  public static void take(
      CoOccurrences column, int[] neighbours, int position, int target, float[] values, int at) {
    for (int q = 0; q <= position; q++) {
      values[at + q] = (float) HistoryWeight.value(column.sum(neighbours[q]));
    }
    values[at + position + 1] = (float) HistoryWeight.value(column.sum(target));
  }

  /** Puts an equation that was taken into its place, each once. */
  public void put(int position, float[] values, int at) {
    System.arraycopy(values, at, triangle, start(position), position + 1);
    pulls[position] = values[at + position + 1];
    missing--;
  }

  int size() {
    return size;
  }

  /**
   * Writes the system for {@link Cholesky}, with λ on the diagonal.
   *
   * @throws IllegalStateException if an equation is missing
   */
  void write(double ridge, double[] system) {
    if (missing != 0) {
      throw new IllegalStateException(missing + " of " + size + " equations are missing");
    }
    int width = Cholesky.width(size);
    for (int row = 0; row < size; row++) {
      int from = start(row);
      for (int q = 0; q <= row; q++) {
        system[q * width + row] = triangle[from + q];
      }
      system[row * width + row] += ridge;
      system[row * width + size] = pulls[row];
    }
  }

  private static int start(int row) {
    return (int) ((long) row * (row + 1) / 2);
  }
}
