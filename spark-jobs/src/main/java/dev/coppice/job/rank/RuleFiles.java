package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.FileHeads;
import dev.coppice.files.FileKind;
import dev.coppice.files.InputFiles;
import dev.coppice.job.frame.JobContext;
import dev.coppice.spark.ListRules;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Reads the files that {@link RuleKeys} name. */
final class RuleFiles {
  private static final String USER = "user";
  private static final String ITEM = "item";
  private static final String GROUP = "group";

  private RuleFiles() {}

  /**
   * Checks what single keys cannot.
   *
   * @throws UsageException if one of groups and mostPerGroup is set without the other
   */
  static void check(ConfigValues values) {
    boolean groups = values.find(RuleKeys.GROUPS).isPresent();
    if (groups != values.find(RuleKeys.MOST_PER_GROUP).isPresent()) {
      throw new UsageException(
          (groups ? "groups is set without mostPerGroup" : "mostPerGroup is set without groups")
              + ". Set both, or neither.");
    }
  }

  /** The keys that are set and cap lists. */
  static List<String> caps(ConfigValues values) {
    return Stream.of(RuleKeys.MOST_PER_GROUP, RuleKeys.MOST_PER_DIMENSION)
        .filter(key -> values.find(key).isPresent())
        .map(ConfigKey::name)
        .toList();
  }

  /**
   * The rules that are set, in the columns {@code user} and {@code item}.
   *
   * @param seen pairs that are left out; null for none
   * @param capped whether the caps are among the rules
   * @throws BadInputException if a file cannot be read or lacks a column
   */
  static ListRules rules(
      JobContext context, ConfigValues values, Dataset<Row> seen, boolean capped) {
    ListRules rules = ListRules.any().withoutSeen(seen);
    if (values.find(RuleKeys.ALLOW).isPresent()) {
      rules = rules.allowing(read(context, values, RuleKeys.ALLOW));
    }
    if (values.find(RuleKeys.DENY).isPresent()) {
      rules = rules.denying(read(context, values, RuleKeys.DENY));
    }
    if (capped && values.find(RuleKeys.MOST_PER_GROUP).isPresent()) {
      Dataset<Row> groups = read(context, values, RuleKeys.GROUPS);
      rules = rules.atMost(values.get(RuleKeys.MOST_PER_GROUP), groups, GROUP);
    }
    if (capped && values.find(RuleKeys.MOST_PER_DIMENSION).isPresent()) {
      rules = rules.atMostPerDimension(values.get(RuleKeys.MOST_PER_DIMENSION));
    }
    return rules;
  }

  private static Dataset<Row> read(JobContext context, ConfigValues values, ConfigKey<String> key) {
    String path = values.get(key);
    List<Path> files = InputFiles.list(context.hadoop(), key.name(), List.of(path));
    boolean parquet =
        FileHeads.map(context.hadoop(), files.subList(0, 1), head -> head.kind())
            .get(0)
            .filter(kind -> kind == FileKind.PARQUET)
            .isPresent();
    Dataset<Row> rows =
        parquet
            ? context.spark().read().parquet(path)
            : context
                .spark()
                .read()
                .option("header", true)
                .option("quote", "\"")
                .option("escape", "\"")
                .csv(path);
    List<String> columns = Arrays.asList(rows.columns());
    boolean groups = key.name().equals(RuleKeys.GROUPS.name());
    for (String needed : groups ? List.of(ITEM, GROUP) : List.of(ITEM)) {
      if (!columns.contains(needed)) {
        throw new BadInputException(
            key.name()
                + " = \""
                + path
                + "\" has no column "
                + needed
                + "; its columns are "
                + columns
                + (parquet ? "" : ". A CSV file needs a header")
                + ". Rename one.");
      }
    }
    // Ids are compared as text, whatever type they are read as.
    return rows.select(
        columns.stream()
            .filter(name -> name.equals(ITEM) || name.equals(groups ? GROUP : USER))
            .map(name -> functions.col(name).cast("string").as(name))
            .toArray(Column[]::new));
  }
}
