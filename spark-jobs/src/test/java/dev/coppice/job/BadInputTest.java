package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not go in: its message, its exit code, and nothing half-written. */
class BadInputTest {
  @TempDir private static Path good;
  @TempDir private Path directory;

  private Command command;

  /** A small data set and a model, to be damaged in copies. */
  @BeforeAll
  static void makeGoodOnes() throws IOException {
    Command there = new Command(good);
    List<String> lines = new ArrayList<>(List.of("user,item"));
    for (int user = 0; user < 24; user++) {
      for (int item = 0; item < 16; item++) {
        if (user % 4 == item % 4 || (user * 7 + item) % 5 == 0) {
          lines.add("u" + user + ",i" + item);
        }
      }
    }
    there.file("raw.csv", lines.toArray(String[]::new));
    assertThat(there.run("prepare", "input=raw.csv", "output=data", "split=ratio").code()).isZero();
    assertThat(train(there, "input=data", "model=model").code()).isZero();
  }

  private static Command.Result train(Command command, String... settings) {
    List<String> all =
        new ArrayList<>(List.of("rank=8", "density=0.5", "maxIter=1", "numBlocks=2"));
    all.addAll(List.of(settings));
    return command.run("train", all.toArray(String[]::new));
  }

  @BeforeEach
  void here() {
    command = new Command(directory);
  }

  private static String data() {
    return "input=" + good.resolve("data");
  }

  private static String model() {
    return "model=" + good.resolve("model");
  }

