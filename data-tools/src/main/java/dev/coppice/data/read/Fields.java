package dev.coppice.data.read;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;

/**
 * Turns the texts of one row into an interaction, or finds what is wrong with it: the same checks,
 * in the same order, for every input form.
 */
public final class Fields implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean hasWeight;
  private final boolean hasTime;
  private final boolean needsTime;
  private final TimeFormat timeFormat;
  private final HashSet<String> nullValues;
  private final boolean negativeWeights;

  /**
   * Checks for rows that have these columns.
   *
   * @param needsTime whether a row without a time is bad
   * @param nullValues the texts that mean that nothing is there, beside blank ones
   * @param negativeWeights whether a weight may be below 0
   */
  public Fields(
      boolean hasWeight,
      boolean hasTime,
      boolean needsTime,
      TimeFormat timeFormat,
      Collection<String> nullValues,
      boolean negativeWeights) {
    this.hasWeight = hasWeight;
    this.hasTime = hasTime;
    this.needsTime = needsTime && hasTime;
    this.timeFormat = timeFormat;
    this.nullValues = new HashSet<>(nullValues);
    this.negativeWeights = negativeWeights;
  }

  /** The same checks for rows whose time needs none. */
  Fields withoutTime() {
    return new Fields(hasWeight, false, false, timeFormat, nullValues, negativeWeights);
  }

  /** Checks texts; blank ones, null and null values mean that nothing is there. */
  public void accept(
      String user, String item, String weight, String time, String group, RowSink sink) {
    if (isMissing(user)) {
      sink.bad(BadRow.MISSING_USER);
      return;
    }
    if (isMissing(item)) {
      sink.bad(BadRow.MISSING_ITEM);
      return;
    }
    double number = hasWeight ? parseWeight(weight) : 1;
    Long millis = null;
    Optional<BadRow> problem = checkWeight(number);
    if (problem.isEmpty() && hasTime && !isMissing(time)) {
      millis = timeFormat.parse(time);
      problem = millis == null ? Optional.of(BadRow.BAD_TIME) : problem;
    } else if (problem.isEmpty() && needsTime) {
      problem = Optional.of(BadRow.MISSING_TIME);
    }
    if (problem.isPresent()) {
      sink.bad(problem.get());
    } else {
      // Minus zero would make a different fingerprint.
      sink.good(user, item, (float) number + 0f, millis, isMissing(group) ? null : group);
    }
  }

  private boolean isMissing(String text) {
    return text == null
        || text.isBlank()
        || (!nullValues.isEmpty() && nullValues.contains(text.strip()));
  }

  /** NaN if {@code text} is no number. */
  private double parseWeight(String text) {
    if (isMissing(text)) {
      return Double.NaN;
    }
    String number = text.strip();
    char last = number.charAt(number.length() - 1);
    // Double.parseDouble also takes "1d" and "1f", which are typing errors here.
    if (last == 'd' || last == 'D' || last == 'f' || last == 'F') {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private Optional<BadRow> checkWeight(double weight) {
    if (Double.isNaN(weight)) {
      return Optional.of(BadRow.BAD_WEIGHT);
    }
    if (weight < 0 && !negativeWeights) {
      return Optional.of(BadRow.NEGATIVE_WEIGHT);
    }
    return Float.isInfinite((float) weight)
        ? Optional.of(BadRow.INFINITE_WEIGHT)
        : Optional.empty();
  }
}
