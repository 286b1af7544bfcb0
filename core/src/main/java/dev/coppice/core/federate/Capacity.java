package dev.coppice.core.federate;

/** How much of the global table a client may hold. */
public final class Capacity {
  private Capacity() {}

  /**
   * Returns how many weights a share is.
   *
   * @throws IllegalArgumentException if the share is not above 0 and at most 1
   */
  public static long weights(double capacity, long globalWeights) {
    if (!(capacity > 0 && capacity <= 1)) {
      throw new IllegalArgumentException(
          "capacity is " + capacity + "; it must be above 0 and at most 1");
    }
    return (long) Math.floor(capacity * globalWeights);
  }

  /**
   * Returns the share that fits a limit of bytes, at most 1.
   *
   * @param limit bytes that the client's model may take
   * @param fixed bytes that it takes whatever blocks are kept: user rows, ids, offsets
   * @param bytesPerWeight of a kept weight, in the form that is limited
   * @throws IllegalArgumentException if not one weight fits
   */
  public static double ofBytes(long limit, long fixed, double bytesPerWeight, long globalWeights) {
    double weights = (limit - fixed) / bytesPerWeight;
    if (weights < 1) {
      throw new IllegalArgumentException(
          "a limit of "
              + limit
              + " bytes leaves no room beside the "
              + fixed
              + " bytes of user rows, ids and offsets; raise it");
    }
    return Math.min(1, weights / globalWeights);
  }
}
