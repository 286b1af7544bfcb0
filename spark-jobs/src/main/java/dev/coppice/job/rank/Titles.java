package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.data.read.TextTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Titles of items by id; those without one are shown by id alone. */
public record Titles(Map<String, String> byId) {
  /** No item has a title. */
  public static final Titles NONE = new Titles(Map.of());

  /**
   * Reads the titles that are set, so that no work is done for a file that cannot be read: jobs
   * call it before Spark starts, and again when they need them.
   *
   * @param values hold {@link TitleKeys}
   * @throws BadInputException if the file cannot be read, is not in its encoding, or a line has no
   *     title
   */
  public static Titles read(ConfigValues values) {
    Optional<String> file = values.find(TitleKeys.TITLES);
    // With the file systems that Spark's settings describe, whether Spark runs or not.
    return file.isEmpty()
        ? NONE
        : read(
            SparkHadoopUtil.get().newConfiguration(new SparkConf()),
            file.get(),
            values.get(TitleKeys.DELIMITER),
            values.get(TitleKeys.ENCODING));
  }

  static Titles read(Configuration hadoop, String file, String delimiter, String encoding) {
    String between = TextTable.delimiter(delimiter);
    Map<String, String> titles = new HashMap<>();
    for (TextTable.Line line :
        new TextTable(between, encoding.strip())
            .read(hadoop, file, "the titles", TitleKeys.ENCODING.name())) {
      if (line.fields().size() < 2) {
        throw new BadInputException(
            file
                + ", line "
                + line.number()
                + " has no "
                + (between.equals("\t") ? "tab" : "\"" + between + "\"")
                + " between id and title. Set "
                + TitleKeys.DELIMITER.name()
                + " to what stands there.");
      }
      titles.put(line.fields().get(0), line.fields().get(1).strip());
    }
    return new Titles(titles);
  }

  /** Returns an id with its title, if there is one. */
  String show(String id) {
    String title = byId.get(id);
    return title == null ? id : id + " (" + title + ")";
  }

  /** Returns a title, or null. */
  public String title(String id) {
    return byId.get(id);
  }
}
