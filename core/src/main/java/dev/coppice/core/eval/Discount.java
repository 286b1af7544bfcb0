package dev.coppice.core.eval;

/** 1 / log2(position + 1) and its running sums; StrictMath, so the same bits on every machine. */
final class Discount {

  private static final int TABLE = 1024;
  private static final double[] AT = new double[TABLE + 1];
  private static final double[] IDEAL = new double[TABLE + 1];

  static {
    for (int j = 1; j <= TABLE; j++) {
      AT[j] = compute(j);
      IDEAL[j] = IDEAL[j - 1] + AT[j];
    }
  }

  private Discount() {}

  /** The discount of a position, from 1. */
  static double at(int position) {
    return position <= TABLE ? AT[position] : compute(position);
  }

  /** The sum of the discounts of positions 1..count. */
  static double ideal(int count) {
    if (count <= TABLE) {
      return IDEAL[count];
    }
    double sum = IDEAL[TABLE];
    for (int j = TABLE + 1; j <= count; j++) {
      sum += compute(j);
    }
    return sum;
  }

  private static double compute(int position) {
    // 1 / log2(2) is 1 exactly, 1 / log2(4) is 1/2 exactly.
    return StrictMath.log(2.0) / StrictMath.log(position + 1.0);
  }
}
