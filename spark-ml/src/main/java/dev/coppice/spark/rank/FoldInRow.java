package dev.coppice.spark.rank;

import dev.coppice.spark.table.SparseRow;

/** One interaction of a user to be folded in, with the item's row. */
public class FoldInRow extends SparseRow {
  private float weight;
  private int degree;
  private int code;

  /** Returns the interaction's weight or rating. */
  public float getWeight() {
    return weight;
  }

  /** Sets the interaction's weight or rating. */
  public void setWeight(float weight) {
    this.weight = weight;
  }

  /** Returns the item's training interactions; 0 where unknown. */
  public int getDegree() {
    return degree;
  }

  /** Sets the item's training interactions. */
  public void setDegree(int degree) {
    this.degree = degree;
  }

  /** Returns the key by which rows link to the item; -1 if none can. */
  public int getCode() {
    return code;
  }

  /** Sets the key by which rows link to the item. */
  public void setCode(int code) {
    this.code = code;
  }
}
