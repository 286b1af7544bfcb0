package dev.coppice.core.table;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows of a sparse embedding table in compressed form.
 *
 * <p>Row {@code r} holds the weights {@code rowOffsets[r] .. rowOffsets[r + 1] - 1}: {@code dims}
 * are its dimensions, ascending and unsigned, {@code weights} their values. A stored weight costs 6
 * bytes (4 for the value, 2 for the position), a row 4 more for its offset. No method makes a dense
 * copy of the table; {@link #scatter} fills one row of {@code rank} floats that the caller owns.
 *
 * <p>The arrays are shared, not copied: an instance is a view that the code which made it may still
 * fill, and is read-only for everybody else.
 */
public final class SparseTable implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The largest rank whose dimensions fit the unsigned 16 bits of a position. */
  public static final int MAX_RANK = 65_535;

  private final int rank;
  private final int[] rowOffsets;
  private final short[] dims;
  private final float[] weights;

  /**
   * Wraps the arrays of a table.
   *
   * @param rank width of a row, 1 to {@value #MAX_RANK}
   * @param rowOffsets {@code int[rows + 1]}, ascending, from 0 to the number of stored weights
   * @param dims {@code short[stored]}, ascending and unsigned within a row
   * @param weights {@code float[stored]}
   * @throws IllegalArgumentException if the lengths do not fit each other
   */
  public SparseTable(int rank, int[] rowOffsets, short[] dims, float[] weights) {
    if (rank < 1 || rank > MAX_RANK) {
      throw new IllegalArgumentException(
          "rank is " + rank + "; it must lie between 1 and " + MAX_RANK);
    }
    if (rowOffsets.length == 0
        || rowOffsets[0] != 0
        || rowOffsets[rowOffsets.length - 1] != dims.length
        || dims.length != weights.length) {
      throw new IllegalArgumentException(
          "offsets of "
              + (rowOffsets.length - 1)
              + " rows, "
              + dims.length
              + " dims and "
              + weights.length
              + " weights do not form one table");
    }
    this.rank = rank;
    this.rowOffsets = rowOffsets;
    this.dims = dims;
    this.weights = weights;
  }

  /** Returns a table of {@code rows} rows that hold nothing. */
  public static SparseTable empty(int rank, int rows) {
    return new SparseTable(rank, new int[rows + 1], new short[0], new float[0]);
  }

  /** Returns the width of a row: dimensions, not stored weights. */
  public int rank() {
    return rank;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rowOffsets.length - 1;
  }

  /** Returns the number of stored weights of the whole table. */
  public int stored() {
    return dims.length;
  }

  /** Returns where the weights of {@code row} begin in {@link #dims} and {@link #weights}. */
  public int begin(int row) {
    return rowOffsets[row];
  }

  /** Returns the end, exclusive, of the weights of {@code row}. */
  public int end(int row) {
    return rowOffsets[row + 1];
  }

  /** Returns the number of weights {@code row} holds. */
  public int stored(int row) {
    return rowOffsets[row + 1] - rowOffsets[row];
  }

  /** Returns the offsets, {@code int[rows + 1]}; not a copy. */
  public int[] rowOffsets() {
    return rowOffsets;
  }

  /** Returns the dimensions of all stored weights, row after row; not a copy. */
  public short[] dims() {
    return dims;
  }

  /** Returns the values of all stored weights, row after row; not a copy. */
  public float[] weights() {
    return weights;
  }

  /** Returns the dimension of the stored weight at {@code position}, 0 to rank - 1. */
  public int dim(int position) {
    return dims[position] & 0xFFFF;
  }

  /** Returns the dimensions of one row as a new array of unsigned shorts. */
  public short[] rowDims(int row) {
    return Arrays.copyOfRange(dims, begin(row), end(row));
  }

  /** Returns the values of one row as a new array. */
  public float[] rowWeights(int row) {
    return Arrays.copyOfRange(weights, begin(row), end(row));
  }

  /** Returns some rows as a table of their own, in the order in which they are named. */
  public SparseTable only(int[] rows) {
    int[] offsets = new int[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      offsets[r + 1] = offsets[r] + stored(rows[r]);
    }
    short[] someDims = new short[offsets[rows.length]];
    float[] someWeights = new float[offsets[rows.length]];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(dims, begin(rows[r]), someDims, offsets[r], stored(rows[r]));
      System.arraycopy(weights, begin(rows[r]), someWeights, offsets[r], stored(rows[r]));
    }
    return new SparseTable(rank, offsets, someDims, someWeights);
  }

  /**
   * Writes the weights of {@code row} into their places of {@code dense}, which is {@code
   * float[rank]}; other places are left as they are.
   */
  public void scatter(int row, float[] dense) {
    for (int p = begin(row); p < end(row); p++) {
      dense[dim(p)] = weights[p];
    }
  }

  /** Sets the places of {@code dense} that {@code row} holds back to zero. */
  public void unscatter(int row, float[] dense) {
    for (int p = begin(row); p < end(row); p++) {
      dense[dim(p)] = 0f;
    }
  }

  /** Returns the same positions with other values: {@code float[stored]}, not copied. */
  public SparseTable withWeights(float[] values) {
    return new SparseTable(rank, rowOffsets, dims, values);
  }

  /** Returns what the table takes in memory, array headers left out. */
  public ByteAccount bytes() {
    return ByteAccount.of(rows(), stored());
  }

  /**
   * Checks what the constructor does not: that the offsets ascend, that the dimensions of each row
   * ascend and lie below the rank, and that every value is finite.
   *
   * @throws IllegalStateException naming the first row that breaks a rule
   */
  public void validate() {
    for (int row = 0; row < rows(); row++) {
      if (end(row) < begin(row) || end(row) > stored()) {
        throw new IllegalStateException(
            "row " + row + " begins at " + begin(row) + " and ends at " + end(row));
      }
      for (int p = begin(row); p < end(row); p++) {
        if (dim(p) >= rank || (p > begin(row) && dim(p) <= dim(p - 1))) {
          throw new IllegalStateException(
              "row " + row + " holds dimension " + dim(p) + " out of order or beyond rank " + rank);
        }
        if (!Float.isFinite(weights[p])) {
          throw new IllegalStateException(
              "row " + row + " holds " + weights[p] + " at dimension " + dim(p));
        }
      }
    }
  }
}
