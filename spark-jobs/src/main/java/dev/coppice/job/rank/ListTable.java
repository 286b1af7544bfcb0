package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.JobContext;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.internal.SQLConf;

/**
 * A table of a catalog of the session that takes lists in place of files, such as one of Iceberg or
 * Delta. It is replaced in one commit of its format, so that readers see the old lists or the new
 * ones, and what the format keeps of earlier commits stays.
 *
 * @param name as Spark SQL has it
 * @param format what the table is made with; empty for what its catalog makes
 */
record ListTable(String name, Optional<String> format) {
  /** What Delta says of a path without a table, where catalogs answer. */
  private static final String NO_DELTA_TABLE = "DELTA_MISSING_DELTA_TABLE";

  /** The table that the settings name, if they do. */
  static Optional<ListTable> of(ConfigValues values) {
    return values
        .find(ListTableKeys.TABLE)
        .map(name -> new ListTable(name, values.find(ListTableKeys.FORMAT)));
  }

  /**
   * Refuses a table that could not be written, before the lists are made.
   *
   * @throws UsageException if its name is none, its format is not there, or it exists and must not
   *     be replaced
   */
  void require(JobContext context, boolean overwrite) {
    format.ifPresent(ListTable::requireFormat);
    if (exists(context.spark()) && !overwrite) {
      throw new UsageException(
          "outputTable = \""
              + name
              + "\" exists. Set overwrite = true to replace its rows in one commit, or choose"
              + " another name.");
    }
  }

  /** As a job says it. */
  @Override
  public String toString() {
    return "table " + name + format.map(word -> " (" + word + ")").orElse("");
  }

  /**
   * Makes the table of the lists, or replaces what is in it.
   *
   * @throws UsageException if the catalog cannot replace the table
   */
  void write(JobContext context, Dataset<Row> lists) throws Exception {
    DataFrameWriterV2<Row> writer = lists.writeTo(name);
    CreateTableWriter<Row> made = format.isPresent() ? writer.using(format.get()) : writer;
    try {
      if (exists(context.spark())) {
        made.createOrReplace();
      } else {
        made.create();
      }
    } catch (Exception e) {
      if (e instanceof AnalysisException || e instanceof UnsupportedOperationException) {
        throw new UsageException(
            "outputTable = \""
                + name
                + "\" cannot be made or replaced"
                + format.map(word -> " as " + word).orElse("")
                + ": "
                + e.getMessage()
                + " Name a table of a catalog that can, such as Iceberg's or Delta's, with its"
                + " tableFormat where the catalog needs one.",
            e);
      }
      throw e;
    }
  }

  private boolean exists(SparkSession spark) {
    try {
      return spark.catalog().tableExists(name);
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one (AnalysisException).
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      if (e.getMessage().contains(NO_DELTA_TABLE)) {
        return false;
      }
      throw new UsageException(
          "outputTable = \""
              + name
              + "\" is no table that could be: "
              + e.getMessage()
              + " Write catalog.namespace.table, parts with other signs than letters, digits and"
              + " _ between backquotes, with a catalog and namespace that are there.",
          e);
    }
  }

  private static void requireFormat(String word) {
    try {
      DataSource.lookupDataSource(word, SQLConf.get());
    } catch (Exception e) {
      // As above; and ClassNotFoundException.
      throw new UsageException(
          "tableFormat = \""
              + word
              + "\" is not known to this Spark. Add its library (through deploy/bin/coppice in"
              + " COPPICE_SPARK_OPTS=\"--packages ...\"), or correct the name.",
          e);
    }
  }
}
