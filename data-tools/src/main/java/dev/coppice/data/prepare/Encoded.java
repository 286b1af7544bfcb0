package dev.coppice.data.prepare;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables between the readers and the parts: pairs of provisional indices. */
final class Encoded {
  /** Rows with indices; {@code pos} orders rows of the input, {@code pair} is a hash of the ids. */
  static final StructType ROWS =
      new StructType()
          .add("part", DataTypes.ByteType, false)
          .add("user", DataTypes.IntegerType, false)
          .add("item", DataTypes.IntegerType, false)
          .add("weight", DataTypes.FloatType, false)
          .add("time", DataTypes.LongType)
          .add("group", DataTypes.StringType)
          .add("pos", DataTypes.LongType, false)
          .add("pair", DataTypes.LongType, false);

  /**
   * Pairs, each once per part; {@code part} is a part's code, or one of the codes below for pairs
   * that are left out; {@code copies} is the number of rows behind it.
   */
  static final StructType PAIRS = ROWS.add("copies", DataTypes.IntegerType, false);

  /** Code of pairs below the minimum weight. */
  static final byte BELOW_WEIGHT = 10;

  /** Code of test pairs that are in train or validation. */
  static final byte SEEN = 11;

  /** Code of train pairs that are in validation. */
  static final byte IN_VALIDATION = 12;

  /** Code of pairs whose weights add up to more than a float holds. */
  static final byte OVERFLOW = 13;

  /** Bits of a position that hold the line. */
  private static final int LINE_BITS = 40;

  private Encoded() {}

  /** The position of a row: the split's rank by file and offset, then the line. */
  static long position(boolean oneSplit, int ordinal, long line) {
    return oneSplit ? line : ((long) ordinal << LINE_BITS) + line;
  }

  /** The same of the columns {@code ordinal} and {@code line}, where there are several splits. */
  static Column position() {
    return functions.expr("shiftleft(ordinal, " + LINE_BITS + ") + line");
  }

  static byte part(Row row) {
    return row.getByte(0);
  }

  static int user(Row row) {
    return row.getInt(1);
  }

  static int item(Row row) {
    return row.getInt(2);
  }

  static float weight(Row row) {
    return row.getFloat(3);
  }

  static Long time(Row row) {
    return row.isNullAt(4) ? null : (Long) row.getLong(4);
  }

  static String group(Row row) {
    return row.getString(5);
  }

  static long pos(Row row) {
    return row.getLong(6);
  }

  static long pair(Row row) {
    return row.getLong(7);
  }
}
