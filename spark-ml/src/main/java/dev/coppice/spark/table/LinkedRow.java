package dev.coppice.spark.table;

/** One row of a table with its links, as a bean. */
public class LinkedRow extends SparseRow {
  private int[] links;
  private float[] linkWeights;

  /** Returns the keys of the links, ascending, or null if the row has none; not a copy. */
  public int[] getLinks() {
    return links;
  }

  /** Sets the keys of the links. */
  public void setLinks(int[] links) {
    this.links = links;
  }

  /** Returns the weights of the links, or null if each is 1; not a copy. */
  public float[] getLinkWeights() {
    return linkWeights;
  }

  /** Sets the weights of the links. */
  public void setLinkWeights(float[] linkWeights) {
    this.linkWeights = linkWeights;
  }
}
