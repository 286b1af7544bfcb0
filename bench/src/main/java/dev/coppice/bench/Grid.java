package dev.coppice.bench;

import dev.coppice.core.error.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings with several values each, and all their combinations. */
final class Grid {
  private Grid() {}

  /**
   * Returns all combinations of {@code KEY=VALUE,VALUE...} entries, the last key changing fastest.
   *
   * @throws UsageException if an entry is of another form or a key comes twice
   */
  static List<Map<String, String>> of(List<String> entries) {
    List<Map<String, String>> points = List.of(Map.of());
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new UsageException("setting '" + entry + "' is not of the form KEY=VALUE[,VALUE...]");
      }
      String key = entry.substring(0, equals).strip();
      if (points.get(0).containsKey(key)) {
        throw new UsageException("setting '" + key + "' is given twice; give its values in one");
      }
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> point : points) {
        for (String value : entry.substring(equals + 1).split(",", -1)) {
          Map<String, String> next = new LinkedHashMap<>(point);
          next.put(key, value.strip());
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }
}
