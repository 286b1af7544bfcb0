package dev.coppice.spark.federate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Which row of the global item table an item has.
 *
 * @param ids {@code String[items]}, ascending in the order of Java
 * @param rows {@code int[items]}: the row of each
 */
record ItemNumbers(String[] ids, int[] rows) implements Serializable {

  /**
   * Makes the numbers of a dictionary.
   *
   * @param byRow {@code String[items]}: the id of each row
   */
  static ItemNumbers of(String[] byRow) {
    Integer[] order = new Integer[byRow.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(row -> byRow[row]));
    return new ItemNumbers(
        Arrays.stream(order).map(row -> byRow[row]).toArray(String[]::new),
        Arrays.stream(order).mapToInt(Integer::intValue).toArray());
  }

  /** Returns the row of an item, -1 if it has none. */
  int row(String id) {
    int at = Arrays.binarySearch(ids, id);
    return at < 0 ? -1 : rows[at];
  }

  /** Returns {@code String[items]}: the id of each row. */
  String[] byRow() {
    String[] byRow = new String[ids.length];
    for (int i = 0; i < ids.length; i++) {
      byRow[rows[i]] = ids[i];
    }
    return byRow;
  }
}
