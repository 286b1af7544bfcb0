package dev.coppice.core.config;

import java.math.BigDecimal;

/**
 * An interval of allowed numbers, which can say itself in words.
 *
 * @param low the lower end; {@code -Infinity} for none
 * @param lowOpen whether {@code low} itself is left out
 * @param high the upper end; {@code +Infinity} for none
 */
public record Range(double low, boolean lowOpen, double high) {

  /** Checks that the ends are numbers in ascending order. */
  public Range {
    if (Double.isNaN(low) || Double.isNaN(high) || low > high) {
      throw new IllegalArgumentException("range from " + low + " to " + high + " is not a range");
    }
  }

  /** From {@code low} to {@code high}, both allowed. */
  public static Range of(double low, double high) {
    return new Range(low, false, high);
  }

  /** Above {@code low} (not allowed itself) up to {@code high} (allowed). */
  public static Range above(double low, double high) {
    return new Range(low, true, high);
  }

  /** Any finite number of at least {@code low}. */
  public static Range atLeast(double low) {
    return new Range(low, false, Double.POSITIVE_INFINITY);
  }

  /** Any finite number above {@code low}. */
  public static Range above(double low) {
    return new Range(low, true, Double.POSITIVE_INFINITY);
  }

  /** Whether {@code value} is finite and inside. */
  boolean contains(double value) {
    return Double.isFinite(value) && (lowOpen ? value > low : value >= low) && value <= high;
  }

  /** The interval in words, such as {@code above 0 and at most 1}. */
  String inWords() {
    boolean hasLow = !Double.isInfinite(low);
    boolean hasHigh = !Double.isInfinite(high);
    if (hasLow && hasHigh && !lowOpen) {
      return "from " + plain(low) + " to " + plain(high);
    }
    if (hasLow) {
      String lower = (lowOpen ? "above " : "of at least ") + plain(low);
      return hasHigh ? lower + " and at most " + plain(high) : lower;
    }
    return hasHigh ? "of at most " + plain(high) : "(finite)";
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
