package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.LocalBlocks;
import dev.coppice.core.als.LocalEngine;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.table.StartRule;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.checkpoint.CheckpointDirectory;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.checkpoint.RunIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run on new interactions alone that keeps the scores of the model before. */
class KeptHistoryTest {
  private static final int RANK = 16;
  private static final int BLOCKS = 6;
  private static final long SEED = 11;
  private static final double KEEP = 0.7;
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.05, 0.01, 0.8, 0.4, 0.3);
  private static final StructType COUNTED = Frames.TABLE.add("degree", DataTypes.IntegerType);
  private static final List<Row> BEFORE = pairs(0, 60, 0, 40, 5);
  // Users 60 to 79 and items 40 to 49 are new; users 0 to 9 and items 0 to 4 have nothing new.
  private static final List<Row> NEW = pairs(10, 80, 5, 50, 6);

  private final SparkSession session = TestSpark.session();

  private static List<Row> pairs(
      int firstUser, int lastUser, int firstItem, int lastItem, long seed) {
    List<Row> rows = new ArrayList<>();
    for (long user = firstUser; user < lastUser; user++) {
      for (long item = firstItem; item < lastItem; item++) {
        double share = user % 2 == item % 2 ? 0.3 : 0.03;
        if (SeedStream.uniform(seed, Purpose.GENERATE, user, item) < share) {
          rows.add(RowFactory.create(item, user, 1f));
        }
      }
    }
    return rows;
  }

  private static long[] column(List<Row> rows, int column) {
    return rows.stream().mapToLong(row -> row.getLong(column)).toArray();
  }

  /** The rows of a run in one process, and how many interactions they were learnt from. */
  private record Past(
      Map<Side, Map<Long, SparseTable>> rows, Map<Side, Map<Long, Integer>> degrees) {

    static Past of(LocalEngine engine) {
      Map<Side, Map<Long, SparseTable>> rows = new EnumMap<>(Side.class);
      Map<Side, Map<Long, Integer>> degrees = new EnumMap<>(Side.class);
      for (Side side : Side.values()) {
        rows.put(side, new TreeMap<>());
        degrees.put(side, new HashMap<>());
        for (int b = 0; b < BLOCKS; b++) {
          InteractionBlock block = engine.blocks(side)[b];
          SparseTable table = engine.tables(side)[b];
          for (int row = 0; row < block.rows(); row++) {
            short[] dims = table.rowDims(row);
            int[] offsets = {0, dims.length};
            long id = block.ids()[row];
            rows.get(side).put(id, new SparseTable(RANK, offsets, dims, table.rowWeights(row)));
            degrees.get(side).put(id, block.allObservations(row));
          }
        }
      }
      return new Past(rows, degrees);
    }

    long[] ids(Side side) {
      return rows.get(side).keySet().stream().mapToLong(id -> id).toArray();
    }
  }

  private static List<SweepRecord> train(LocalEngine engine) {
    return new DynamicSparseTrainer(sweeps(), engine, sweep -> {})
        .train(TrainerState.FRESH)
        .sweeps();
  }

  private static TrainerSettings sweeps() {
    return new TrainerSettings(4, 0.4, UpdateSchedule.COSINE, 1, 0, null);
  }

  private static Past past(AlsObjective objective) {
    LocalBlocks blocks =
        LocalBlocks.of(column(BEFORE, 1), column(BEFORE, 0), null, objective, BLOCKS);
    LocalEngine engine = new LocalEngine(blocks, objective, RANK, 0.25, 1, SEED, null);
    train(engine);
    return Past.of(engine);
  }

  private static LocalEngine local(AlsObjective objective, Past past, double solveShare) {
    LocalBlocks blocks =
        LocalBlocks.of(
            column(NEW, 1),
            column(NEW, 0),
            null,
            objective,
            BLOCKS,
            past.ids(Side.USERS),
            past.ids(Side.ITEMS),
            past.degrees().get(Side.USERS),
            past.degrees().get(Side.ITEMS));
    Continuation continuation = new Continuation(true, solveShare);
    return new LocalEngine(blocks, objective, RANK, 0.25, 1, SEED, past.rows(), continuation)
        .withScoresOf(past.rows(), past.degrees(), KEEP);
  }

  private static TrainingSpec spec(
      AlsObjective objective, int partitions, long broadcastLimit, double solveShare) {
    return new TrainingSpec(
        objective,
        new TrainingSpec.Shape(RANK, 0.25, 1, StartRule.UNIFORM),
        sweeps(),
        ExploreRule.EXACT,
        MetricKey.all(5),
        SEED,
        new TrainingSpec.Spread(
            BLOCKS, partitions, broadcastLimit, 10, StorageLevel.MEMORY_AND_DISK()),
        new Continuation(true, solveShare));
  }

  private Dataset<Row> frame(Past past, Side side) {
    List<Row> list = new ArrayList<>();
    past.rows()
        .get(side)
        .forEach(
            (id, row) ->
                list.add(
                    RowFactory.create(
                        id, row.dims(), row.weights(), past.degrees().get(side).get(id))));
    return session.createDataFrame(list, COUNTED).repartition(3);
  }

  private InitialTables tables(Past past) {
    return new InitialTables(
        frame(past, Side.USERS), frame(past, Side.ITEMS), true, null, OptionalDouble.of(KEEP));
  }

  private TrainedTables train(
      TrainingSpec spec, Checkpoints checkpoints, InitialTables initial, TrainingListener told) {
    Dataset<Row> pairs = session.createDataFrame(NEW, Frames.PAIRS).repartition(3);
    return new AlsTraining(session, spec, checkpoints, Naming.NUMBERS, spec.spread().storage())
        .train(pairs, null, initial, told);
  }

  private static Map<Long, String> bits(Dataset<Row> rows) {
    Map<Long, String> bits = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      bits.put(row.getLong(0), row.<Short>getList(1) + " " + row.<Float>getList(2) + row.getInt(3));
    }
    rows.unpersist();
    return bits;
  }

  private static Map<Long, String> bits(Past past, Side side) {
    Map<Long, String> bits = new TreeMap<>();
    past.rows()
        .get(side)
        .forEach(
            (id, row) ->
                bits.put(
                    id,
                    Arrays.toString(row.dims())
                        + " "
                        + Arrays.toString(row.weights())
                        + past.degrees().get(side).get(id)));
    return bits;
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}, bias {2}, share {3}")
  @CsvSource({
    "1,1000000,false,1",
    "2,0,false,1",
    "7,1000000,false,0.6",
    "7,0,true,1",
    "2,1000000,true,0.6",
    "1,0,false,0.6"
  })
  void givesTheBitsOfTheRunInOneProcess(
      int partitions, long broadcastLimit, boolean bias, double solveShare) {
    AlsObjective o = OBJECTIVE;
    AlsObjective objective =
        new AlsObjective(
            o.feedback(),
            o.unobservedWeight(),
            o.alpha(),
            o.regParam(),
            o.regExponent(),
            o.userDebias(),
            o.itemDebias(),
            bias);
    Past past = past(objective);
    LocalEngine expected = local(objective, past, solveShare);
    List<SweepRecord> sweeps = train(expected);
    List<SweepRecord> told = new ArrayList<>();
    TrainedTables tables =
        train(
            spec(objective, partitions, broadcastLimit, solveShare), null, tables(past), told::add);
    Past now = Past.of(expected);
    assertThat(bits(tables.users())).isEqualTo(bits(now, Side.USERS)).hasSize(80);
    assertThat(bits(tables.items())).isEqualTo(bits(now, Side.ITEMS)).hasSize(50);
    assertThat(told).hasSameSizeAs(sweeps);
    for (int i = 0; i < told.size(); i++) {
      assertThat(told.get(i).loss()).isEqualTo(sweeps.get(i).loss());
    }
    assertThat(tables.summary().interactions()).isEqualTo(NEW.size());
    assertThat(tables.summary().meanUserDegree())
        .isCloseTo((BEFORE.size() + NEW.size()) / 80.0, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 0})
  void anInterruptedRunEndsWithTheSameBits(long broadcastLimit, @TempDir Path directory)
      throws Exception {
    Past past = past(OBJECTIVE);
    TrainingSpec spec = spec(OBJECTIVE, 2, broadcastLimit, 1);
    CheckpointDirectory place =
        CheckpointDirectory.open(
            session.sparkContext().hadoopConfiguration(),
            directory.resolve("checkpoint").toString());
    RunIdentity run = new RunIdentity("test", "data", Map.of());
    assertThatThrownBy(
            () ->
                train(
                    spec,
                    Checkpoints.fresh(place, run, 1),
                    tables(past),
                    sweep -> {
                      if (sweep.sweep() == 3) {
                        throw new IllegalStateException("died");
                      }
                    }))
        .hasMessage("died");
    List<Integer> left = new ArrayList<>();
    TrainedTables resumed =
        train(
            spec,
            Checkpoints.resume(place, run, 1),
            tables(past),
            sweep -> left.add(sweep.sweep()));
    TrainedTables whole = train(spec, null, tables(past), sweep -> {});
    assertThat(left).containsExactly(3, 4);
    assertThat(bits(resumed.users())).isEqualTo(bits(whole.users()));
    assertThat(bits(resumed.items())).isEqualTo(bits(whole.items()));
  }

  @Test
  void refusesAModelThatDoesNotTellWhatItWasLearntFrom() {
    Past past = past(OBJECTIVE);
    Map<Side, Map<Long, Integer>> none = new EnumMap<>(past.degrees());
    past.degrees().forEach((side, degrees) -> none.put(side, new HashMap<>(degrees)));
    none.get(Side.ITEMS).replaceAll((id, degree) -> 0);
    InitialTables unknown = tables(new Past(past.rows(), none));
    assertThatThrownBy(() -> train(spec(OBJECTIVE, 2, 0, 1), null, unknown, sweep -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("users have " + BEFORE.size() + " interactions and its items 0")
        .hasMessageContaining("history = read");
  }
}
