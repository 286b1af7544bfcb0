package dev.coppice.spark.model;

/** One row of a table, as a bean: arrays of primitives pass through Spark's encoders unboxed. */
public class SparseRow {
  private String name = "";
  private long number;
  private short[] dims = new short[0];
  private float[] weights = new float[0];

  /** Returns the id if ids are strings, else an empty string. */
  public String getName() {
    return name;
  }

  /** Sets the id of string type. */
  public void setName(String name) {
    this.name = name;
  }

  /** Returns the id if ids are numbers, else 0. */
  public long getNumber() {
    return number;
  }

  /** Sets the id of number type. */
  public void setNumber(long number) {
    this.number = number;
  }

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
