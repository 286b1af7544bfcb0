package dev.coppice.spark;

import java.util.ArrayList;
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

  /** Returns choices with another one in the place of that of its name. */
  static List<Choice> with(List<Choice> choices, Choice other) {
    List<Choice> all = new ArrayList<>(choices);
    all.removeIf(choice -> choice.name().equals(other.name()));
    all.add(other);
    return all;
  }

  @Override
  public String toString() {
    return name + " = " + value + ": " + reason;
  }
}
