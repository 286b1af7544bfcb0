package dev.coppice.job.rank;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes lists (an id and an array of structs) in the form the user asked for: as files, by one
 * rename, or into a table of a catalog, by one commit of its own.
 */
final class ListOutput {
  private ListOutput() {}

  /** Makes the lists once the output may be written. */
  @FunctionalInterface
  interface Lists {
    Dataset<Row> make() throws Exception;
  }

  /** Writes what {@code lists} makes to {@link ModelKeys#OUTPUT}. */
  static JobSummary write(JobContext context, ConfigValues values, Lists lists) throws Exception {
    String output = values.get(ModelKeys.OUTPUT);
    Places.keepApart(context, values, ModelKeys.OUTPUT, List.of(ModelKeys.INPUT, ModelKeys.MODEL));
    if (RunMarker.isDone(context.hadoop(), output, RunMarker.FILE, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(
        context.hadoop(), output, () -> writeLocked(context, values, lists, output));
  }

  private static JobSummary writeLocked(
      JobContext context, ConfigValues values, Lists lists, String output) throws Exception {
    boolean overwrite = values.get(CommonKeys.OVERWRITE);
    Optional<ListTable> table = ListTable.of(values);
    String form =
        table.map(ListTable::toString).orElseGet(() -> values.get(ModelKeys.OUTPUT_FORMAT));
    RunMarker.refuseOther(context.hadoop(), output, RunMarker.FILE, context.job());
    try (AtomicDirectory directory =
        new AtomicDirectory(context.hadoop(), "output", output, overwrite, RunMarker.FILE)) {
      table.ifPresent(to -> to.require(context, overwrite));
      Dataset<Row> rows = lists.make();
      context.phase(
          "write",
          () -> {
            if (table.isPresent()) {
              table.get().write(context, rows);
            } else {
              write(rows, form, directory.temporary().toString());
            }
            return null;
          });
      directory.writeText(RunMarker.FILE, RunMarker.text(context.job(), values));
      directory.publish();
    }
    return JobSummary.of(
        String.format(
            Locale.ROOT,
            "lists of %d in %.1f s, as %s: %s",
            values.get(ModelKeys.K),
            context.seconds().get("write"),
            form,
            output));
  }

  private static void write(Dataset<Row> rows, String form, String path) {
    switch (form) {
      case "csv" -> writeCsv(flat(rows), path);
      case "jsonl" -> rows.write().json(path);
      default -> rows.write().parquet(path);
    }
  }

  /**
   * As RFC 4180 has it, which {@code prepare} reads: quotes are doubled, blanks are part of ids.
   */
  private static void writeCsv(Dataset<Row> rows, String path) {
    rows.write()
        .option("header", true)
        .option("quote", "\"")
        .option("escape", "\"")
        .option("ignoreLeadingWhiteSpace", false)
        .option("ignoreTrailingWhiteSpace", false)
        .csv(path);
  }

  /** One row per entry: the id, the position from 1, and the entry's own columns. */
  private static Dataset<Row> flat(Dataset<Row> rows) {
    String id = rows.columns()[0];
    String list = rows.columns()[1];
    Dataset<Row> entries =
        rows.select(col(id).as("id"), expr("posexplode(" + list + ") as (at, entry)"));
    String other = id.equals("user") || list.equals("similar") ? "item" : "user";
    String score = list.equals("similar") ? "similarity" : "rating";
    return entries.select(
        col("id").as(list.equals("similar") ? "item" : id),
        expr("at + 1").as("position"),
        col("entry." + other).as(list.equals("similar") ? "similarItem" : other),
        col("entry." + score).as(score));
  }
}
