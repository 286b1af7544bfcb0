package dev.coppice.spark.rank;

import dev.coppice.spark.table.SparseRow;

/** One interaction of a user to be folded in, with the item's row. */
public class FoldInRow extends SparseRow {
  private float weight;
  private int degree;

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
}
