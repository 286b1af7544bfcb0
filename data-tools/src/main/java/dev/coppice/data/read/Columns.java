package dev.coppice.data.read;

import dev.coppice.core.config.NearestName;
import dev.coppice.core.error.UsageException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The columns the user named; null for those that are not there. A column is a name, or a position
 * from 1 where the input has no names.
 */
public record Columns(String user, String item, String weight, String time, String group)
    implements Serializable {

  /** The configuration keys that name the columns, in their order. */
  static final List<String> KEYS =
      List.of("userCol", "itemCol", "weightCol", "timeCol", "groupCol");

  static final int USER = 0;
  static final int ITEM = 1;
  static final int WEIGHT = 2;
  static final int TIME = 3;
  static final int GROUP = 4;

  /** The positions, from 0, of the named columns; -1 for those that are not there. */
  public record Positions(int user, int item, int weight, int time, int group)
      implements Serializable {
    /** The position of a column by its number in {@link #KEYS}. */
    int at(int column) {
      return switch (column) {
        case USER -> user;
        case ITEM -> item;
        case WEIGHT -> weight;
        case TIME -> time;
        default -> group;
      };
    }
  }

  /** The name of a column by its number in {@link #KEYS}, or null. */
  String named(int column) {
    return switch (column) {
      case USER -> user;
      case ITEM -> item;
      case WEIGHT -> weight;
      case TIME -> time;
      default -> group;
    };
  }

  /**
   * Finds each column among {@code names}.
   *
   * @param names the names in the header, or null if there is none
   * @param count the number of columns
   * @param elsewhere whether a column that is not among the names comes from somewhere else
   * @throws UsageException if a column is not there
   */
  public Positions resolve(List<String> names, int count, Predicate<String> elsewhere) {
    int[] at = new int[KEYS.size()];
    for (int n = 0; n < at.length; n++) {
      at[n] = position(KEYS.get(n), named(n), names, count, elsewhere);
    }
    return new Positions(at[USER], at[ITEM], at[WEIGHT], at[TIME], at[GROUP]);
  }

  private static int position(
      String key, String column, List<String> names, int count, Predicate<String> elsewhere) {
    if (column == null) {
      return -1;
    }
    int found = names == null ? -1 : names.indexOf(column);
    if (found >= 0) {
      if (Collections.frequency(names, column) > 1) {
        throw new UsageException(
            key
                + " = \""
                + column
                + "\": the header names this column more than once. Give its position, from 1 to "
                + count
                + ".");
      }
      return found;
    }
    if (elsewhere.test(column)) {
      return -1;
    }
    if (isPosition(column)) {
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

  /** Whether a column is given by its position. */
  static boolean isPosition(String column) {
    return column != null && column.matches("[0-9]{1,6}");
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
