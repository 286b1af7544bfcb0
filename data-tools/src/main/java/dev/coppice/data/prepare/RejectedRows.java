package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.coppice.core.error.BadInputException;
import dev.coppice.data.read.BadRow;
import dev.coppice.data.read.InteractionsReader;
import dev.coppice.data.read.SplitOffsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The bad rows with their line numbers. */
final class RejectedRows {
  private static final int NAMED = 5;
  private static final int SHOWN_CHARACTERS = 160;

  private static final StructType BEFORE =
      new StructType()
          .add("splitFile", DataTypes.StringType, false)
          .add("splitStart", DataTypes.LongType, false)
          .add("readableFile", DataTypes.StringType, false)
          .add("before", DataTypes.LongType, false);

  private RejectedRows() {}

  /**
   * The columns of {@link dev.coppice.data.CanonicalDataset#REJECTED}; there is no line number
   * where the input has no order.
   *
   * @param lines lines before each split, or null if bad rows are in first splits alone
   */
  static Dataset<Row> of(
      SparkSession spark, Dataset<Row> parsed, InputReport report, SplitOffsets lines) {
    List<Row> before =
        report.splits().stream()
            .map(
                split ->
                    RowFactory.create(
                        split.file(),
                        split.start(),
                        InteractionsReader.readable(split.file()),
                        lines == null ? 0L : lines.before(split.file(), split.start())))
            .toList();
    Dataset<Row> offsets = broadcast(spark.createDataFrame(before, BEFORE));
    return parsed
        .where(col("reason").isNotNull().and(not(col("reason").isin(keys(BadRow::isPassedOver)))))
        .join(
            offsets,
            col("file").equalTo(col("splitFile")).and(col("start").equalTo(col("splitStart"))))
        .select(
            col("reason"),
            col("readableFile").as("file"),
            when(col("line").gt(0), col("line").plus(col("before"))).as("line"),
            col("text"));
  }

  private static Object[] keys(Predicate<BadRow> chosen) {
    return Arrays.stream(BadRow.values()).filter(chosen).map(BadRow::key).toArray();
  }

  /** Whether a bad row throws doubt on others, so that no number of bad rows is put up with. */
  static boolean castDoubt(Map<String, Long> bad) {
    return bad.keySet().stream().map(BadRow::ofKey).anyMatch(BadRow::castsDoubt);
  }

  /**
   * The error that names the first few bad rows.
   *
   * @param aside where all of them are
   */
  static BadInputException refusal(
      InputReport report, PrepareSettings settings, Dataset<Row> rejected, String aside) {
    if (castDoubt(report.bad())) {
      return new BadInputException(
          "headers that are not their file's own stand between the rows, so that the columns below"
              + " them may be others. The first are\n"
              + firstFew(rejected.where(col("reason").isin(keys(BadRow::castsDoubt))))
              + "\nAll bad rows are in \""
              + aside
              + "\". Make a file of its own of what stands below each.");
    }
    return new BadInputException(
        report.badRows()
            + " of "
            + (report.badRows() + report.goodRows())
            + " rows are bad ("
            + counts(report.bad())
            + "), and maxBadRows = "
            + settings.maxBadRows()
            + ". The first are\n"
            + firstFew(rejected)
            + "\nAll of them are in \""
            + aside
            + "\". "
            + InputRemarks.remedy(report, settings)
            + "Correct the input or the settings that say how to read it, or raise maxBadRows.");
  }

  /** The first few in words, one a line. */
  private static String firstFew(Dataset<Row> rejected) {
    return rejected.orderBy("file", "line", "reason", "text").limit(NAMED).collectAsList().stream()
        .map(RejectedRows::inWords)
        .collect(Collectors.joining("\n"));
  }

  private static String inWords(Row row) {
    String text = row.getString(3);
    String shown =
        text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    return "  "
        + row.getString(1)
        + (row.isNullAt(2) ? "" : ", line " + row.getLong(2))
        + ": "
        + BadRow.ofKey(row.getString(0)).meaning()
        + ": "
        + shown;
  }

  /** Counts by reason in words. */
  static String counts(Map<String, Long> bad) {
    return bad.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}
