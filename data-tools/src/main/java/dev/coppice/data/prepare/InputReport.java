package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.coppice.data.Part;
import dev.coppice.data.read.BadRow;
import dev.coppice.data.read.SplitOffsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the readers found, from one pass over the parsed rows.
 *
 * @param good good rows by part
 * @param bad bad rows by reason
 * @param passedOver lines that hold no data, by reason
 * @param splits the splits that hold rows, by file and offset
 * @param badBehindStart whether a bad row lies in a split that is not its file's first, so that its
 *     line number needs the lines of the splits before it
 * @param times the earliest and the latest time
 * @param weights the least and the greatest weight
 * @param doubtfulIds rows by an id that often stands for a missing or damaged one
 * @param idBytes bytes of the ids of all good rows
 */
record InputReport(
    Map<Part, Long> good,
    Map<String, Long> bad,
    Map<String, Long> passedOver,
    List<SplitOffsets.Split> splits,
    boolean badBehindStart,
    Range times,
    Range weights,
    Map<String, Long> doubtfulIds,
    long idBytes) {

  /** What many programs write for a value that is not there. */
  private static final List<String> NO_VALUE =
      List.of(
          "\\N",
          "NULL",
          "Null",
          "null",
          "(null)",
          "NaN",
          "nan",
          "NAN",
          "None",
          "none",
          "NONE",
          "nil",
          "NA",
          "N/A",
          "n/a",
          "#N/A",
          "<NA>",
          "NaT",
          "undefined",
          "-");

  /** Stands where a program could not read a character. */
  private static final String REPLACEMENT = "\uFFFD";

  /** The least and the greatest of some numbers; none of any if both are infinite. */
  record Range(double least, double greatest) {
    static final Range NONE = new Range(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    Range with(Range other) {
      return new Range(Math.min(least, other.least), Math.max(greatest, other.greatest));
    }

    boolean isEmpty() {
      return least > greatest;
    }
  }

  /** Reads and thereby caches {@code parsed}. */
  static InputReport of(Dataset<Row> parsed) {
    Map<Part, Long> good = new EnumMap<>(Part.class);
    Map<String, Long> bad = new TreeMap<>();
    Map<String, Long> passedOver = new TreeMap<>();
    Map<String, Long> doubtful = new TreeMap<>();
    Map<String, SplitOffsets.Split> splits = new HashMap<>();
    boolean badBehindStart = false;
    Range times = Range.NONE;
    Range weights = Range.NONE;
    long idBytes = 0;
    List<Row> groups =
        parsed
            .groupBy(
                col("part"),
                col("file"),
                col("start"),
                col("reason"),
                coalesce(doubtful("user"), doubtful("item")).as("doubtful"))
            .agg(
                count("*"),
                max("line"),
                min("time"),
                max("time"),
                min("weight"),
                max("weight"),
                sum(octet_length(col("user")).plus(octet_length(col("item")))))
            .collectAsList();
    for (Row row : groups) {
      String file = row.getString(1);
      long start = row.getLong(2);
      long rows = row.getLong(5);
      if (row.isNullAt(3)) {
        good.merge(Part.ofCode(row.getByte(0)), rows, Long::sum);
        times = times.with(range(row, 7));
        weights = weights.with(range(row, 9));
        idBytes += row.getLong(11);
        if (!row.isNullAt(4)) {
          doubtful.merge(row.getString(4), rows, Long::sum);
        }
      } else if (BadRow.ofKey(row.getString(3)).isPassedOver()) {
        passedOver.merge(row.getString(3), rows, Long::sum);
      } else {
        bad.merge(row.getString(3), rows, Long::sum);
        badBehindStart |= start > 0;
      }
      splits.merge(
          start + ":" + file,
          new SplitOffsets.Split(file, start, row.getLong(6)),
          (a, b) -> a.lines() >= b.lines() ? a : b);
    }
    return new InputReport(
        good,
        bad,
        passedOver,
        new SplitOffsets(new ArrayList<>(splits.values())).splits(),
        badBehindStart,
        times,
        weights,
        doubtful,
        idBytes);
  }

  private static Range range(Row row, int least) {
    return row.isNullAt(least)
        ? Range.NONE
        : new Range(
            ((Number) row.get(least)).doubleValue(), ((Number) row.get(least + 1)).doubleValue());
  }

  /** The id in words if it is doubtful, else null. */
  private static Column doubtful(String id) {
    return when(
        col(id).isin(NO_VALUE.toArray()).or(col(id).contains(REPLACEMENT)),
        concat(lit(id + " \""), col(id), lit("\"")));
  }

  long goodRows() {
    return good.values().stream().mapToLong(Long::longValue).sum();
  }

  long badRows() {
    return bad.values().stream().mapToLong(Long::longValue).sum();
  }
}
