package dev.coppice.core.linalg;

/** A system that has no Cholesky factor: some pivot was not a positive finite number. */
public final class NotPositiveDefiniteException extends ArithmeticException {

  private static final long serialVersionUID = 1L;

  private final int pivot;

  /** The failing pivot's index (from 0), the order of the matrix, and the pivot's value. */
  public NotPositiveDefiniteException(int pivot, int order, double value) {
    super(
        "matrix of order "
            + order
            + " is not positive definite: pivot "
            + pivot
            + " is "
            + value
            + ", it must be positive and finite; raise regParam or check the weights for NaN");
    this.pivot = pivot;
  }

  /** Index of the failing pivot, from 0. */
  public int pivot() {
    return pivot;
  }
}
