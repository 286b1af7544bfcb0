package dev.coppice.spark.rank;

import dev.coppice.spark.table.IdType;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The form of lists as MLlib has them: the source's id, and an array of (target id, score).
 *
 * @param sourceCol name of the source column
 * @param listCol name of the array column
 * @param targetCol name of the id in the array
 * @param scoreCol name of the score in the array
 */
public record ListForm(
    IdType sourceType,
    String sourceCol,
    String listCol,
    IdType targetType,
    String targetCol,
    String scoreCol) {

  /** Returns the schema: an id, and an array of structs of an id and a score. */
  public StructType schema() {
    StructType entry =
        new StructType()
            .add(targetCol, targetType.sqlType(), true)
            .add(scoreCol, DataTypes.FloatType, true);
    return new StructType()
        .add(sourceCol, sourceType.sqlType(), true)
        .add(listCol, new ArrayType(entry, true), true);
  }

  /** Returns what was ranked in this form. */
  public Dataset<Row> of(Dataset<TopRow> top) {
    Column source = functions.col(sourceType.isString() ? "name" : "number");
    Column ids = functions.col(targetType.isString() ? "targetNames" : "targetNumbers");
    StructType lists = schema();
    return top.select(
        source.cast(lists.apply(sourceCol).dataType()).as(sourceCol),
        functions
            .arrays_zip(ids, functions.col("scores"))
            .cast(lists.apply(listCol).dataType())
            .as(listCol));
  }
}
