package dev.coppice.spark.rank;

import dev.coppice.spark.table.WithId;

/** A (source, target) pair; the target either by id or by its code. */
public class IdPair extends WithId {
  private String targetName = "";
  private long targetNumber;
  private int code;

  /** Returns the target's name. */
  public String getTargetName() {
    return targetName;
  }

  /** Sets the target's name. */
  public void setTargetName(String targetName) {
    this.targetName = targetName;
  }

  /** Returns the target's number. */
  public long getTargetNumber() {
    return targetNumber;
  }

  /** Sets the target's number. */
  public void setTargetNumber(long targetNumber) {
    this.targetNumber = targetNumber;
  }

  /** Returns the target's code; -1 if it is not known here. */
  public int getCode() {
    return code;
  }

  /** Sets the target's code. */
  public void setCode(int code) {
    this.code = code;
  }
}
