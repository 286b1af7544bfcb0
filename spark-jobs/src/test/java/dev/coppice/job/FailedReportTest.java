package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No model is lost for its report: what the report needs is checked before, and failures last. */
class FailedReportTest {
  private static final String[] SMALL = {
    "rank=4", "density=0.5", "maxIter=1", "numBlocks=2", "checkpointInterval=-1"
  };

  @TempDir private static Path shared;
  @TempDir private Path directory;

  /** What the training of the model {@code kept} of the first data set ended with. */
  private static Command.Result trained;

  private Command command;

  /** Two data sets, the second of which goes on from the first, and a model without a report. */
  @BeforeAll
  static void prepare() throws IOException {
    FullDisk.install(
        TestSpark.session().sparkContext().hadoopConfiguration(),
        name -> name.matches(".*(metrics\\.json|report\\.html|import\\.json).*"));
    Command there = new Command(shared);
    there.file("first.csv", pairs(0));
    there.file("second.csv", pairs(1));
    there.file("titles.tsv", "", "1\tM\u00e4rz", "");
    String[] validation = {"validation=ratio", "validationRatio=0.3"};
    done(there.run("prepare", with(validation, "input=first.csv", "output=first")));
    done(
        there.run(
            "prepare", with(validation, "input=second.csv", "output=second", "previous=first")));
    trained =
        there.run(
            "train",
            with(
                SMALL,
                "family=latent",
                "input=first",
                "model=" + FullDisk.path(shared.resolve("kept")),
                "output=elsewhere",
                "titles=titles.tsv"));
  }

  private static String[] pairs(int period) {
    List<String> lines = new ArrayList<>(List.of("user,item,time"));
    for (int user = 0; user < 12; user++) {
      for (int item = 0; item < 8; item++) {
        if (user % 2 == item % 2 && (period == 1 || (user + item) % 3 > 0)) {
          lines.add(user + "," + item + "," + (100 * period + item));
        }
      }
    }
    return lines.toArray(String[]::new);
  }

  private static String[] with(String[] settings, String... more) {
    return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
  }

  private static void done(Command.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  @BeforeEach
  void here() {
    command = new Command(directory);
  }

  private static String place(String key, String name) {
    return key + "=" + shared.resolve(name);
  }

  /** That a run ended as it should whose report could not be written beside its model. */
  private static void assertKept(Command.Result result, Path model) throws IOException {
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("the model is saved (full:", "report could not be written: the disk is full")
        .doesNotContain("--verbose");
    assertThat(Command.listing(model))
        .containsExactly("coppice.json", "items", "metadata", "users");
    DynamicSparseALSModel loaded = DynamicSparseALSModel.load(model.toString());
    assertThat(loaded.userTable().size().rows()).isEqualTo(12);
    assertThat(loaded.itemTable().size().rows()).isEqualTo(8);
    assertThat(loaded.info().configuration()).containsKey("seed");
  }

  private void assertKeeps(String job, String... settings) throws IOException {
    Path model = directory.resolve("model");
    assertKept(command.run(job, with(settings, "model=" + FullDisk.path(model))), model);
  }

  @Test
  void trainKeepsItsModel() throws IOException {
    assertKept(trained, shared.resolve("kept"));
    // Where there is room, the report is written.
    assertThat(Command.listing(shared.resolve("elsewhere")))
        .containsExactly("metrics.json", "report.html");
    assertThat(Files.readString(shared.resolve("elsewhere/report.html"))).contains("M\u00e4rz");
  }

  @Test
  void retrainKeepsItsModel() throws IOException {
    assertKeeps(
        "retrain",
        place("input", "second"),
        place("previousInput", "first"),
        place("initialModel", "kept"),
        "maxIter=1",
        "driftUsers=0");
    assertThat(command.listing()).containsExactly("model");
  }

  @Test
  void importKeepsItsModel() throws IOException {
    String als = directory.resolve("als").toString();
    new ALSModel("als", 2, factors(12), factors(8)).write().save(als);
    assertKeeps(
        "import",
        "alsModel=" + als,
        place("input", "first"),
        "part=validation",
        "density=0.5",
        "cutoffs=5",
        "refineSweeps=0",
        "numBlocks=2");
    assertThat(command.listing()).containsExactly("als", "model");
  }

  private static Dataset<Row> factors(int rows) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    return TestSpark.session()
        .createDataFrame(
            IntStream.range(0, rows)
                .mapToObj(r -> RowFactory.create(r, new float[] {r % 2, 1 - r % 2}))
                .toList(),
            schema);
  }

  @Test
  void titlesAreReadBeforeAnythingIsTrained() throws IOException {
    Path titles = directory.resolve("titles.tsv");
    Files.write(titles, "1\tM\u00e4rz\n".getBytes(StandardCharsets.ISO_8859_1));
    for (String job : List.of("train", "retrain")) {
      // Neither data nor model is there: these would be looked for when Spark has started.
      Command.Result result =
          command.run(job, "input=none", "initialModel=none", "model=m", "titles=titles.tsv");
      assertThat(result.code()).as(result.err()).isEqualTo(3);
      assertThat(result.err()).contains("titles.tsv, line 1 is not UTF-8");
    }
    Files.delete(titles);
    assertThat(command.run("train", "input=none", "model=m", "titles=titles.tsv").err())
        .contains("titles.tsv does not exist");
    assertThat(command.listing()).isEmpty();
  }

  @Test
  void whatDriftAndGateAreMeasuredOnIsLookedForBeforeTraining() throws IOException {
    try (Stream<Path> files = Files.walk(shared.resolve("first"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve("old").resolve(shared.resolve("first").relativize(file));
        if (!file.toString().contains("part=validation")) {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Command.Result drift =
        command.run(
            "retrain",
            place("input", "second"),
            "previousInput=old",
            place("initialModel", "kept"),
            "model=m");
    assertThat(drift.code()).as(drift.err()).isEqualTo(3);
    assertThat(drift.err()).contains("part=validation").doesNotContain("train ...");

    done(command.run("publish", place("model", "kept"), "registry=registry", "runId=a"));
    done(command.run("prepare", place("input", "first.csv"), "output=whole"));
    Command.Result gate =
        command.run("train", with(SMALL, "input=whole", "registry=registry", "runId=b"));
    assertThat(gate.code()).as(gate.err()).isEqualTo(3);
    assertThat(gate.err()).contains("has no validation part").doesNotContain("train ...");
    assertThat(Command.listing(directory.resolve("registry/models"))).containsExactly("a");
  }
}
