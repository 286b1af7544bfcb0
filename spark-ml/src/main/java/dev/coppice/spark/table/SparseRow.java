package dev.coppice.spark.table;

/** One row of a table, as a bean: arrays of primitives pass through Spark's encoders unboxed. */
public class SparseRow extends WithId {
  private short[] dims = new short[0];
  private float[] weights = new float[0];

  /** Returns the dimensions, ascending, unsigned; not a copy. */
  public short[] getDims() {
    return dims;
  }

  /** Sets the dimensions. */
  public void setDims(short[] dims) {
    this.dims = dims;
  }

  /** Returns the weights; not a copy. */
  public float[] getWeights() {
    return weights;
  }

  /** Sets the weights. */
  public void setWeights(float[] weights) {
    this.weights = weights;
  }
}
