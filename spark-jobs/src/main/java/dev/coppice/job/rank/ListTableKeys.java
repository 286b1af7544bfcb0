package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;

/** Keys of a table that takes lists; apart from {@link ListTable}, because help has no Spark. */
final class ListTableKeys {
  /** Where the lists go instead of files. */
  static final ConfigKey<String> TABLE =
      ConfigKey.text("outputTable")
          .withDoc(
              "table that the lists go to, as Spark SQL names it (catalog.namespace.table, or"
                  + " delta.`PATH`), one row per list; output then holds only what the job says of"
                  + " itself. An existing table is replaced in one commit, with overwrite");

  /** What makes the table. */
  static final ConfigKey<String> FORMAT =
      ConfigKey.text("tableFormat")
          .withDoc("format of outputTable, such as delta or iceberg; default: its catalog's own");

  private ListTableKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(TABLE, FORMAT);
  }

  /**
   * What can be known without Spark.
   *
   * @throws UsageException if settings speak of a table and of files, or of a format alone
   */
  static void check(ConfigValues values) {
    boolean table = values.find(TABLE).isPresent();
    if (!table && values.find(FORMAT).isPresent()) {
      throw new UsageException(
          "tableFormat = \""
              + values.get(FORMAT)
              + "\" is for a table, and outputTable names none. Set outputTable, or leave"
              + " tableFormat out.");
    }
    if (table && values.isGiven(ModelKeys.OUTPUT_FORMAT)) {
      throw new UsageException(
          "outputFormat = "
              + values.get(ModelKeys.OUTPUT_FORMAT)
              + " is for files, and outputTable = \""
              + values.get(TABLE)
              + "\" is set. Leave one of them out.");
    }
  }
}
