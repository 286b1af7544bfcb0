package dev.coppice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Small pieces of Markdown, numbers always with a point. */
final class Markdown {
  private Markdown() {}

  /** Returns a table; the first column is text, the others are numbers. */
  static String table(List<String> head, List<List<String>> rows) {
    List<String> rule = new ArrayList<>();
    for (int c = 0; c < head.size(); c++) {
      rule.add(c == 0 ? "---" : "---:");
    }
    StringBuilder text = new StringBuilder(row(head)).append(row(rule));
    rows.forEach(row -> text.append(row(row)));
    return text.toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** Returns facts as one paragraph: {@code name: value; name: value}. */
  static String facts(Map<String, String> facts) {
    return String.join(
        "; ", facts.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
  }

  /** Returns a number with that many decimals. */
  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Returns bytes in MB (10^6 bytes). */
  static String megabytes(long bytes) {
    return number(bytes / 1e6, 1);
  }
}
