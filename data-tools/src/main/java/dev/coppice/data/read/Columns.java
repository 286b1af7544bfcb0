package dev.coppice.data.read;

import dev.coppice.core.config.NearestName;
import dev.coppice.core.error.UsageException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The columns the user named; null for those that are not there. A column is a name, or a position
 * from 1 where the input has no names.
 */
public record Columns(String user, String item, String weight, String time, String group)
    implements Serializable {

  /** The positions, from 0, of the named columns; -1 for those that are not there. */
  public record Positions(int user, int item, int weight, int time, int group)
      implements Serializable {}

  /**
   * Finds each column among {@code names}.
   *
   * @param names the names in the header, or null if there is none
   * @param count the number of columns
   * @throws UsageException if a column is not there
   */
  public Positions resolve(List<String> names, int count) {
    return new Positions(
        position("userCol", user, names, count),
        position("itemCol", item, names, count),
        position("weightCol", weight, names, count),
        position("timeCol", time, names, count),
        position("groupCol", group, names, count));
  }

  private static int position(String key, String column, List<String> names, int count) {
    if (column == null) {
      return -1;
    }
    int found = names == null ? -1 : names.indexOf(column);
    if (found >= 0) {
      return found;
    }
    if (column.matches("[0-9]{1,6}")) {
      int position = Integer.parseInt(column);
      if (position >= 1 && position <= count) {
        return position - 1;
      }
      throw new UsageException(
          key
              + " = "
              + column
              + ": the input has "
              + count
              + " columns, so a position is a number from 1 to "
              + count
              + ". If the number is wrong, check delimiter too.");
    }
    if (names == null) {
      throw new UsageException(
          key
              + " = \""
              + column
              + "\": the input has no header, so a column is given by its position, from 1 to "
              + count
              + ". Give a position, or set header = true.");
    }
    throw missing(key, column, names);
  }

  /** The error for a column that is not among {@code names}. */
  static UsageException missing(String key, String column, List<String> names) {
    Optional<String> near = NearestName.of(column, names);
    return new UsageException(
        key
            + " = \""
            + column
            + "\": the input has no such column. "
            + near.map(name -> "Did you mean \"" + name + "\"? ").orElse("")
            + "Its columns are "
            + String.join(", ", names.subList(0, Math.min(50, names.size())))
            + ".");
  }
}
