package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What the rows of a block were in a model whose interactions are not at hand any more.
 *
 * @param observations {@code int[rows]}: n_0, how many observations each row was learnt from; 0 for
 *     rows that the model does not have
 * @param rows w_0, the rows of the model; those that it does not have are empty
 */
public record EarlierRows(int[] observations, SparseTable rows) implements Serializable {

  /** Returns the same for a block of rows that no model has. */
  public static EarlierRows none(int rank, int rows) {
    return new EarlierRows(new int[rows], SparseTable.empty(rank, rows));
  }
}
