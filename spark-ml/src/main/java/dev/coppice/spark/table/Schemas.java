package dev.coppice.spark.table;

import dev.coppice.spark.RankingParams;
import java.util.Arrays;
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

  /** Checks the id columns and returns the schema with the output columns appended. */
  public static StructType transformed(StructType schema, RankingParams<?> params) {
    requireId(schema, "userCol", params.getUserCol());
    requireId(schema, "itemCol", params.getItemCol());
    StructType out = schema;
    if (!params.getPredictionCol().isEmpty()) {
      refuse(out, "predictionCol", params.getPredictionCol());
      out = out.add(params.getPredictionCol(), DataTypes.FloatType, false);
    }
    if (!params.getPositionCol().isEmpty()) {
      refuse(out, "positionCol", params.getPositionCol());
      out = out.add(params.getPositionCol(), DataTypes.IntegerType, true);
    }
    return out;
  }

  /** Returns a column name as Spark SQL reads it, whatever characters it has. */
  public static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  /** Returns the type of a column. */
  public static DataType typeOf(StructType schema, String param, String column) {
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
