package dev.coppice.core.serving;

import java.util.Map;
import java.util.TreeMap;

/** The {@code key=value} lines in a file's header. Unknown keys do no harm, missing ones do. */
record HeaderSettings(Map<String, String> values) {
  /** Is there, and true, where the model has item biases. */
  static final String ITEM_BIAS = "itemBias";

  /** Is there, and true, where no weight of the model may fall below 0. */
  static final String NONNEGATIVE = "nonnegative";

  /** Is there, and true, where the model has neighbours. */
  static final String NEIGHBOURS = "neighbours";

  static HeaderSettings parse(String text) {
    Map<String, String> values = new TreeMap<>();
    text.lines()
        .forEach(
            line -> {
              int at = line.indexOf('=');
              if (at < 0) {
                throw new IllegalArgumentException("setting '" + line + "' has no '='");
              }
              values.put(line.substring(0, at), line.substring(at + 1));
            });
    return new HeaderSettings(values);
  }

  String format() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values).forEach((k, v) -> text.append(k).append('=').append(v).append('\n'));
    return text.toString();
  }

  boolean itemBias() {
    return flag(ITEM_BIAS);
  }

  boolean nonnegative() {
    return flag(NONNEGATIVE);
  }

  boolean neighbours() {
    return flag(NEIGHBOURS);
  }

  private boolean flag(String key) {
    return Boolean.parseBoolean(values.getOrDefault(key, "false"));
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("setting " + key + " is missing");
    }
    return value;
  }

  double number(String key) {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("setting " + key + " is '" + text(key) + "'", e);
    }
  }

  /** Returns a whole number of 32 bits. */
  int whole(String key) {
    try {
      return Integer.parseInt(text(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("setting " + key + " is '" + text(key) + "'", e);
    }
  }
}
