package dev.coppice.spark.table;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/**
 * The types of ids. Inside, an id is a (name, number) pair of which one half is unused: strings are
 * names with number 0, ints and longs are numbers with an empty name.
 */
@SuppressWarnings("ImmutableEnumChecker") // DataType is immutable, but not annotated
public enum IdType {
  INT,
  LONG,
  STRING;

  /** Returns the column type. */
  public DataType sqlType() {
    return switch (this) {
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case STRING -> DataTypes.StringType;
    };
  }

  /** Returns whether ids are names. */
  public boolean isString() {
    return this == STRING;
  }

  /** Returns the name in a saved model: lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the type that ids of a column have in a model, if they can be ids. */
  static Optional<IdType> of(DataType type) {
    if (type instanceof StringType) {
      return Optional.of(STRING);
    }
    if (type.equals(DataTypes.LongType)) {
      return Optional.of(LONG);
    }
    boolean small =
        type.equals(DataTypes.IntegerType)
            || type.equals(DataTypes.ShortType)
            || type.equals(DataTypes.ByteType);
    return small ? Optional.of(INT) : Optional.empty();
  }

  /**
   * Finds a type by {@link #key}.
   *
   * @throws IllegalArgumentException naming the allowed ones
   */
  public static IdType parse(String key) {
    for (IdType type : values()) {
      if (type.key().equals(key)) {
        return type;
      }
    }
    throw new IllegalArgumentException("id type is '" + key + "'; allowed: int, long, string");
  }

  /**
   * Returns what ids of this type are matched by: a string for names, a long for numbers.
   *
   * @param column quoted name of a column
   * @param from the type of its ids; where one is a string and the other a number, they match if
   *     the number is written like the string. Null for an id that cannot match
   */
  public Column matchKey(String column, IdType from) {
    if (isString()) {
      return functions.col(column).cast(DataTypes.StringType);
    }
    if (!from.isString()) {
      return functions.col(column).cast(DataTypes.LongType);
    }
    // ANSI mode fails on a plain cast of "abc"; the comparison refuses " 7" and "007".
    return functions.expr(
        String.format(
            Locale.ROOT,
            "case when cast(try_cast(%1$s as bigint) as string) = %1$s"
                + " then try_cast(%1$s as bigint) end",
            column));
  }

  /** Returns the name half of a match key. */
  public Column name(Column matchKey) {
    return isString() ? matchKey : functions.lit("");
  }

  /** Returns the number half of a match key. */
  public Column number(Column matchKey) {
    return isString() ? functions.lit(0L) : matchKey;
  }
}
