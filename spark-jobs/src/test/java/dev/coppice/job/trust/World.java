package dev.coppice.job.trust;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.files.FaultyStore;
import dev.coppice.job.Command;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files that jobs begin with, and a place where they are put again and again: {@code raw.csv},
 * the data sets {@code data} and {@code second}, {@code model}, {@code als}, and {@code registry}
 * with the runs {@code one} and {@code two}.
 */
final class World {
  private static final int USERS = 16;
  private static final int ITEMS = 12;

  private final Path template;
  private final Path place;
  private final String store;

  /**
   * Makes the files.
   *
   * @param directory empty
   * @param store the scheme of {@link FaultyStore} that jobs write to
   * @param wanted the jobs that will be run; what only others need is not made
   */
  World(Path directory, String store, Set<String> wanted) throws IOException {
    this.store = store;
    template = directory.resolve("template");
    place = directory.resolve("world");
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    FaultyStore.install(hadoop);
    FaultyStore.heal();
    Files.createDirectory(place);
    Command here = new Command(place);
    here.file("raw.csv", pairs(0));
    here.file("more.csv", pairs(1));
    String[] split = {"validation=ratio", "validationRatio=0.3", "groupCol=market"};
    done(here, "prepare", split, "input=@raw.csv", "output=@data");
    String[] small = Deed.with().toArray(String[]::new);
    if (wanted.stream().anyMatch(Set.of("export", "publish", "recommend")::contains)) {
      done(here, "train", small, "input=@data", "model=@model");
    }
    if (wanted.stream().anyMatch(Set.of("retrain", "publish", "rollback")::contains)) {
      done(here, "train", small, "input=@data", "registry=%registry", "runId=one");
      done(
          here,
          "train",
          small,
          "input=@data",
          "registry=%registry",
          "runId=two",
          "seed=2",
          "maxRegression=1");
    }
    if (wanted.contains("retrain")) {
      done(here, "prepare", split, "input=@more.csv", "output=@second", "previous=@data");
    }
    if (wanted.contains("import")) {
      new ALSModel("als", 4, factors(USERS, "u"), factors(ITEMS, "i"))
          .write()
          .save(place.resolve("als").toString());
    }
    Files.move(place, template);
  }

  private static String[] pairs(int period) {
    List<String> lines = new ArrayList<>(List.of("user,item,market"));
    for (int user = 0; user < USERS; user++) {
      for (int item = 0; item < ITEMS; item++) {
        double chance = user % 2 == item % 2 ? 0.8 : 0.1;
        if (SeedStream.uniform(4, Purpose.GENERATE, user, item) < chance
            && (period == 1 || (user + item) % 5 > 0)) {
          lines.add((100 + user) + "," + (200 + item) + "," + (user % 4 < 2 ? "de" : "at"));
        }
      }
    }
    return lines.toArray(String[]::new);
  }

  private static Dataset<Row> factors(int count, String side) {
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      float[] features = new float[4];
      features[r % 2] = 1 + r / 100f;
      features[2 + r % 2] = 0.1f;
      rows.add(RowFactory.create((side.equals("u") ? 100 : 200) + r, features));
    }
    return TestSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("id", DataTypes.IntegerType, false)
                .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false));
  }

  private void done(Command here, String job, String[] some, String... more) {
    Command.Result result =
        here.run(
            job,
            Stream.concat(Stream.of(some), Stream.of(more))
                .map(this::placed)
                .toArray(String[]::new));
    if (result.code() != 0) {
      throw new IllegalStateException(job + " ended with " + result.code() + ": " + result.err());
    }
  }

  /** Puts a directory of the world, plain or on the store, in the place of the sign for it. */
  String placed(String setting) {
    int value = setting.indexOf('=') + 1;
    return switch (setting.charAt(value)) {
      case '@' -> setting.substring(0, value) + place + "/" + setting.substring(value + 1);
      case '%' ->
          setting.substring(0, value)
              + (store.isEmpty() ? "" : store + "://")
              + place
              + "/"
              + setting.substring(value + 1);
      default -> setting;
    };
  }

  /** The settings of a deed on the files of this world. */
  String[] settings(Deed deed) {
    return deed.settings().stream().map(this::placed).toArray(String[]::new);
  }

  /** Puts all files back as they were. */
  void reset() throws IOException {
    Trees.delete(place);
    Trees.copy(template, place);
  }

  /** Lets the leases of all locks run out: the process that died here lives on. */
  void buryTheDead() throws IOException {
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".lock")).toList()) {
        Files.setLastModifiedTime(file, longAgo);
      }
    }
  }

  Path place() {
    return place;
  }

  Path template() {
    return template;
  }

  /** Does a deed in this process. */
  Command.Result run(Deed deed) {
    return new Command(place).run(deed.job(), settings(deed));
  }
}
