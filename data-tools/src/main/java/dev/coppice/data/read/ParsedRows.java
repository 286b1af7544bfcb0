package dev.coppice.data.read;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table that every reader gives. A good row has {@code reason} null; a bad one has {@code
 * reason} and {@code text} and nothing of the interaction.
 *
 * <p>{@code file}, {@code start} and {@code line} say where a row came from: the file, the offset
 * of the split inside it, and the line's number inside that split, from 1. {@link SplitOffsets}
 * turns them into the line's number in the file.
 */
public final class ParsedRows {
  /** The columns. */
  public static final StructType SCHEMA =
      new StructType()
          .add("part", DataTypes.ByteType, false)
          .add("user", DataTypes.StringType)
          .add("item", DataTypes.StringType)
          .add("weight", DataTypes.FloatType)
          .add("time", DataTypes.LongType)
          .add("group", DataTypes.StringType)
          .add("reason", DataTypes.StringType)
          .add("text", DataTypes.StringType)
          .add("file", DataTypes.StringType, false)
          .add("start", DataTypes.LongType, false)
          .add("line", DataTypes.LongType, false);

  private ParsedRows() {}

  static Encoder<Row> encoder() {
    return Encoders.row(SCHEMA);
  }

  static Row good(
      byte part,
      String user,
      String item,
      float weight,
      Long time,
      String group,
      String file,
      long start,
      long line) {
    return RowFactory.create(part, user, item, weight, time, group, null, null, file, start, line);
  }

  static Row bad(byte part, BadRow reason, String text, String file, long start, long line) {
    return RowFactory.create(
        part, null, null, null, null, null, reason.key(), text, file, start, line);
  }
}
