package dev.coppice.data.prepare;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A prepare in a test: files and settings in, readable rows out. */
public final class Scene {
  private final Path dir;
  private final Map<String, String> settings = new HashMap<>();
  private int tasks;

  /** A scene that writes below {@code dir}, csv without further columns. */
  public Scene(Path dir) {
    this.dir = dir;
    set("output", dir.resolve("out").toString());
  }

  /** Sets a key. */
  public Scene set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Writes a file of lines and gives its path to {@code key}. */
  public Scene file(String key, String name, String... lines) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
    return set(key, file.toString());
  }

  /** Fixes the number of tasks of every step. */
  public Scene tasks(int count) {
    tasks = count;
    return this;
  }

  /** Runs prepare. */
  public CanonicalDataset run() {
    return Prepare.run(LocalSpark.session(), PrepareSettings.of(settings), tasks);
  }

  /** The output. */
  public Path output() {
    return Path.of(settings.get("output"));
  }

  /** {@code user item weight time group} with ids for indices, sorted; absent values left out. */
  public static List<String> rows(CanonicalDataset data, Dataset<Row> part) {
    Map<Integer, String> users = ids(data.users());
    Map<Integer, String> items = ids(data.items());
    List<String> rows = new ArrayList<>();
    for (Row row : part.collectAsList()) {
      StringBuilder text = new StringBuilder();
      text.append(users.get(row.getInt(0))).append(' ').append(items.get(row.getInt(1)));
      text.append(' ').append(row.getFloat(2));
      for (int column = 3; column < 5; column++) {
        if (!row.isNullAt(column)) {
          text.append(' ').append(row.get(column));
        }
      }
      rows.add(text.toString());
    }
    rows.sort(String::compareTo);
    return rows;
  }

  /** A dictionary by index. */
  public static Map<Integer, String> ids(Dataset<Row> dictionary) {
    Map<Integer, String> ids = new TreeMap<>();
    dictionary.collectAsList().forEach(row -> ids.put(row.getInt(0), row.getString(1)));
    return ids;
  }
}
