package dev.coppice.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.max;

import dev.coppice.data.Part;
import dev.coppice.data.read.SplitOffsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the readers found, from one pass over the parsed rows.
 *
 * @param good good rows by part
 * @param bad bad rows by reason
 * @param splits the splits that hold rows, by file and offset
 * @param badBehindStart whether a bad row lies in a split that is not its file's first, so that its
 *     line number needs the lines of the splits before it
 */
record InputReport(
    Map<Part, Long> good,
    Map<String, Long> bad,
    List<SplitOffsets.Split> splits,
    boolean badBehindStart) {

  /** Reads and thereby caches {@code parsed}. */
  static InputReport of(Dataset<Row> parsed) {
    Map<Part, Long> good = new EnumMap<>(Part.class);
    Map<String, Long> bad = new TreeMap<>();
    Map<String, SplitOffsets.Split> splits = new HashMap<>();
    boolean badBehindStart = false;
    List<Row> groups =
        parsed
            .groupBy(col("part"), col("file"), col("start"), col("reason"))
            .agg(count("*"), max("line"))
            .collectAsList();
    for (Row row : groups) {
      String file = row.getString(1);
      long start = row.getLong(2);
      long rows = row.getLong(4);
      if (row.isNullAt(3)) {
        good.merge(Part.ofCode(row.getByte(0)), rows, Long::sum);
      } else {
        bad.merge(row.getString(3), rows, Long::sum);
        badBehindStart |= start > 0;
      }
      splits.merge(
          start + ":" + file,
          new SplitOffsets.Split(file, start, row.getLong(5)),
          (a, b) -> a.lines() >= b.lines() ? a : b);
    }
    return new InputReport(
        good, bad, new SplitOffsets(new ArrayList<>(splits.values())).splits(), badBehindStart);
  }

  long goodRows() {
    return good.values().stream().mapToLong(Long::longValue).sum();
  }

  long badRows() {
    return bad.values().stream().mapToLong(Long::longValue).sum();
  }
}
