package dev.coppice.core.mask;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The positions of a block of rows that one exploration may still prune or grow, in ascending order
 * of (row, dim): {@code int[n]} rows, {@code short[n]} dims and {@code int[n]} score keys, 10 bytes
 * each. Held from the first count of an exploration until the exploration is applied.
 */
public final class Candidates implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes that one candidate takes. */
  public static final int BYTES = Integer.BYTES + Short.BYTES + Integer.BYTES;

  private static final int FIRST_CAPACITY = 64;

  private int size;
  private int[] rows;
  private short[] dims;
  private int[] scores;

  /** Makes an empty list that grows as it is filled. */
  public Candidates() {
    rows = new int[FIRST_CAPACITY];
    dims = new short[FIRST_CAPACITY];
    scores = new int[FIRST_CAPACITY];
  }

  /** Adds a position; rows and dims must come in ascending order. */
  public void add(int row, int dim, int score) {
    if (size == rows.length) {
      int capacity = Math.max(FIRST_CAPACITY, Math.addExact(size, size >> 1));
      rows = Arrays.copyOf(rows, capacity);
      dims = Arrays.copyOf(dims, capacity);
      scores = Arrays.copyOf(scores, capacity);
    }
    rows[size] = row;
    dims[size] = (short) dim;
    scores[size++] = score;
  }

  /** Gives back the memory beyond the last candidate. */
  public Candidates trim() {
    rows = Arrays.copyOf(rows, size);
    dims = Arrays.copyOf(dims, size);
    scores = Arrays.copyOf(scores, size);
    return this;
  }

  /** Returns the number of candidates. */
  public int size() {
    return size;
  }

  /** Returns the row, local to the block, of candidate {@code i}. */
  public int row(int i) {
    return rows[i];
  }

  /** Returns the dimension of candidate {@code i}. */
  public int dim(int i) {
    return dims[i] & 0xFFFF;
  }

  /** Returns the score key of candidate {@code i}. */
  public int score(int i) {
    return scores[i];
  }
}
