package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.StartRule;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.checkpoint.BrittleFileSystem;
import dev.coppice.spark.checkpoint.CheckpointDirectory;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.checkpoint.RunIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was interrupted and goes on gives the bits of one that was not. */
class ResumeTest {
  private static final int SWEEPS = 5;
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.05, 0.01, 0.8, 0.4, 0.3);
  private static final StructType IMPORTANT =
      Frames.TABLE.add("importance", DataTypes.createArrayType(DataTypes.ByteType, false));

  /** A limit of bytes within which all rows are broadcast. */
  private static final long BROADCAST = 1_000_000;

  private static final List<Row> TRAIN = pairs(0, 50, 0);
  private static final List<Row> HELD_OUT = pairs(0, 50, 1);

  /** Runs that nothing interrupts are made once for all tests, with rows broadcast. */
  private static final Map<String, Outcome> WHOLE = new HashMap<>();

  /** The same of the runs whose rows others start from: (id, dims, weights, importance or not). */
  private static final Map<String, Map<Side, List<Row>>> EARLIER = new HashMap<>();

  private final SparkSession session = TestSpark.session();

  @TempDir private Path directory;

  @BeforeEach
  void register() {
    BrittleFileSystem.register(session.sparkContext().hadoopConfiguration());
  }

  @AfterEach
  void heal() {
    BrittleFileSystem.ROOM.set(Long.MAX_VALUE);
  }

  private static List<Row> pairs(int firstUser, int lastUser, int draw) {
    List<Row> rows = new ArrayList<>();
    for (long user = firstUser; user < lastUser; user++) {
      for (long item = 0; item < 30; item++) {
        double share = (user % 2 == item % 2 ? 0.4 : 0.05) / (1 + 3 * draw);
        if (SeedStream.uniform(5 + draw, Purpose.GENERATE, user, item) < share) {
          rows.add(RowFactory.create(item, user, 1f));
        }
      }
    }
    return rows;
  }

  private static TrainingSpec spec(int partitions, long broadcastLimit) {
    return spec(OBJECTIVE, partitions, broadcastLimit);
  }

  private static TrainingSpec spec(AlsObjective objective, int partitions, long broadcastLimit) {
    return new TrainingSpec(
        objective,
        new TrainingSpec.Shape(16, 0.25, 1, StartRule.UNIFORM),
        new TrainerSettings(SWEEPS, 0.5, UpdateSchedule.COSINE, 1, 0, "ndcg@5"),
        ExploreRule.EXACT,
        MetricKey.all(5),
        7,
        new TrainingSpec.Spread(4, partitions, broadcastLimit, 10, StorageLevel.MEMORY_AND_DISK()),
        Continuation.NONE);
  }

  private Dataset<Row> frame(List<Row> rows) {
    return session.createDataFrame(rows, Frames.PAIRS).repartition(2);
  }

  private CheckpointDirectory place(String scheme) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    return CheckpointDirectory.open(hadoop, scheme + ":" + directory.resolve("checkpoint"));
  }

  private static RunIdentity run() {
    return new RunIdentity("test", "data", Map.of());
  }

  private TrainedTables train(
      TrainingSpec spec, Checkpoints checkpoints, InitialTables initial, TrainingListener on) {
    return training(spec, checkpoints).train(frame(TRAIN), frame(HELD_OUT), initial, on);
  }

  private AlsTraining training(TrainingSpec spec, Checkpoints checkpoints) {
    return new AlsTraining(session, spec, checkpoints, Naming.NUMBERS, spec.spread().storage());
  }

  /** Ends a run with an error in the given sweep, as late as it can be. */
  private static TrainingListener dyingIn(int sweep) {
    return record -> {
      if (record.sweep() == sweep) {
        throw new IllegalStateException("died in sweep " + sweep);
      }
    };
  }

  private static Map<Long, String> bits(Dataset<Row> rows) {
    Map<Long, String> bits = new TreeMap<>();
    boolean important = List.of(rows.columns()).contains("importance");
    for (Row row : rows.collectAsList()) {
      String importance = important ? " " + row.<Byte>getList(4) : "";
      bits.put(row.getLong(0), row.<Short>getList(1) + " " + row.<Float>getList(2) + importance);
    }
    rows.unpersist();
    return bits;
  }

  /** What a run gave, to the bit; of its seconds, and of how rows travelled, nothing. */
  private record Outcome(
      List<String> sweeps,
      int bestSweep,
      Map<Side, InitialCounts> start,
      Map<Long, String> users,
      Map<Long, String> items) {

    static Outcome of(TrainedTables tables) {
      return new Outcome(
          untimed(tables),
          tables.summary().bestSweep(),
          tables.summary().start(),
          bits(tables.users()),
          bits(tables.items()));
    }
  }

  private Outcome whole(String name, TrainingSpec spec, InitialTables initial) {
    Outcome known = WHOLE.get(name);
    if (known == null) {
      known = Outcome.of(train(spec, null, initial, sweep -> {}));
      WHOLE.put(name, known);
    }
    return known;
  }

  private Outcome whole() {
    return whole("from nothing", spec(2, BROADCAST), null);
  }

  private InitialTables earlier(String name, TrainingSpec spec, StructType schema) {
    Map<Side, List<Row>> known = EARLIER.get(name);
    if (known == null) {
      TrainedTables tables =
          TestTraining.of(session, spec).train(frame(pairs(20, 60, 0)), null, null, sweep -> {});
      known =
          Map.of(
              Side.USERS, rows(tables.users(), schema), Side.ITEMS, rows(tables.items(), schema));
      EARLIER.put(name, known);
    }
    // From lists, so that nothing depends on the run.
    return Frames.initial(
        session.createDataFrame(known.get(Side.USERS), schema),
        session.createDataFrame(known.get(Side.ITEMS), schema),
        true);
  }

  private static List<Row> rows(Dataset<Row> table, StructType schema) {
    List<Row> rows = table.selectExpr(schema.fieldNames()).collectAsList();
    table.unpersist();
    return rows;
  }

  private static List<String> untimed(TrainedTables tables) {
    return tables.summary().sweeps().stream()
        .map(sweep -> sweep.toString().replaceFirst("seconds=[^,]*", ""))
        .toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("checkpoint"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  /** Killed tasks too, and another number of partitions after the interruption. */
  @ParameterizedTest(name = "broadcast limit {0}, a checkpoint every {1} sweeps, dies in {2}")
  @CsvSource({"1000000,2,5", "0,2,5", "0,1,4"})
  void goesOnToTheSameBits(long broadcastLimit, int interval, int dies) throws Exception {
    CheckpointDirectory place = place("file");
    Checkpoints first = Checkpoints.fresh(place, run(), interval);
    assertThatThrownBy(() -> train(spec(2, broadcastLimit), first, null, dyingIn(dies)))
        .hasMessage("died in sweep " + dies);
    int last = (dies - 1) / interval * interval;
    assertThat(files()).hasSize(2).contains("sweep-0000" + last + ".json");

    Checkpoints second = Checkpoints.resume(place, run(), interval);
    assertThat(second.resumed().orElseThrow().state().sweep()).isEqualTo(last);
    List<Integer> sweeps = new ArrayList<>();
    TaskKiller killer = new TaskKiller(session.sparkContext());
    session.sparkContext().addSparkListener(killer);
    TrainedTables resumed;
    try {
      resumed = train(spec(3, broadcastLimit), second, null, sweep -> sweeps.add(sweep.sweep()));
    } finally {
      session.sparkContext().removeSparkListener(killer);
    }
    assertThat(sweeps).first().isEqualTo(last + 1);
    assertThat(Outcome.of(resumed)).isEqualTo(whole());
    second.clear();
    assertThat(directory.resolve("checkpoint")).doesNotExist();
  }

  /** After the last sweep nothing is left but to hand over the best rows, which are older. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void aCheckpointOfTheLastSweepIsEnough(long broadcastLimit) throws Exception {
    CheckpointDirectory place = place("file");
    TrainedTables whole =
        train(spec(2, broadcastLimit), Checkpoints.fresh(place, run(), SWEEPS), null, sweep -> {});
    Checkpoints again = Checkpoints.resume(place, run(), SWEEPS);
    TrainedTables resumed =
        train(
            spec(2, broadcastLimit),
            again,
            null,
            sweep -> {
              throw new AssertionError("no sweep is left");
            });
    assertThat(Outcome.of(resumed)).isEqualTo(Outcome.of(whole));
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void aRunThatBeganFromAModelGoesOn(long broadcastLimit) throws Exception {
    InitialTables initial = earlier("a model", spec(2, BROADCAST), Frames.TABLE);
    Outcome whole = whole("from a model", spec(2, BROADCAST), initial);
    assertThat(whole.start().values()).anyMatch(counts -> counts.vanished() == 10);
    CheckpointDirectory place = place("file");
    Checkpoints first = Checkpoints.fresh(place, run(), 2);
    assertThatThrownBy(() -> train(spec(2, broadcastLimit), first, initial, dyingIn(3)))
        .hasMessage("died in sweep 3");
    Checkpoints second = Checkpoints.resume(place, run(), 2);
    assertThat(Outcome.of(train(spec(2, broadcastLimit), second, initial, sweep -> {})))
        .isEqualTo(whole);
  }

  /** With importances, and with rows that have no interactions any more. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void itemBiasesGoOn(long broadcastLimit) throws Exception {
    TrainingSpec spec = biased(broadcastLimit);
    InitialTables initial = earlier("item biases", biased(BROADCAST), IMPORTANT);
    Outcome whole = whole("item biases", biased(BROADCAST), initial);
    assertThat(whole.users().values())
        .hasSize(60)
        .allMatch(row -> row.matches("\\[0\\b.* \\[1\\.0\\b.*"));
    CheckpointDirectory place = place("file");
    Checkpoints first = Checkpoints.fresh(place, run(), 2);
    assertThatThrownBy(() -> train(spec, first, initial, dyingIn(4))).hasMessage("died in sweep 4");
    TrainedTables resumed = train(spec, Checkpoints.resume(place, run(), 2), initial, sweep -> {});
    assertThat(Outcome.of(resumed)).isEqualTo(whole);
  }

  private static TrainingSpec biased(long broadcastLimit) {
    return TestTraining.with(
        spec(Objectives.withItemBias(OBJECTIVE, true), 2, broadcastLimit),
        new ExploreRule(Growth.GRADIENT, 3, 0.5),
        StartRule.UNIFORM);
  }

  /** Momentum and unfired know of earlier explorations, protection of the initial model. */
  @ParameterizedTest
  @CsvSource({"MOMENTUM,1000000", "MOMENTUM,0", "UNFIRED,0", "GRADIENT,1000000"})
  void whatExplorationsRememberIsInTheCheckpoint(Growth growth, long broadcastLimit)
      throws Exception {
    TrainingSpec spec = growing(growth, broadcastLimit);
    InitialTables initial = earlier("importances", growing(Growth.MOMENTUM, BROADCAST), IMPORTANT);
    Outcome whole = whole(growth.name(), growing(growth, BROADCAST), initial);
    assertThat(whole.users().values()).allMatch(row -> row.split(" \\[", -1).length == 3);
    CheckpointDirectory place = place("file");
    Checkpoints first = Checkpoints.fresh(place, run(), 2);
    assertThatThrownBy(() -> train(spec, first, initial, dyingIn(3))).hasMessage("died in sweep 3");
    TrainedTables resumed = train(spec, Checkpoints.resume(place, run(), 2), initial, sweep -> {});
    assertThat(Outcome.of(resumed)).isEqualTo(whole);
  }

  private static TrainingSpec growing(Growth growth, long broadcastLimit) {
    return TestTraining.with(
        spec(2, broadcastLimit), new ExploreRule(growth, 3, 0.5), StartRule.UNIFORM);
  }

  @Test
  void aStaleCheckpointIsRefusedOrTheRunStartsOver() throws Exception {
    CheckpointDirectory place = place("file");
    RunIdentity monday = new RunIdentity("nightly", "monday", Map.of("protect", "0"));
    Checkpoints first = Checkpoints.fresh(place, monday, 2);
    assertThatThrownBy(() -> train(spec(2, 0), first, null, dyingIn(3)));
    RunIdentity tuesday = new RunIdentity("nightly", "tuesday", Map.of("protect", "0"));
    RunIdentity changed = new RunIdentity("nightly", "monday", Map.of("protect", "1"));
    RunIdentity other = new RunIdentity("weekly", "monday", Map.of("protect", "0"));
    assertThatThrownBy(() -> Checkpoints.resume(place, tuesday, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("other data");
    assertThatThrownBy(() -> Checkpoints.resume(place, changed, 2))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("protect = \"0\"");
    assertThatThrownBy(() -> Checkpoints.resumeOrRestart(place, other, 2))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("belongs to the training of nightly");
    // The same run goes on; nothing was removed so far.
    assertThat(Checkpoints.resumeOrRestart(place, monday, 2))
        .satisfies(same -> assertThat(same.resumed()).isPresent())
        .satisfies(same -> assertThat(same.restarted()).isEmpty());
    Checkpoints anew = Checkpoints.resumeOrRestart(place, tuesday, 2);
    assertThat(anew.resumed()).isEmpty();
    assertThat(anew.restarted().orElseThrow()).contains("other data");
    assertThat(files()).noneMatch(name -> name.endsWith(".json"));
    assertThat(Outcome.of(train(spec(2, 0), anew, null, sweep -> {}))).isEqualTo(whole());
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void aFullDiskCostsTheCheckpointNotTheRun(long broadcastLimit) throws Exception {
    Checkpoints checkpoints = Checkpoints.fresh(place("brittle"), run(), 1);
    List<String> told = new ArrayList<>();
    TrainingListener teller =
        new TrainingListener() {
          @Override
          public void swept(SweepRecord sweep) {}

          @Override
          public void checkpointed(int sweep, boolean made, double seconds, String place) {
            assertThat(seconds).isPositive();
            assertThat(place).startsWith("brittle:").endsWith("/checkpoint");
            told.add(sweep + (made ? " made" : " failed"));
          }
        };
    TrainingListener filler =
        // The third checkpoint fits in part, the next two not at all.
        sweep -> BrittleFileSystem.ROOM.set(sweep.sweep() < 3 ? Long.MAX_VALUE : 900);
    TrainedTables trained = train(spec(2, broadcastLimit), checkpoints, null, filler.and(teller));
    assertThat(told).containsExactly("1 made", "2 made", "3 failed", "4 failed", "5 failed");
    assertThat(checkpoints.written()).isEqualTo(2);
    assertThat(checkpoints.failed()).isEqualTo(3);
    assertThat(Outcome.of(trained)).isEqualTo(whole());
    assertThat(files()).hasSize(2).contains("sweep-00002.json");
    BrittleFileSystem.ROOM.set(Long.MAX_VALUE);
    Checkpoints second = Checkpoints.resume(place("brittle"), run(), 1);
    assertThat(Outcome.of(train(spec(2, broadcastLimit), second, null, sweep -> {})))
        .isEqualTo(whole());
  }

  @Test
  void damagedAndForeignRowsAreRefusedAsBadInput() throws Exception {
    CheckpointDirectory place = place("brittle");
    Checkpoints first = Checkpoints.fresh(place, run(), 2);
    assertThatThrownBy(() -> train(spec(2, 0), first, null, dyingIn(3)));
    Set<Integer> kept = TestSpark.kept();
    Path rows;
    try (Stream<Path> all = Files.walk(directory.resolve("checkpoint"))) {
      rows = all.filter(file -> file.toString().contains("/items/part-0-")).findFirst().get();
    }
    byte[] whole = Files.readAllBytes(rows);
    byte[] changed = whole.clone();
    changed[whole.length - 1] ^= 1;
    Files.write(rows, changed);
    assertRefused(place, TRAIN, "block 2 in ", "its checksum is another");
    Files.write(rows, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertRefused(place, TRAIN, "block 2 in ", "it is cut off");
    Files.delete(rows);
    assertRefused(place, TRAIN, rows.getFileName() + " is missing", "train without resume");
    Files.write(rows, whole);
    // One user less: some block of users has other rows.
    assertRefused(place, pairs(0, 49, 0), "rows", "the data that it began with");
    assertThat(kept).containsAll(TestSpark.kept());
  }

  private void assertRefused(CheckpointDirectory place, List<Row> data, String... parts)
      throws IOException {
    Checkpoints second = Checkpoints.resume(place, run(), 2);
    assertThatThrownBy(
            () -> training(spec(2, 0), second).train(frame(data), null, null, sweep -> {}))
        .satisfies(
            e -> {
              // Spark wraps what a task throws; how often differs between its versions.
              assertThat(Stream.iterate(e, Objects::nonNull, Throwable::getCause))
                  .filteredOn(BadInputException.class::isInstance)
                  .first()
                  .satisfies(own -> assertThat(own).hasMessageContainingAll(parts));
            });
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void aRunThatFailsGivesItsStorageBack(long broadcastLimit) {
    Set<Integer> kept = TestSpark.kept();
    assertThatThrownBy(() -> train(spec(2, broadcastLimit), null, null, dyingIn(2)))
        .hasMessage("died in sweep 2");
    InitialTables bad =
        Frames.initial(
            session.createDataFrame(
                List.of(RowFactory.create(1L, new short[] {99}, new float[] {1})), Frames.TABLE),
            session.createDataFrame(List.of(), Frames.TABLE),
            false);
    assertThatThrownBy(() -> train(spec(2, broadcastLimit), null, bad, sweep -> {}))
        .isInstanceOf(BadInputException.class);
    assertThat(kept).containsAll(TestSpark.kept());
  }
}
