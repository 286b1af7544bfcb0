package dev.coppice.spark.eval;

import dev.coppice.spark.table.WithId;

/** Some item codes of one user: the user's list, seen items or test items; or the user's group. */
public class EvalPart extends WithId {
  /** The codes are the user's list, best first. */
  public static final int LIST = 0;

  /** The codes are seen items, in no order. */
  public static final int SEEN = 1;

  /** The codes are test items, in no order; -1 for each item the model does not know. */
  public static final int TEST = 2;

  /** The one code is the number of the user's group. */
  public static final int GROUP = 3;

  private int kind;
  private int[] codes = new int[0];

  /** Returns what the codes are. */
  public int getKind() {
    return kind;
  }

  /** Sets what the codes are. */
  public void setKind(int kind) {
    this.kind = kind;
  }

  /** Returns the codes. */
  public int[] getCodes() {
    return codes;
  }

  /** Sets the codes. */
  public void setCodes(int[] codes) {
    this.codes = codes;
  }
}
