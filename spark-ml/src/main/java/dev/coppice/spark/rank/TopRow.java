package dev.coppice.spark.rank;

import dev.coppice.spark.table.WithId;

/** The best targets of one source row, best first. Which arrays are filled is the caller's wish. */
public class TopRow extends WithId {
  private String[] targetNames = new String[0];
  private long[] targetNumbers = new long[0];
  private int[] codes = new int[0];
  private float[] scores = new float[0];

  /** Returns the targets' names; empty if ids are numbers. */
  public String[] getTargetNames() {
    return targetNames;
  }

  /** Sets the targets' names. */
  public void setTargetNames(String[] targetNames) {
    this.targetNames = targetNames;
  }

  /** Returns the targets' numbers; empty if ids are strings. */
  public long[] getTargetNumbers() {
    return targetNumbers;
  }

  /** Sets the targets' numbers. */
  public void setTargetNumbers(long[] targetNumbers) {
    this.targetNumbers = targetNumbers;
  }

  /** Returns the targets' codes: their places in the order of ids. */
  public int[] getCodes() {
    return codes;
  }

  /** Sets the targets' codes. */
  public void setCodes(int[] codes) {
    this.codes = codes;
  }

  /** Returns the scores. */
  public float[] getScores() {
    return scores;
  }

  /** Sets the scores. */
  public void setScores(float[] scores) {
    this.scores = scores;
  }
}
