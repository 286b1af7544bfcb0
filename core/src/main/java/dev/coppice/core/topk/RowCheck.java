package dev.coppice.core.topk;

/** The shape of one sparse row. */
public final class RowCheck {

  private RowCheck() {}

  /**
   * Refuses a row whose dimensions do not ascend below rank, or with a weight that is not finite.
   *
   * @throws IllegalArgumentException naming the row
   */
  public static void check(String row, int rank, short[] dims, float[] weights, int from, int to) {
    int before = -1;
    for (int p = from; p < to; p++) {
      int dim = dims[p] & 0xffff;
      if (dim <= before || dim >= rank || !Float.isFinite(weights[p])) {
        throw new IllegalArgumentException(
            row
                + " has weight "
                + weights[p]
                + " at dimension "
                + dim
                + (before < 0 ? "" : " after " + before)
                + "; dimensions must ascend and be below rank "
                + rank
                + ", weights must be finite");
      }
      before = dim;
    }
  }

  /**
   * Refuses links whose keys do not ascend from 0 on, or with a weight that is not finite.
   *
   * @param weights null if every weight is 1
   * @throws IllegalArgumentException naming the row
   */
  public static void checkLinks(String row, int[] keys, float[] weights, int from, int to) {
    int before = -1;
    for (int p = from; p < to; p++) {
      if (keys[p] <= before || (weights != null && !Float.isFinite(weights[p]))) {
        throw new IllegalArgumentException(
            row
                + " has a link of key "
                + keys[p]
                + (before < 0 ? "" : " after " + before)
                + (weights == null ? "" : " with weight " + weights[p])
                + "; keys must ascend and be 0 or more, weights must be finite");
      }
      before = keys[p];
    }
  }
}
