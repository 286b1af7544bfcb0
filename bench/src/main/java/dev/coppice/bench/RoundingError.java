package dev.coppice.bench;

import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.table.SparseTable;

/**
 * What the forms of 16 bits would cost the item weights of a file: root of the mean squared change
 * over root of the mean square.
 *
 * @param half IEEE half precision times one power of two a table
 * @param bfloat the upper half of a float
 * @param fixed equal steps from minus to plus the largest weight
 */
record RoundingError(double half, double bfloat, double fixed) {

  /** Compares a file of 32 bits with its weights in other forms. */
  static RoundingError of(ServingModel exact, ServingModel halves) {
    float largest = 0;
    for (int i = 0; i < exact.items().size(); i++) {
      for (float weight : exact.item(i).weights()) {
        largest = Math.max(largest, Math.abs(weight));
      }
    }
    double step = largest / 32_767;
    double[] sums = new double[4];
    for (int i = 0; i < exact.items().size(); i++) {
      SparseTable row = exact.item(i);
      SparseTable rounded = halves.item(i);
      for (int p = 0; p < row.stored(); p++) {
        double weight = row.weights()[p];
        sums[0] += weight * weight;
        sums[1] += square(rounded.weights()[p] - weight);
        sums[2] += square(bfloat((float) weight) - weight);
        sums[3] += square(Math.rint(weight / step) * step - weight);
      }
    }
    return new RoundingError(
        Math.sqrt(sums[1] / sums[0]), Math.sqrt(sums[2] / sums[0]), Math.sqrt(sums[3] / sums[0]));
  }

  private static double square(double value) {
    return value * value;
  }

  /** Rounds to the nearest float whose lower 16 bits are 0, ties to even. */
  static float bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000);
  }
}
