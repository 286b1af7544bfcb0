package dev.coppice.spark;

import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.TableEdits;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Numbers for string ids, by ascending id; numbers stand for themselves. */
record NumberedIds(IdType type, Dataset<Row> entries) {
  private static final String CHANGED =
      "the data changed while they were read: rows have ids that were not there when the ids were"
          + " numbered. A growing table, a random sample or a function that does not always give"
          + " the same does so. Write the data to files and train on these.";

  private static final int MAX_CAUSES = 100;

  /**
   * Numbers the ids of a column.
   *
   * @param more rows whose column {@code id} is numbered too; null for none
   */
  static NumberedIds of(Dataset<Row> rows, String column, IdType type, Dataset<Row> more) {
    if (!type.isString()) {
      return new NumberedIds(type, null);
    }
    Dataset<Row> ids = rows.select(functions.col(column).as("id"));
    Dataset<Row> all = more == null ? ids : ids.union(more.select("id"));
    return new NumberedIds(
        type, HeldRows.of(TableEdits.numbered(all.distinct()), StorageLevel.MEMORY_AND_DISK()));
  }

  /** Replaces ids by numbers; an id outside the dictionary gets a number of its own below 0. */
  Dataset<Row> code(Dataset<Row> rows, String column) {
    return code(rows, column, TableEdits.stranger(column));
  }

  /**
   * Replaces the ids of the column that was numbered. An id outside the dictionary ends the job,
   * since the rows are others then than they were when they were numbered.
   */
  Dataset<Row> codeNumbered(Dataset<Row> rows, String column) {
    return code(rows, column, functions.raise_error(functions.lit(CHANGED)));
  }

  private Dataset<Row> code(Dataset<Row> rows, String column, Column stranger) {
    if (entries == null) {
      return rows;
    }
    Dataset<Row> codes = entries.select(functions.col("id").as(column), functions.col("index"));
    return rows.join(codes, new String[] {column}, "left")
        .withColumn(column, functions.coalesce(functions.col("index"), stranger))
        .drop("index");
  }

  /** Refuses data that {@link #codeNumbered} found to have changed; returns for other errors. */
  static void refuseChanged(Exception error) {
    Throwable at = error;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
      if (String.valueOf(at.getMessage()).contains(CHANGED)) {
        throw new BadInputException(CHANGED, error);
      }
    }
  }

  /**
   * Returns (id, dims, weights), by number, and degree and importance where they are wanted.
   *
   * @param counted whether degree is wanted too
   * @param important whether importance is wanted too, if the table has it
   */
  Dataset<Row> numbered(RowTable table, boolean counted, boolean important) {
    Dataset<Row> coded =
        entries == null ? table.rows() : TableEdits.withIndices(table, entries).rows();
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col("id").cast(DataTypes.LongType));
    columns.add(functions.col("dims"));
    columns.add(functions.col("weights"));
    if (counted) {
      columns.add(functions.col(RowTable.DEGREE));
    }
    if (important && table.hasImportance()) {
      columns.add(functions.col(RowTable.IMPORTANCE));
    }
    return coded.select(columns.toArray(new Column[0]));
  }

  /** Returns a table with ids of this type. */
  Dataset<Row> named(Dataset<Row> table) {
    if (entries == null) {
      return type == IdType.LONG
          ? table
          : table.withColumn("id", functions.col("id").cast(type.sqlType()));
    }
    return table
        .withColumnRenamed("id", "index")
        .join(entries, new String[] {"index"})
        .drop("index");
  }

  void release() {
    if (entries != null) {
      HeldRows.release(entries);
    }
  }
}
