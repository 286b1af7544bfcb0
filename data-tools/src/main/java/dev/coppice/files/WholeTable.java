package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads Parquet directories of which it is known how many rows they hold. */
public final class WholeTable {
  /** The footers of at most so many files are read here; of more, by a job. */
  static final int FEW_FILES = 16;

  private WholeTable() {}

  /**
   * Reads a directory and checks that it is whole. Only the footers of its files are read for that:
   * a file that was lost or cut off is found, a changed byte in the middle of one is not.
   *
   * @param rows the number of rows it must hold
   * @param remedy what to do if it does not, a sentence
   * @throws BadInputException if the directory or a file of it is missing or damaged; failures of
   *     the cluster, such as a stopped session, go through as they are
   */
  public static Dataset<Row> read(
      SparkSession spark, StructType schema, Path path, long rows, String remedy) {
    long found;
    Dataset<Row> table;
    Path place = path;
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      place = files.makeQualified(path);
      // Asked first, because Spark logs a stack trace for a path that is not there.
      if (!files.exists(place)) {
        throw unreadable(path, "it is missing", remedy, null);
      }
      table = spark.read().schema(schema).parquet(path.toString());
      String[] parts = table.inputFiles();
      found = parts.length <= FEW_FILES ? rows(spark, parts) : table.count();
    } catch (IOException e) {
      if (FileFault.explains(e)) {
        throw unreadable(path, FileFault.reason(e), remedy, e);
      }
      throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one (AnalysisException).
      if (FileFault.explains(e, place)) {
        throw unreadable(path, FileFault.reason(e), remedy, e);
      }
      throw e;
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

  /**
   * Returns the rows that files have by their footers; one without a byte has none, as in Spark.
   */
  private static long rows(SparkSession spark, String[] files) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    long rows = 0;
    for (String file : files) {
      Path path = new Path(URI.create(file));
      InputFile input = HadoopInputFile.fromPath(path, hadoop);
      if (input.getLength() > 0) {
        try (ParquetFileReader reader = ParquetFileReader.open(input)) {
          rows += reader.getRecordCount();
        } catch (RuntimeException e) {
          // Parquet's own do not all name the file, by which it is told from faults of the cluster.
          if (FileFault.explains(e)) {
            throw new IOException(path + ": " + e.getMessage(), e);
          }
          throw e;
        }
      }
    }
    return rows;
  }

  private static BadInputException unreadable(
      Path path, String reason, String remedy, Exception cause) {
    return new BadInputException(
        "\"" + path + "\" cannot be read: " + reason + ". " + remedy, cause);
  }
}
