package dev.coppice.spark.table;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** Checks of columns. All throw {@link IllegalArgumentException} naming Param, column and type. */
public final class Schemas {
  private Schemas() {}

  /** Returns the type of the ids of a column. */
  public static IdType requireId(StructType schema, String param, String column) {
    DataType type = typeOf(schema, param, column);
    return IdType.of(type)
        .orElseThrow(
            () ->
                wrongType(param, column, type, "string, bigint (long), int, smallint or tinyint"));
  }

  /** Checks that a column holds numbers. */
  public static void requireNumber(StructType schema, String param, String column) {
    DataType type = typeOf(schema, param, column);
    if (!(type instanceof NumericType)) {
      throw wrongType(param, column, type, "any number type");
    }
  }

  /** Checks that a column holds booleans. */
  public static void requireBoolean(StructType schema, String param, String column) {
    DataType type = typeOf(schema, param, column);
    if (!(type instanceof BooleanType)) {
      throw wrongType(param, column, type, "boolean");
    }
  }

  /**
   * Checks the id columns and returns the schema with the output columns appended; an empty name of
   * an output column stands for none.
   */
  public static StructType transformed(
      StructType schema, String userCol, String itemCol, String predictionCol, String positionCol) {
    requireId(schema, "userCol", userCol);
    requireId(schema, "itemCol", itemCol);
    StructType out = schema;
    if (!predictionCol.isEmpty()) {
      refuse(out, "predictionCol", predictionCol);
      out = out.add(predictionCol, DataTypes.FloatType, false);
    }
    if (!positionCol.isEmpty()) {
      refuse(out, "positionCol", positionCol);
      out = out.add(positionCol, DataTypes.IntegerType, true);
    }
    return out;
  }

  /** Returns what ids of a table's type are matched by, from a column of any id type. */
  public static Column matchKey(Dataset<?> data, String column, IdType type) {
    IdType from = requireId(data.schema(), "column", column);
    return type.matchKey(quoted(column), from);
  }

  /** Returns a column name as Spark SQL reads it, whatever characters it has. */
  public static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** Returns the type of a column. */
  static DataType typeOf(StructType schema, String param, String column) {
    int at = Arrays.asList(schema.fieldNames()).indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException(
          param
              + " is '"
              + column
              + "', which is no column of the data; there are: "
              + String.join(", ", schema.fieldNames())
              + "; name one of them");
    }
    return schema.fields()[at].dataType();
  }

  /** Refuses an output column that is there already. */
  public static void refuse(StructType schema, String param, String column) {
    if (Arrays.asList(schema.fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          param
              + " is '"
              + column
              + "', and the data have a column of that name already; choose another name or drop"
              + " the column");
    }
  }

  private static IllegalArgumentException wrongType(
      String param, String column, DataType type, String allowed) {
    return new IllegalArgumentException(
        param
            + " '"
            + column
            + "' is of type "
            + type.simpleString()
            + "; allowed: "
            + allowed
            + "; cast the column");
  }
}
