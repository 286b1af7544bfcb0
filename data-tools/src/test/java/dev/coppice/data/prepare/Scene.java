package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Part;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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

  /**
   * Runs prepare: in a fixed number of tasks, or else as it chooses for a small input, and then the
   * general way too, which must find the same.
   */
  public CanonicalDataset run() {
    CanonicalDataset data = run(settings, tasks);
    if (tasks == 0) {
      Map<String, String> other = new HashMap<>(settings);
      try {
        Path scratch = Files.createTempDirectory("scene");
        other.put("output", scratch.resolve("general").toString());
        requireSame(data, run(other, 2));
        try (Stream<Path> files = Files.walk(scratch)) {
          files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return data;
  }

  private static CanonicalDataset run(Map<String, String> settings, int tasks) {
    return Prepare.run(LocalSpark.session(), PrepareSettings.of(settings), tasks, line -> {});
  }

  private static void requireSame(CanonicalDataset small, CanonicalDataset general) {
    assertThat(small.manifest().fingerprint()).isEqualTo(general.manifest().fingerprint());
    assertThat(small.manifest().interactions()).isEqualTo(general.manifest().interactions());
    assertThat(small.manifest().leftOut()).isEqualTo(general.manifest().leftOut());
    assertThat(small.manifest().warnings()).isEqualTo(general.manifest().warnings());
    assertThat(small.manifest().users()).isEqualTo(general.manifest().users());
    assertThat(small.manifest().items()).isEqualTo(general.manifest().items());
    assertThat(ids(small.users())).isEqualTo(ids(general.users()));
    assertThat(ids(small.items())).isEqualTo(ids(general.items()));
    for (Part part : Part.values()) {
      assertThat(rows(small, small.part(part))).isEqualTo(rows(general, general.part(part)));
    }
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