  /** A copy of a good directory, without checksums, so that files can be changed. */
  private Path copy(String name) throws IOException {
    Path from = good.resolve(name);
    Path to = directory.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".crc")).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return to;
  }

  private static List<Path> parquet(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static void refused(Command.Result result, int code, String... words) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).contains(words).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "rank=0, from 1 to 65535",
    "rank=65536, from 1 to 65535",
    "density=0, above 0 and at most 1",
    "density=1.5, above 0 and at most 1",
    "density=NaN, density",
    "density=0.05, less than one weight a row"
  })
  void sizesThatCannotBe(String setting, String allowed) throws IOException {
    refused(train(command, data(), "model=m", setting), 2, allowed);
    assertThat(command.listing()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "recommend", "similar", "stats"})
  void noDataSetAndNoModel(String job) throws IOException {
    Files.createDirectory(directory.resolve("empty"));
    String[] settings =
        switch (job) {
          case "train" -> new String[] {"input=empty", "model=out"};
          case "stats" -> new String[] {"input=empty", "output=out"};
          default -> new String[] {data(), "model=empty", "output=out"};
        };
    refused(command.run(job, settings), 3, directory.resolve("empty").toString());
    assertThat(command.listing()).containsExactly("empty");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"formatVersion\": 7}', format version 7",
    "'{\"formatVersion\": 1', damaged",
    "'{\"formatVersion\": 1}', it has no users",
    "'[]', no formatVersion"
  })
  void manifestsThatAreNone(String text, String words) throws IOException {
    Files.writeString(copy("data").resolve("manifest.json"), text);
    refused(train(command, "input=data", "model=m"), 3, "manifest.json", words);
    refused(command.run("stats", "input=data"), 3, "manifest.json", words);
    assertThat(command.listing()).containsExactly("data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"interactions/part=train", "users", "items"})
  void dataSetsThatAreNotWhole(String part) throws IOException {
    Path place = copy("data").resolve(part);
    for (Path file : parquet(place)) {
      Files.writeString(file, "not Parquet");
    }
    refused(train(command, "input=data", "model=m"), 3, place.toString(), "Prepare the data again");
    for (Path file : parquet(place)) {
      Files.delete(file);
    }
    refused(train(command, "input=data", "model=m"), 3, place.toString(), "holds 0 rows");
    for (Path file : Command.listing(place).stream().map(place::resolve).toList()) {
      Files.delete(file);
    }
    Files.delete(place);
    refused(train(command, "input=data", "model=m"), 3, place.toString(), "cannot be read");
    assertThat(command.listing()).containsExactly("data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "items"})
  void modelsThatAreNotWhole(String table) throws IOException {
    Path place = copy("model").resolve(table);
    Path file = parquet(place).get(0);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    refused(command.run("similar", "model=model", "output=o"), 3, place.toString());
    Files.delete(file);
    refused(command.run("similar", "model=model", "output=o"), 3, place.toString(), "rows");
    assertThat(command.listing()).containsExactly("model");
  }

  @Test
  void outputsAreKeptApartFromInputs() throws IOException {
    copy("data");
    copy("model");
    command.file("raw/a.csv", "user,item", "a,x");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("data"));
    List<Command.Result> results =
        List.of(
            command.run("prepare", "input=raw", "output=raw", "overwrite=true"),
            command.run("prepare", "input=raw", "output=raw/data"),
            command.run(
                "prepare",
                "input=data/interactions",
                "format=parquet",
                "output=data",
                "overwrite=true"),
            train(command, "input=data", "model=data/model"),
            train(command, "input=data", "model=other", "output=data"),
            command.run("evaluate", "input=data", "model=model", "output=model", "overwrite=true"),
            command.run("recommend", "input=data", "model=model", "output=link/lists"),
            command.run("similar", "model=model", "output=model/similar"),
            command.run("stats", "input=data", "output=data"));
    for (Command.Result result : results) {
      assertThat(result.code()).as(result.err()).isEqualTo(2);
      assertThat(result.err()).containsAnyOf("the same place", "inside each other", "exists and");
    }
    Files.delete(link);
    assertThat(command.listing()).containsExactly("data", "model", "raw");
    assertThat(Command.listing(directory.resolve("data")))
        .containsExactly("interactions", "items", "manifest.json", "users");
    assertThat(Command.listing(directory.resolve("raw"))).containsExactly("a.csv");
  }

  @Test
  void onlyTheSameJobsOutputIsReplaced() throws IOException {
    copy("model");
    refused(
        command.run("evaluate", data(), model(), "output=model", "overwrite=true"),
        2,
        "holds the output of train");
    assertThat(directory.resolve("model/coppice.json")).exists();
    assertThat(command.run("similar", model(), "output=lists", "k=3").code()).isZero();
    refused(
        command.run("recommend", data(), model(), "output=lists", "overwrite=true"),
        2,
        "holds the output of similar");
    assertThat(command.run("similar", model(), "output=lists", "overwrite=true").code()).isZero();
    assertThat(command.listing()).containsExactly("lists", "model");
  }

  @ParameterizedTest
  @CsvSource({"prepare, 3000", "train, 2000", "recommend, 200"})
  void fullDiskLeavesNothing(String job, long room) throws IOException {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    FullDisk.install(hadoop, room);
    String out = FullDisk.path(directory.resolve("out"));
    Command.Result result =
        switch (job) {
          case "prepare" ->
              command.run("prepare", "input=" + good.resolve("raw.csv"), "output=" + out);
          case "train" -> train(command, data(), "model=" + out);
          default -> command.run(job, data(), model(), "output=" + out);
        };
    refused(result, 1, "the disk is full");
    assertThat(command.listing()).isEmpty();
  }

  @Test
  void lockThatCannotBeWrittenIsNoLock() throws IOException {
    Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
    FullDisk.install(hadoop, 0);
    String out = FullDisk.path(directory.resolve("out"));
    refused(command.run("similar", model(), "output=" + out), 1, "the disk is full");
    assertThat(command.listing()).isEmpty();
  }

  @Test
  void placesThatCannotBeWritten() throws IOException {
    command.file("file", "not a directory");
    refused(
        command.run("prepare", "input=" + good.resolve("raw.csv"), "output=file/out"),
        2,
        "cannot be written");
    refused(train(command, data(), "model=file/out"), 2, "cannot be written");
    refused(command.run("similar", model(), "output=file/out"), 2, "cannot be written");
    assertThat(command.listing()).containsExactly("file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,x", "a,x a,y b,x"})
  void hardlyAnyData(String pairs) throws Exception {
    command.file("raw.csv", ("user,item " + pairs).split(" "));
    String[] prepare = {"input=raw.csv", "workDir=w", "split=ratio", "testRatio=0.4"};
    assertThat(command.run("prepare", prepare).code()).isZero();
    Command.Result trained = train(command, "workDir=w", "rank=4");
    assertThat(trained.code()).as(trained.err()).isZero();
    String[] lists = {"workDir=w", "outputFormat=jsonl", "k=5"};
    assertThat(command.run("recommend", lists).code()).isZero();
    JsonNode manifest =
        new ObjectMapper().readTree(directory.resolve("w/data/manifest.json").toFile());
    int items = manifest.path("items").asInt();
    for (JsonNode row : json(directory.resolve("w/recommendations"))) {
      assertThat(row.path("recommendations").size()).as(row.toString()).isLessThan(items);
    }
    assertThat(command.run("similar", lists).code()).isZero();
    Command.Result stats = command.run("stats", "workDir=w", "output=w/stats");
    assertThat(stats.code()).isZero();
    assertThat(stats.out()).contains("density", "per user");
    boolean test = manifest.at("/interactions/test").asInt() > 0;
    Command.Result evaluated = command.run("evaluate", "workDir=w");
    assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(test ? 0 : 3);
    if (!test) {
      assertThat(evaluated.err()).contains("no test part to evaluate on");
    }
  }

  /** The rows of a directory of JSON lines, sorted. */
  private static List<JsonNode> json(Path directory) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String name : Command.listing(directory)) {
      if (name.endsWith(".json") && name.startsWith("part")) {
        for (String line : Files.readAllLines(directory.resolve(name))) {
          rows.add(new ObjectMapper().readTree(line));
        }
      }
    }
    rows.sort(Comparator.comparing(JsonNode::toString));
    return rows;
  }
}
