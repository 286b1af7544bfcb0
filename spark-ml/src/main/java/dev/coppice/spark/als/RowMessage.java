package dev.coppice.spark.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * Rows on their way from a source block to a block that needs them.
 *
 * @param srcBlock the source block
 * @param rows local indices in the source block, ascending
 * @param table the rows, in that order
 */
record RowMessage(int srcBlock, int[] rows, SparseTable table) implements Serializable {

  /** Picks rows of a table. */
  static RowMessage of(int srcBlock, int[] rows, SparseTable from) {
    int[] offsets = new int[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      offsets[r + 1] = offsets[r] + from.stored(rows[r]);
    }
    short[] dims = new short[offsets[rows.length]];
    float[] weights = new float[offsets[rows.length]];
    for (int r = 0; r < rows.length; r++) {
      int n = from.stored(rows[r]);
      System.arraycopy(from.dims(), from.begin(rows[r]), dims, offsets[r], n);
      System.arraycopy(from.weights(), from.begin(rows[r]), weights, offsets[r], n);
    }
    return new RowMessage(srcBlock, rows, new SparseTable(from.rank(), offsets, dims, weights));
  }

  /** Returns the rows at their places in a table of the whole source block, the others empty. */
  SparseTable expand(int srcRows) {
    int[] offsets = new int[srcRows + 1];
    int next = 0;
    for (int row = 0; row < srcRows; row++) {
      if (next < rows.length && rows[next] == row) {
        next++;
      }
      offsets[row + 1] = table.rowOffsets()[next];
    }
    return new SparseTable(table.rank(), offsets, table.dims(), table.weights());
  }
}
