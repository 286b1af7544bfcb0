package dev.coppice.spark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A setting that was chosen from the data, because it was not given.
 *
 * @param name of the Param
 * @param value as text
 * @param reason why, in words
 */
public record Choice(String name, String value, String reason) {
  /** Returns what was chosen, by name. */
  public static Map<String, String> byName(List<Choice> choices) {
    Map<String, String> values = new TreeMap<>();
    choices.forEach(choice -> values.put(choice.name(), choice.value()));
    return values;
  }

  @Override
  public String toString() {
    return name + " = " + value + ": " + reason;
  }
}
