package dev.coppice.data.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * How many lines come before each split of each file. Spark reads a large file in splits that know
 * their byte offset and not their line number; adding up the lines of the splits gives it exactly.
 */
public final class SplitOffsets {
  private final Map<String, Long> linesBefore;
  private final List<Split> splits;

  /**
   * One split.
   *
   * @param lines its number of lines
   */
  public record Split(String file, long start, long lines) implements Serializable {}

  /** From the splits in any order. */
  public SplitOffsets(List<Split> unordered) {
    this.splits = new ArrayList<>(unordered);
    splits.sort(Comparator.comparing(Split::file).thenComparingLong(Split::start));
    this.linesBefore = new LinkedHashMap<>();
    String file = null;
    long lines = 0;
    for (Split split : splits) {
      if (!split.file().equals(file)) {
        file = split.file();
        lines = 0;
      }
      linesBefore.put(key(split.file(), split.start()), lines);
      lines += split.lines();
    }
  }

  /** Counts the lines of {@code lines}, a table of (value, file, start). */
  static SplitOffsets count(Dataset<Row> lines) {
    return new SplitOffsets(
        lines.groupBy("file", "start").agg(functions.count("*")).collectAsList().stream()
            .map(row -> new Split(row.getString(0), row.getLong(1), row.getLong(2)))
            .toList());
  }

  static String key(String file, long start) {
    return start + ":" + file;
  }

  /** The splits by file and offset. */
  public List<Split> splits() {
    return List.copyOf(splits);
  }

  /** Lines before the split. */
  public long before(String file, long start) {
    return linesBefore.getOrDefault(key(file, start), 0L);
  }

  Map<String, Long> asMap() {
    return Collections.unmodifiableMap(linesBefore);
  }
}
