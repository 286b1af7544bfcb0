package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.spark.Family;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A setting that is searched: a key of {@code train}, and the values that are tried.
 *
 * @param key the setting
 * @param families the families whose models it concerns
 * @param perRow whether the numbers are weights a row, from which the value of {@code key} follows
 * @param low the smallest number; not read where there are {@code choices}
 * @param high the largest number
 * @param choices the values that are tried; empty for numbers, which are drawn by their logarithm
 */
record Dimension(
    ConfigKey<?> key,
    Set<Family> families,
    boolean perRow,
    double low,
    double high,
    List<String> choices) {
  /** Significant digits of drawn numbers: more would be read as if they mattered. */
  static final int DIGITS = 3;

  /** Numbers from {@code low} to {@code high}, as many between 1 and 2 as between 2 and 4. */
  static Dimension byRatio(ConfigKey<Double> key, double low, double high) {
    return new Dimension(key, Family.trained(), false, low, high, List.of());
  }

  /** The same of weights a row. */
  static Dimension byRatioPerRow(ConfigKey<Double> key, double low, double high) {
    return new Dimension(key, Family.trained(), true, low, high, List.of());
  }

  /** One of some values, each as often as the others. */
  static Dimension oneOf(ConfigKey<?> key, Object... values) {
    List<String> texts = Stream.of(values).map(String::valueOf).toList();
    texts.forEach(key::parse);
    return new Dimension(key, Family.trained(), false, 0, 0, texts);
  }

  /** The same for models of some families alone. */
  Dimension in(Set<Family> some) {
    return new Dimension(key, some, perRow, low, high, choices);
  }

  /**
   * Returns the value at a place.
   *
   * @param place from 0 to below 1
   */
  String at(double place) {
    return choices.isEmpty()
        ? rounded(low * Math.pow(high / low, place), RoundingMode.HALF_EVEN)
        : choices.get((int) (place * choices.size()));
  }

  /** Writes a number with three significant digits. */
  static String rounded(double value, RoundingMode mode) {
    return new BigDecimal(value)
        .round(new MathContext(DIGITS, mode))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** The values that are tried, in words. */
  String inWords() {
    return choices.isEmpty()
        ? rounded(low, RoundingMode.HALF_EVEN)
            + " to "
            + rounded(high, RoundingMode.HALF_EVEN)
            + (perRow ? " weights a row, by ratio" : ", by ratio")
        : String.join(", ", choices);
  }
}
