package dev.coppice.spark.store;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes Parquet of which equal rows in equal order are equal files. */
public final class EqualFiles {
  private EqualFiles() {}

  /**
   * Writes rows. Parquet lists the encodings of a column in the order of a set of enums, which is
   * another one in each process. Pages of version 2 without dictionaries have one encoding a
   * column, so equal rows are equal files.
   */
  public static void write(Dataset<Row> rows, String path) {
    rows.write()
        .option("parquet.writer.version", "PARQUET_2_0")
        .option("parquet.enable.dictionary", "false")
        .option("compression", "zstd")
        .parquet(path);
  }
}
