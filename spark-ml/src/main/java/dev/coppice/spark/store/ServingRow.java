package dev.coppice.spark.store;

import dev.coppice.spark.table.LinkedRow;

/** One row of a table on its way into a serving file. */
public class ServingRow extends LinkedRow {
  private int degree;
  private int code = -1;
  private int[] seen = new int[0];

  /** Returns the row's training interactions; 0 where unknown. */
  public int getDegree() {
    return degree;
  }

  /** Sets the row's training interactions. */
  public void setDegree(int degree) {
    this.degree = degree;
  }

  /** Returns the key by which rows of the other table link to this one; -1 if none can. */
  public int getCode() {
    return code;
  }

  /** Sets the key by which rows of the other table link to this one. */
  public void setCode(int code) {
    this.code = code;
  }

  /** Returns the numbers of the user's items in the order of their ids, ascending; not a copy. */
  public int[] getSeen() {
    return seen;
  }

  /** Sets the numbers of the user's items. */
  public void setSeen(int[] seen) {
    this.seen = seen;
  }
}
