package dev.coppice.spark.rank;

import dev.coppice.spark.table.LinkedRow;

/**
 * What is known of one source row: its weights and links, or some of the target codes it is not to
 * be given. Parts of both kinds are brought together by sorting on the id.
 */
public class KeyedPart extends LinkedRow {
  private int[] seen = new int[0];
  private boolean row;

  /** Returns target codes to leave out, in no order; empty for a part with weights. */
  public int[] getSeen() {
    return seen;
  }

  /** Sets the target codes to leave out. */
  public void setSeen(int[] seen) {
    this.seen = seen;
  }

  /** Returns whether this part is a table's row. */
  public boolean isRow() {
    return row;
  }

  /** Sets whether this part is a table's row. */
  public void setRow(boolean row) {
    this.row = row;
  }
}
