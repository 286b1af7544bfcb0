package dev.coppice.core.mask;

import java.io.Serializable;

/**
 * The positions of a block of rows that one exploration may prune or grow, in ascending order of
 * (row, dim): {@code int[n]} rows, {@code short[n]} dims and {@code int[n]} score keys, and where
 * they are grown {@code float[n]} weights. Every position whose key begins with {@link #from} or a
 * larger digit is among them, and no other. Made by {@link TopCandidates}, held until the
 * exploration is applied.
 */
public final class Candidates implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] rows;
  private final short[] dims;
  private final int[] scores;
  private final float[] weights;
  private final int from;

  Candidates(int[] rows, short[] dims, int[] scores, float[] weights, int from) {
    this.rows = rows;
    this.dims = dims;
    this.scores = scores;
    this.weights = weights;
    this.from = from;
  }

  /** Returns the number of candidates. */
  public int size() {
    return rows.length;
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

  /** Returns the weight that candidate {@code i} begins with if it is grown; 0 for stored ones. */
  public float weight(int i) {
    return weights == null ? 0 : weights[i];
  }

  /** Returns the first digit of keys from which on no position is missing. */
  public int from() {
    return from;
  }

  /** Returns the bytes that the list takes, array headers left out. */
  public long bytes() {
    return bytes(rows.length, weights != null);
  }

  /** Returns the bytes of a list of so many positions, with weights where they are to grow. */
  public static long bytes(long positions, boolean grown) {
    return positions * (2L * Integer.BYTES + Short.BYTES + (grown ? Float.BYTES : 0));
  }
}
