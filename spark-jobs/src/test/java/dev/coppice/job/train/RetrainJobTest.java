package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.mask.ImportanceCode;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.files.LeaseLock;
import dev.coppice.job.Command;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Progress;
import dev.coppice.job.registry.PublishJob;
import dev.coppice.publish.Registry;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.TestSpark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Periods of planted data: two communities, users and items of one remainder by 3. The third
 * appears in period 2, with new users and new items; period 3 has more of all.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RetrainJobTest {
  private static final Map<String, String> TRAIN =
      Map.of(
          "family", "latent",
          "rank", "16",
          "density", "0.5",
          "maxIter", "6",
          "unobservedWeight", "0.1",
          "regParam", "0.01",
          "numBlocks", "5",
          "seed", "3");

  @TempDir private static Path directory;

  /** What the job that ran last said while it ran. */
  private static StringWriter said = new StringWriter();

  /** Period 1 knows communities 0 and 1; each later period adds pairs, and users 60 on. */
  private static void write(int period) throws Exception {
    StringBuilder lines = new StringBuilder("user,item,time\n");
    for (int user = 0; user < 90; user++) {
      for (int item = 0; item < 60; item++) {
        boolean together = user % 3 == item % 3;
        boolean late = user >= 60 || user % 3 == 2 || item % 3 == 2;
        int when = 1 + SeedStream.below(3, 8, Purpose.GENERATE, user, item);
        boolean there =
            SeedStream.uniform(4, Purpose.GENERATE, user, item) < (together ? 0.85 : 0.02);
        if (there && (late ? Math.max(2, when) : when) == period) {
          lines.append("u").append(user).append(",i").append(item).append(",");
          lines.append(1000 * period + item).append("\n");
        }
      }
    }
    Files.writeString(directory.resolve("period" + period + ".csv"), lines);
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  private static JobSummary run(Job job, Map<String, String> settings) throws Exception {
    var values = job.schema().resolve(settings);
    job.check(values);
    said = new StringWriter();
    Progress progress = new Progress(new PrintWriter(said), false);
    return job.run(new JobContext(job.name(), TestSpark.session(), progress), values);
  }

  private static void prepare(int period) throws Exception {
    write(period);
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "input", path("period" + period + ".csv"),
                "output", path("data" + period),
                "timeCol", "time",
                "validation", "ratio",
                "validationRatio", "0.2",
                "seed", "1"));
    if (period > 1) {
      settings.put("previous", path("data" + (period - 1)));
    }
    run(new PrepareJob(), settings);
  }

  @BeforeAll
  static void prepareAll() throws Exception {
    for (int period = 1; period <= 3; period++) {
      prepare(period);
    }
    Map<String, String> settings = new HashMap<>(TRAIN);
    settings.put("input", path("data1"));
    settings.put("model", path("model1"));
    run(new TrainJob(), settings);
  }

  private static Map<String, String> second(String model, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", path("data2"));
    settings.put("previousInput", path("data1"));
    settings.put("initialModel", path("model1"));
    settings.put("model", path(model));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static JsonNode metrics(String model) throws Exception {
    return new ObjectMapper().readTree(directory.resolve(model).resolve("metrics.json").toFile());
  }

  /** The share of the positions of users known to both models that the later one gave up. */
  private static double moved(String before, String after) {
    Map<String, Set<Short>> now = new HashMap<>();
    for (Row row : DynamicSparseALSModel.load(path(after)).userRows().collectAsList()) {
      now.put(row.getString(0), new HashSet<>(row.getList(1)));
    }
    int positions = 0;
    int gone = 0;
    for (Row row : DynamicSparseALSModel.load(path(before)).userRows().collectAsList()) {
      Set<Short> old = new HashSet<>(row.getList(1));
      if (now.containsKey(row.getString(0))) {
        positions += old.size();
        old.removeAll(now.get(row.getString(0)));
        gone += old.size();
      }
    }
    return (double) gone / positions;
  }

  private static Map<String, String> bits(String model) {
    DynamicSparseALSModel loaded = DynamicSparseALSModel.load(path(model));
    Map<String, String> bits = new TreeMap<>();
    for (Row row : loaded.userRows().union(loaded.itemRows()).collectAsList()) {
      bits.put(row.getString(0), row.getList(1) + " " + row.getList(2));
    }
    return bits;
  }

  @Test
  void threePeriodsOneAfterTheOtherAndForgettingWithoutReplay() throws Exception {
    JobSummary two = run(new RetrainJob(), second("end2"));
    assertThat(String.join("\n", two.lines()))
        .contains("new interactions", "40 users known, 50 new", "budget = grow", "forgetting:");
    JsonNode second = metrics("end2").path("drift");
    assertThat(ndcg(second, "newAfter")).isGreaterThan(ndcg(second, "newBefore") + 0.1);
    Map<String, String> settings = second("end3");
    settings.put("input", path("data3"));
    settings.put("previousInput", path("data1") + "," + path("data2"));
    settings.put("initialModel", path("end2"));
    run(new RetrainJob(), settings);
    JsonNode third = metrics("end3").path("drift");
    // Two thirds of all users and a third of the items were there in period 1 alone: what is new
    // now is more of what is known.
    assertThat(ndcg(third, "newAfter")).isGreaterThan(ndcg(third, "newBefore"));
    assertThat(ndcg(third, "forgetting")).isLessThan(0.05);
    assertThat(third.path("listUsers").asLong()).isEqualTo(90);
    assertThat(third.path("listOverlap").asDouble()).isBetween(0.3, 1.0);
    // Validation may well keep the first sweep, before anything moved.
    assertThat(third.path("movedUserPositions").asDouble())
        .isCloseTo(moved("end2", "end3"), within(1e-12))
        .isLessThan(0.6);
    assertThat(Files.readString(directory.resolve("end3/report.html")))
        .contains("Drift from the initial model", "Users whose top-20 lists were compared");
    // Rank, density and objective came from the first model.
    assertThat(metrics("end3").path("configuration").path("density").asText()).isEqualTo("0.5");

    run(new RetrainJob(), second("forgetful", "replay", "0", "driftUsers", "0"));
    assertThat(ndcg(metrics("forgetful").path("drift"), "forgetting"))
        .isGreaterThan(ndcg(second, "forgetting") + 0.02);
  }

  private static double ndcg(JsonNode drift, String where) {
    return drift.path(where).path("ndcg@20").asDouble(Double.NaN);
  }

  @Test
  void everyOptionGivesTheSameBytesWhateverThePartitions() throws Exception {
    String[] options = {
      "replay", "0.6", "dropFitted", "0.1", "solveShare", "0.5", "vanishedRows", "keep",
      "updateInterval", "1", "driftUsers", "0", "budget", "keep", "numPartitions", "1",
      "growth", "momentum", "protect", "1"
    };
    JobSummary summary = run(new RetrainJob(), second("one", options));
    Map<String, String> other = second("other", options);
    other.put("numPartitions", "7");
    other.put("broadcastLimit", "0");
    run(new RetrainJob(), other);
    assertThat(bits("other")).isEqualTo(bits("one"));
    DynamicSparseALSModel before = DynamicSparseALSModel.load(path("model1"));
    DynamicSparseALSModel after = DynamicSparseALSModel.load(path("one"));
    assertThat(after.userTable().size().stored()).isEqualTo(before.userTable().size().stored());
    assertThat(after.userTable().size().rows()).isGreaterThan(before.userTable().size().rows());
    assertThat(String.join("\n", summary.lines())).contains("budget = keep: ");
    assertThat(said.toString())
        .containsPattern("plan: [0-9,]+ interactions of 90 users and 60 items");
    assertThat(metrics("one").path("drift").path("movedUserPositions").asDouble())
        .isCloseTo(moved("model1", "one"), within(1e-12))
        .isBetween(0.01, 0.9);
  }

  private static Map<String, String> fromScores(String input, String initial, String model) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", path(input));
    settings.put("initialModel", path(initial));
    settings.put("model", path(model));
    settings.put("history", "scores");
    return settings;
  }

  /** Each data set holds the period's interactions alone; none of the others is read. */
  @Test
  void scoresOfTheInitialModelStandForEarlierPeriods() throws Exception {
    JobSummary two = run(new RetrainJob(), fromScores("data2", "model1", "scores2"));
    assertThat(String.join("\n", two.lines()))
        .contains("history = scores: 1 of at most 7 periods", "0 old ones");
    JsonNode second = metrics("scores2").path("drift");
    assertThat(ndcg(second, "newAfter")).isGreaterThan(ndcg(second, "newBefore") + 0.1);
    DynamicSparseALSModel before = DynamicSparseALSModel.load(path("model1"));
    DynamicSparseALSModel after = DynamicSparseALSModel.load(path("scores2"));
    assertThat(after.info().periodsFromScores()).isEqualTo(1);
    // Users that only period 1 knows are kept, with what they were learnt from.
    assertThat(after.userRows().join(before.userRows(), "id").count())
        .isEqualTo(before.userRows().count());

    Map<String, String> night = fromScores("data3", "scores2", "scores3");
    run(new RetrainJob(), night);
    Map<String, String> other = with(night, "model", path("scores3-other"));
    other.put("numPartitions", "7");
    other.put("broadcastLimit", "0");
    run(new RetrainJob(), other);
    assertThat(bits("scores3-other")).isEqualTo(bits("scores3"));

    Map<String, String> limited = with(night, "scoresLimit", "1", "model", path("scores3-limited"));
    assertThatThrownBy(() -> run(new RetrainJob(), limited))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("scoresLimit is 1");
    Map<String, String> both =
        with(night, "previousInput", path("data2"), "model", path("scores3-both"));
    assertThatThrownBy(() -> run(new RetrainJob(), both))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("previousInput, replay and dropFitted have nothing to say");
  }

  @Test
  void itemBiasesComeFromTheEarlierModel() throws Exception {
    Map<String, String> training = new HashMap<>(TRAIN);
    training.put("input", path("data1"));
    training.put("model", path("biased"));
    training.put("itemBias", "true");
    training.put("maxIter", "2");
    run(new TrainJob(), training);
    String[] options = {"initialModel", path("biased"), "maxIter", "2", "driftUsers", "0"};
    run(new RetrainJob(), second("biased-one", options));
    Map<String, String> other = second("biased-other", options);
    other.put("numPartitions", "7");
    other.put("broadcastLimit", "0");
    run(new RetrainJob(), other);
    assertThat(bits("biased-other")).isEqualTo(bits("biased-one"));
    DynamicSparseALSModel after = DynamicSparseALSModel.load(path("biased-one"));
    assertThat(after.info().objective().itemBias()).isTrue();
    assertThat(after.userRows().where("dims[0] = 0 and weights[0] = 1").count()).isEqualTo(90);
    assertThat(after.itemRows().where("dims[0] = 0").count()).isEqualTo(60);
    assertThat(after.userTable().size().stored()).isEqualTo(90 * 8);
    assertThat(metrics("biased-one").path("configuration").path("itemBias").asText())
        .isEqualTo("true");
    Map<String, String> without = second("bad", "initialModel", path("biased"));
    without.put("itemBias", "false");
    assertThatThrownBy(() -> run(new RetrainJob(), without))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("trained with itemBias = true, and itemBias is false");
    assertThat(directory.resolve("bad")).doesNotExist();
  }

  /** A model of before carries none, and is taken as one of nothing but zeros. */
  @Test
  void importancesAreSavedWithTheModelAndTakenUpAgain() throws Exception {
    DynamicSparseALSModel older = DynamicSparseALSModel.load(path("model1"));
    assertThat(older.userTable().hasImportance()).isFalse();
    JobSummary summary =
        run(
            new RetrainJob(),
            second(
                "guarded2",
                "protect",
                "1",
                "updateInterval",
                "1",
                "updateRatio",
                "0.3",
                "driftUsers",
                "0"));
    assertThat(String.join("\n", summary.lines())).contains(" importances = ");
    DynamicSparseALSModel two = DynamicSparseALSModel.load(path("guarded2"));
    assertThat(two.userRows().columns())
        .containsExactly("id", "dims", "weights", "degree", "importance");
    for (Row row : two.itemRows().union(two.userRows()).collectAsList()) {
      assertThat(row.getList(4)).hasSameSizeAs(row.getList(1));
    }
    long weights = two.userTable().size().stored();
    assertThat(two.info().userBytes().importanceBytes()).isEqualTo(weights);
    assertThat(two.info().userBytes().tableBytes())
        .isEqualTo(7 * weights + 4 * two.userTable().size().rows());

    Map<String, String> third = second("guarded3", "protect", "1e6", "replay", "0");
    third.put("input", path("data3"));
    third.put("previousInput", path("data1") + "," + path("data2"));
    third.put("initialModel", path("guarded2"));
    third.put("updateInterval", "1");
    third.put("updateRatio", "0.3");
    third.put("vanishedRows", "keep");
    third.put("driftUsers", "0");
    run(new RetrainJob(), third);
    third.put("model", path("unguarded3"));
    third.put("protect", "0");
    run(new RetrainJob(), third);
    assertThat(DynamicSparseALSModel.load(path("unguarded3")).userTable().hasImportance())
        .isFalse();
    // As many weights move; not those that matter.
    assertThat(lost("guarded2", "guarded3")).isLessThan(0.5 * lost("guarded2", "unguarded3"));
  }

  /** The importance of the positions of users that a later model gave up. */
  private static double lost(String before, String after) {
    Map<String, Set<Short>> now = new HashMap<>();
    for (Row row : DynamicSparseALSModel.load(path(after)).userRows().collectAsList()) {
      now.put(row.getString(0), new HashSet<>(row.getList(1)));
    }
    double lost = 0;
    for (Row row : DynamicSparseALSModel.load(path(before)).userRows().collectAsList()) {
      for (int i = 0; i < row.getList(1).size(); i++) {
        boolean gone = !now.get(row.getString(0)).contains(row.<Short>getList(1).get(i));
        lost += gone ? ImportanceCode.decode(row.<Byte>getList(4).get(i)) : 0;
      }
    }
    return lost;
  }

  /** What a scheduler sees: the exit code of the command. */
  @Test
  void nightsInARegistryEndWithTheirExitCodes() throws Exception {
    String registry = path("registry");
    run(
        new PublishJob(),
        Map.of("model", path("model1"), "registry", registry, "runId", "night-1"));
    Map<String, String> night = second("unused", "runId", "night-2", "maxRegression", "0.9");
    night.put("registry", registry);
    night.remove("model");
    night.remove("initialModel");
    night.put("driftUsers", "0");
    night.put("maxIter", "2");
    assertThat(exit(night)).isZero();
    assertThat(Files.readString(directory.resolve("registry/latest"))).contains("night-2");
    String published = Files.readString(directory.resolve("registry/latest"));

    // A night that was done already, and one without new data: nothing to do.
    assertThat(exit(night)).isZero();
    assertThat(exit(with(night, "runId", "night-3", "previousInput", path("data2")))).isZero();
    // The published model is of data2 now, which previousInput does not name.
    assertThat(exit(with(night, "runId", "night-4", "input", path("data3")))).isEqualTo(3);
    // So strong a penalty leaves nothing but zeros: worse, and stays out.
    Map<String, String> worse =
        with(
            night,
            "runId",
            "night-5",
            "input",
            path("data3"),
            "previousInput",
            path("data1") + "," + path("data2"),
            "replay",
            "0",
            "regParam",
            "1e35",
            "maxRegression",
            "0");
    assertThat(exit(worse)).isEqualTo(4);
    try (LeaseLock other = Registry.at(new Configuration(false), registry).lockRun()) {
      assertThat(exit(with(worse, "runId", "night-6"))).isEqualTo(5);
      other.check();
    }
    assertThat(exit(with(night, "solveShare", "0"))).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("registry/latest"))).isEqualTo(published);
  }

  private static Map<String, String> with(Map<String, String> settings, String... more) {
    Map<String, String> all = new HashMap<>(settings);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static int exit(Map<String, String> settings) {
    String[] given =
        settings.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new);
    return new Command(directory).run("retrain", given).code();
  }

  /** What the first night chose on its validation part, the next ones keep. */
  @Test
  void theNextNightKeepsTheFamilyAndTheScale() throws Exception {
    Map<String, String> settings = new HashMap<>(TRAIN);
    settings.put("family", "auto");
    settings.put("input", path("data1"));
    settings.put("model", path("auto1"));
    run(new TrainJob(), settings);
    DynamicSparseALSModel first = DynamicSparseALSModel.load(path("auto1"));
    assertThat(first.info().configuration()).containsEntry("family", first.family());
    assertThat(metrics("auto1").path("choices").findValuesAsText("name")).contains("family");

    run(new RetrainJob(), second("auto2", "initialModel", path("auto1")));
    DynamicSparseALSModel next = DynamicSparseALSModel.load(path("auto2"));
    assertThat(next.family()).isEqualTo(first.family());
    for (String kept : List.of("family", "neighbourScale", "userDebias")) {
      assertThat(next.info().configuration().get(kept))
          .as(kept)
          .isEqualTo(first.info().configuration().get(kept));
    }
    assertThat(metrics("auto2").path("choices").isMissingNode()).isTrue();
  }

  @Test
  void aPeriodWithoutNewDataChangesNothing() throws Exception {
    Map<String, String> settings = second("none");
    settings.put("input", path("data1"));
    assertThat(run(new RetrainJob(), settings).lines().get(0)).contains("nothing to do");
    settings.remove("previousInput");
    assertThat(run(new RetrainJob(), settings).lines().get(0)).contains("nothing to do");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    assertThatThrownBy(() -> run(new RetrainJob(), second("bad", "rank", "8")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the initial model has rank 16, and rank is 8");
    Map<String, String> stranger = second("bad");
    stranger.put("previousInput", path("data2"));
    stranger.put("input", path("data3"));
    assertThatThrownBy(() -> run(new RetrainJob(), stranger))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("lineage = warn");
    Map<String, String> backwards = second("bad");
    backwards.put("input", path("data1"));
    backwards.put("previousInput", path("data2"));
    backwards.put("lineage", "warn");
    assertThatThrownBy(() -> run(new RetrainJob(), backwards))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("previous = " + path("data2"));
    assertThatThrownBy(() -> run(new RetrainJob(), second("model1")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("initialModel");
    Map<String, String> replay = second("bad", "replay", "0.5");
    replay.remove("previousInput");
    assertThatThrownBy(() -> run(new RetrainJob(), replay))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("previousInput");
    assertThat(directory.resolve("bad")).doesNotExist();
  }

  @Test
  void aClockThatRanBackwardsIsRefusedOrToldOf() throws Exception {
    Files.writeString(
        directory.resolve("early.csv"), "user,item,time\nu0,i1,1\nu1,i3,2\nu3,i4,3\nu1,i0,4\n");
    run(
        new PrepareJob(),
        Map.of(
            "input", path("early.csv"),
            "output", path("early"),
            "timeCol", "time",
            "previous", path("data1")));
    Map<String, String> settings = second("clock");
    settings.put("input", path("early"));
    assertThatThrownBy(() -> run(new RetrainJob(), settings))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("clock = warn");
    settings.put("clock", "warn");
    settings.put("maxIter", "1");
    settings.put("driftUsers", "0");
    List<String> lines = run(new RetrainJob(), settings).lines();
    assertThat(String.join("\n", lines)).contains("warning: ", "older than the newest old one");
  }
}
