package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.coppice.data.read.BadRow;
import dev.coppice.data.read.InteractionsReader;
import dev.coppice.data.read.SplitOffsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
        .where(col("reason").isNotNull().and(not(col("reason").isin(passedOver()))))
        .join(
            offsets,
            col("file").equalTo(col("splitFile")).and(col("start").equalTo(col("splitStart"))))
        .select(
            col("reason"),
            col("readableFile").as("file"),
            when(col("line").gt(0), col("line").plus(col("before"))).as("line"),
            col("text"));
  }

  private static Object[] passedOver() {
    return Arrays.stream(BadRow.values()).filter(BadRow::isPassedOver).map(BadRow::key).toArray();
  }

  /** Whether a bad row throws doubt on others, so that no number of bad rows is put up with. */
  static boolean castDoubt(Map<String, Long> bad) {
    return bad.keySet().stream().map(BadRow::ofKey).anyMatch(BadRow::castsDoubt);
  }

  /** The rows that throw doubt on others. */
  static Dataset<Row> doubtful(Dataset<Row> rejected) {
    Object[] reasons =
        Arrays.stream(BadRow.values()).filter(BadRow::castsDoubt).map(BadRow::key).toArray();
    return rejected.where(col("reason").isin(reasons));
  }

  /** The first few in words, one a line. */
  static String firstFew(Dataset<Row> rejected) {
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
