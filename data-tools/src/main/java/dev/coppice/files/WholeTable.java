package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import java.io.FileNotFoundException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads Parquet directories of which it is known how many rows they hold. */
public final class WholeTable {
  private WholeTable() {}

  /**
   * Reads a directory and checks that it is whole. Only the footers of its files are read for that:
   * a file that was lost or cut off is found, a changed byte in the middle of one is not.
   *
   * @param rows the number of rows it must hold
   * @param remedy what to do if it does not, a sentence
   * @throws BadInputException if the directory or a file of it is missing or damaged
   */
  public static Dataset<Row> read(
      SparkSession spark, StructType schema, Path path, long rows, String remedy) {
    long found;
    Dataset<Row> table;
    try {
      // Asked first, because Spark logs a stack trace for a path that is not there.
      if (!path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(path)) {
        throw new FileNotFoundException("it is missing");
      }
      table = spark.read().schema(schema).parquet(path.toString());
      found = table.count();
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one (AnalysisException).
      throw new BadInputException(
          "\"" + path + "\" cannot be read: " + cause(e) + ". " + remedy, e);
    }
    if (found != rows) {
      throw new BadInputException(
          "\""
              + path
              + "\" holds "
              + found
              + " rows and should hold "
              + rows
              + ": files are missing, or were added. "
              + remedy);
    }
    return table;
  }

  /** The first line of the innermost message. */
  private static String cause(Exception error) {
    Throwable at = error;
    for (int depth = 0; at.getCause() != null && depth < 100; depth++) {
      at = at.getCause();
    }
    String message = String.valueOf(at.getMessage()).strip();
    String line = message.lines().findFirst().orElse("").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
