package dev.coppice.data.read;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the path of a file says of its rows: a directory {@code market=de} gives the column {@code
 * market}, and a pattern finds the group. Values stay the text that they are, so that {@code
 * market=01} is not {@code 1}.
 */
final class PathColumns implements Serializable {
  /** What Hive and Spark write where a partition's column has no value. */
  private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

  private static final long serialVersionUID = 1L;

  private final Columns columns;
  // Serialisable, unlike its matchers; null where the path does not give the group.
  private final Pattern group;

  /**
   * For these columns.
   *
   * @param group a pattern whose first group is a row's group, or null
   */
  PathColumns(Columns columns, Pattern group) {
    this.columns = columns;
    this.group = group;
  }

  /** The columns that the directories of {@code file} name, unescaped. */
  static Map<String, String> of(String file) {
    Map<String, String> found = new LinkedHashMap<>();
    String[] names = file.split("/", -1);
    for (int n = 0; n < names.length - 1; n++) {
      int at = names[n].indexOf('=');
      if (at > 0) {
        String value = unescaped(names[n].substring(at + 1));
        found.put(unescaped(names[n].substring(0, at)), value.equals(NO_VALUE) ? null : value);
      }
    }
    return found;
  }

  /** Whether the path of {@code file} gives a column. */
  static boolean has(String file, String column) {
    return of(file).containsKey(column);
  }

  /** The texts that the path gives to the columns, in their order; null where it gives none. */
  String[] values(String file) {
    Map<String, String> found = of(file);
    String[] values = new String[Columns.KEYS.size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = found.get(columns.named(n));
    }
    if (group != null) {
      values[Columns.GROUP] = group(file);
    }
    return values;
  }

  /** The group that the pattern finds in a path, or null; none if there is no pattern. */
  String group(String file) {
    if (group == null) {
      return null;
    }
    Matcher found = group.matcher(file);
    return found.find() ? found.group(1) : null;
  }

  /** Undoes what Hive and Spark do to characters that no directory's name may have: %3A is a :. */
  private static String unescaped(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int n = 0; n < text.length(); n++) {
      char c = text.charAt(n);
      String code = c == '%' && n + 2 < text.length() ? text.substring(n + 1, n + 3) : "";
      if (code.matches("[0-9A-Fa-f]{2}")) {
        plain.append((char) Integer.parseInt(code, 16));
        n += 2;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
