package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.LocalBlocks;
import dev.coppice.core.als.LocalEngine;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.ImportanceCode;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.table.StartRule;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that starts from a model gives the bits of the single-process one that does so. */
class WarmStartTest {
  private static final int RANK = 16;
  private static final int BLOCKS = 6;
  private static final long SEED = 11;
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.05, 0.01, 0.8, 0.4, 0.3);

  private final SparkSession session = TestSpark.session();

  /** Distinct pairs of users and items in the given ranges, two communities. */
  private static List<Row> pairs(int firstUser, int lastUser, int firstItem, int lastItem) {
    List<Row> rows = new ArrayList<>();
    for (long user = firstUser; user < lastUser; user++) {
      for (long item = firstItem; item < lastItem; item++) {
        double share = user % 2 == item % 2 ? 0.4 : 0.05;
        if (SeedStream.uniform(5, Purpose.GENERATE, user, item) < share) {
          rows.add(RowFactory.create(item, user, 1f));
        }
      }
    }
    return rows;
  }

  private static final List<Row> BEFORE = pairs(0, 60, 0, 40);
  // Users 0 to 9 and items 0 to 4 vanish, users 60 to 79 and items 40 to 49 are new.
  private static final List<Row> AFTER = pairs(10, 80, 5, 50);

  private static TrainerSettings sweeps(double updateRatio) {
    return new TrainerSettings(3, updateRatio, UpdateSchedule.COSINE, 1, 0, null);
  }

  private static TrainingSpec spec(
      double density, double updateRatio, int partitions, long broadcastLimit) {
    return spec(OBJECTIVE, density, updateRatio, partitions, broadcastLimit);
  }

  private static TrainingSpec spec(
      AlsObjective objective,
      double density,
      double updateRatio,
      int partitions,
      long broadcastLimit) {
    return new TrainingSpec(
        objective,
        new TrainingSpec.Shape(RANK, density, 1, StartRule.UNIFORM),
        sweeps(updateRatio),
        ExploreRule.EXACT,
        MetricKey.all(5),
        SEED,
        new TrainingSpec.Spread(
            BLOCKS, partitions, broadcastLimit, 10, StorageLevel.MEMORY_AND_DISK()),
        Continuation.NONE);
  }

  private static long[] column(List<Row> rows, int column) {
    return rows.stream().mapToLong(row -> row.getLong(column)).toArray();
  }

  private static LocalEngine local(
      List<Row> rows, double density, Map<Side, Map<Long, SparseTable>> given, boolean keep) {
    return local(OBJECTIVE, rows, density, given, keep);
  }

  private static LocalEngine local(
      AlsObjective objective,
      List<Row> rows,
      double density,
      Map<Side, Map<Long, SparseTable>> given,
      boolean keep) {
    LocalBlocks blocks =
        LocalBlocks.of(
            column(rows, 1),
            column(rows, 0),
            null,
            objective,
            BLOCKS,
            keep ? ids(given.get(Side.USERS)) : new long[0],
            keep ? ids(given.get(Side.ITEMS)) : new long[0]);
    return new LocalEngine(blocks, objective, RANK, density, 1, SEED, given);
  }

  private static long[] ids(Map<Long, SparseTable> rows) {
    return rows.keySet().stream().mapToLong(id -> id).toArray();
  }

  private static List<SweepRecord> train(LocalEngine engine, double updateRatio) {
    return new DynamicSparseTrainer(sweeps(updateRatio), engine, sweep -> {})
        .train(TrainerState.FRESH)
        .sweeps();
  }

  private static Map<Side, Map<Long, SparseTable>> trained(double density) {
    LocalEngine engine = local(BEFORE, density, null, false);
    train(engine, 0.5);
    return rows(engine);
  }

  private static Map<Side, Map<Long, SparseTable>> rows(LocalEngine engine) {
    Map<Side, Map<Long, SparseTable>> rows = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, SparseTable> byId = new TreeMap<>();
      for (int b = 0; b < BLOCKS; b++) {
        InteractionBlock block = engine.blocks(side)[b];
        SparseTable table = engine.tables(side)[b];
        for (int row = 0; row < block.rows(); row++) {
          short[] dims = table.rowDims(row);
          byId.put(
              block.ids()[row],
              new SparseTable(RANK, new int[] {0, dims.length}, dims, table.rowWeights(row)));
        }
      }
      rows.put(side, byId);
    }
    return rows;
  }

  private Dataset<Row> frame(Map<Long, SparseTable> rows) {
    List<Row> list = new ArrayList<>();
    rows.forEach((id, row) -> list.add(RowFactory.create(id, row.dims(), row.weights())));
    return session.createDataFrame(list, Frames.TABLE).repartition(3);
  }

  private InitialTables tables(Map<Side, Map<Long, SparseTable>> rows, boolean keep) {
    return Frames.initial(frame(rows.get(Side.USERS)), frame(rows.get(Side.ITEMS)), keep);
  }

  private TrainedTables train(
      List<Row> rows, InitialTables initial, TrainingSpec spec, List<SweepRecord> sweeps) {
    Dataset<Row> frame = session.createDataFrame(rows, Frames.PAIRS).repartition(3);
    return TestTraining.of(session, spec).train(frame, null, initial, sweeps::add);
  }

  /** Rows at rest, too, keep what users' biases rest on: a one in dimension 0. */
  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}, protection {2}, keep {3}")
  @CsvSource({"3,1000000,0,true", "1,0,0,true", "7,0,0.5,false", "2,1000000,0.5,false"})
  void itemBiasesGiveTheBitsOfTheLocalRun(
      int partitions, long broadcastLimit, double protect, boolean keep) {
    AlsObjective biased = Objectives.withItemBias(OBJECTIVE, true);
    ExploreRule rule = new ExploreRule(Growth.GRADIENT, protect, 0.5);
    LocalEngine first = local(biased, BEFORE, 0.25, null, false).withRule(rule, null);
    train(first, 0.5);
    Map<Side, Map<Long, SparseTable>> before = rows(first);
    LocalEngine expected = local(biased, AFTER, 0.2, before, keep);
    InitialTables given = tables(before, keep);
    if (protect > 0) {
      Map<Side, Map<Long, byte[]>> codes = codes(first);
      Map<Side, SparseTable[]> importance = new EnumMap<>(Side.class);
      for (Side side : Side.values()) {
        importance.put(side, aligned(expected.blocks(side), before.get(side), codes.get(side)));
      }
      expected.withRule(rule, importance);
      given =
          Frames.initial(
              frame(before.get(Side.USERS), codes.get(Side.USERS)),
              frame(before.get(Side.ITEMS), codes.get(Side.ITEMS)),
              keep);
    }
    train(expected, 0.5);
    TrainedTables tables =
        train(
            AFTER,
            given,
            TestTraining.with(
                spec(biased, 0.2, 0.5, partitions, broadcastLimit), rule, StartRule.UNIFORM),
            new ArrayList<>());
    assertThat(bits(tables.users())).isEqualTo(bits(rows(expected).get(Side.USERS)));
    assertThat(bits(tables.items())).isEqualTo(bits(rows(expected).get(Side.ITEMS)));
    assertThat(bits(tables.users()).values())
        .hasSize(keep ? 80 : 70)
        .allMatch(row -> row.matches("\\[0\\b.* \\[1\\.0\\b.*"));
  }

  private static Map<Long, String> bits(Map<Long, SparseTable> rows) {
    Map<Long, String> bits = new TreeMap<>();
    rows.forEach(
        (id, row) ->
            bits.put(id, Arrays.toString(row.dims()) + " " + Arrays.toString(row.weights())));
    return bits;
  }

  private static Map<Long, String> bits(Dataset<Row> rows) {
    Map<Long, String> bits = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      bits.put(row.getLong(0), row.<Short>getList(1) + " " + row.<Float>getList(2));
    }
    return bits;
  }

  private static long stored(Map<Long, SparseTable> rows) {
    return rows.values().stream().mapToLong(SparseTable::stored).sum();
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}, density {2}, keep {3}")
  @CsvSource({
    "1,1000000,0.25,false",
    "2,1000000,0.2,true",
    "7,1000000,0.4,false",
    "1,0,0.4,true",
    "2,0,0.25,false",
    "7,0,0.2,true"
  })
  void givesTheBitsOfTheLocalRun(
      int partitions, long broadcastLimit, double density, boolean keep) {
    Map<Side, Map<Long, SparseTable>> before = trained(0.25);
    LocalEngine expected = local(AFTER, density, before, keep);
    List<SweepRecord> expectedSweeps = train(expected, 0.5);
    List<SweepRecord> sweeps = new ArrayList<>();
    TrainedTables tables =
        train(AFTER, tables(before, keep), spec(density, 0.5, partitions, broadcastLimit), sweeps);
    assertThat(tables.summary().exchange()).isEqualTo(broadcastLimit > 0 ? "broadcast" : "shuffle");
    assertThat(bits(tables.users())).isEqualTo(bits(rows(expected).get(Side.USERS)));
    assertThat(bits(tables.items())).isEqualTo(bits(rows(expected).get(Side.ITEMS)));
    assertThat(sweeps)
        .extracting(SweepRecord::loss)
        .isEqualTo(expectedSweeps.stream().map(SweepRecord::loss).toList());
    long rows = keep ? 80 : 70;
    assertThat(tables.summary().userBudget().weights()).isEqualTo((long) (density * RANK * rows));
    InitialCounts users = tables.summary().start().get(Side.USERS);
    assertThat(users.known()).isEqualTo(50);
    assertThat(users.added()).isEqualTo(20);
    assertThat(users.vanished()).isEqualTo(10);
    InitialCounts items = tables.summary().start().get(Side.ITEMS);
    assertThat(List.of(items.known(), items.added(), items.vanished()))
        .isEqualTo(List.of(35L, 10L, 5L));
    assertThat(users.pruned() > 0 && users.grown() > 0).isFalse();
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}")
  @CsvSource({"1,0", "2,1000000", "7,0", "7,1000000"})
  void newRowsFoldedInAndRowsAtRestGiveTheBitsOfTheLocalRun(int partitions, long broadcastLimit) {
    Map<Side, Map<Long, SparseTable>> before = trained(0.25);
    Continuation continuation = new Continuation(true, 0.4);
    LocalBlocks blocks =
        LocalBlocks.of(column(AFTER, 1), column(AFTER, 0), null, OBJECTIVE, BLOCKS);
    LocalEngine expected =
        new LocalEngine(blocks, OBJECTIVE, RANK, 0.25, 1, SEED, before, continuation);
    List<SweepRecord> expectedSweeps = train(expected, 0.5);
    TrainingSpec spec = spec(0.25, 0.5, partitions, broadcastLimit);
    TrainingSpec continued =
        new TrainingSpec(
            OBJECTIVE,
            new TrainingSpec.Shape(RANK, 0.25, 1, StartRule.UNIFORM),
            spec.trainer(),
            ExploreRule.EXACT,
            spec.metrics(),
            SEED,
            new TrainingSpec.Spread(
                BLOCKS, partitions, broadcastLimit, 10, spec.spread().storage()),
            continuation);
    List<SweepRecord> sweeps = new ArrayList<>();
    TrainedTables tables = train(AFTER, tables(before, false), continued, sweeps);
    assertThat(bits(tables.users())).isEqualTo(bits(rows(expected).get(Side.USERS)));
    assertThat(bits(tables.items())).isEqualTo(bits(rows(expected).get(Side.ITEMS)));
    assertThat(sweeps)
        .extracting(SweepRecord::loss)
        .isEqualTo(expectedSweeps.stream().map(SweepRecord::loss).toList());
  }

  @ParameterizedTest(name = "{0}: {1} partitions, broadcast limit {2}")
  @CsvSource({
    "GRADIENT,1,0",
    "GRADIENT,7,1000000",
    "MOMENTUM,1,1000000",
    "MOMENTUM,3,0",
    "RANDOM,3,1000000",
    "UNFIRED,1,0",
    "UNFIRED,7,1000000"
  })
  void growthAndProtectionGiveTheBitsOfTheLocalRun(
      Growth growth, int partitions, long broadcastLimit) {
    ExploreRule rule = new ExploreRule(growth, 2, 0.5);
    LocalEngine first = local(BEFORE, 0.25, null, false).withRule(rule, null);
    train(first, 0.5);
    Map<Side, Map<Long, SparseTable>> before = rows(first);
    Map<Side, Map<Long, byte[]>> codes = codes(first);
    LocalEngine expected = local(AFTER, 0.25, before, false);
    Map<Side, SparseTable[]> importance = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      importance.put(side, aligned(expected.blocks(side), before.get(side), codes.get(side)));
    }
    expected.withRule(rule, importance);
    List<SweepRecord> expectedSweeps = train(expected, 0.5);
    InitialTables given =
        Frames.initial(
            frame(before.get(Side.USERS), codes.get(Side.USERS)),
            frame(before.get(Side.ITEMS), codes.get(Side.ITEMS)),
            false);
    List<SweepRecord> sweeps = new ArrayList<>();
    TrainedTables tables =
        train(
            AFTER,
            given,
            TestTraining.with(spec(0.25, 0.5, partitions, broadcastLimit), rule, StartRule.UNIFORM),
            sweeps);
    assertThat(bits(tables.users())).isEqualTo(bits(rows(expected).get(Side.USERS)));
    assertThat(bits(tables.items())).isEqualTo(bits(rows(expected).get(Side.ITEMS)));
    assertThat(sweeps)
        .extracting(SweepRecord::loss)
        .isEqualTo(expectedSweeps.stream().map(SweepRecord::loss).toList());
    Map<Side, Map<Long, byte[]>> next = codes(expected);
    for (Row row : tables.users().collectAsList()) {
      assertThat(row.<Byte>getList(4))
          .isEqualTo(boxed(next.get(Side.USERS).get(row.getLong(0))))
          .anyMatch(code -> code != 0);
    }
    long stored = tables.summary().itemBudget().weights();
    assertThat(tables.summary().itemBytes().importanceBytes()).isEqualTo(stored);
    assertThat(tables.summary().itemBytes().tableBytes()).isEqualTo(7 * stored + 4 * 45);
  }

  private static Map<Side, Map<Long, byte[]>> codes(LocalEngine engine) {
    Map<Side, Map<Long, byte[]>> codes = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, byte[]> byId = new TreeMap<>();
      SparseTable[] importance = engine.importance(side);
      for (int b = 0; b < BLOCKS; b++) {
        for (int row = 0; row < importance[b].rows(); row++) {
          float[] values = importance[b].rowWeights(row);
          byte[] of = new byte[values.length];
          for (int i = 0; i < of.length; i++) {
            of[i] = ImportanceCode.encode(values[i]);
          }
          byId.put(engine.blocks(side)[b].ids()[row], of);
        }
      }
      codes.put(side, byId);
    }
    return codes;
  }

  private static SparseTable[] aligned(
      InteractionBlock[] blocks, Map<Long, SparseTable> rows, Map<Long, byte[]> codes) {
    return Arrays.stream(blocks)
        .map(
            block -> {
              int[] offsets = new int[block.rows() + 1];
              for (int row = 0; row < block.rows(); row++) {
                SparseTable mine = rows.get(block.ids()[row]);
                offsets[row + 1] = offsets[row] + (mine == null ? 0 : mine.stored());
              }
              short[] dims = new short[offsets[block.rows()]];
              float[] values = new float[dims.length];
              for (int row = 0; row < block.rows(); row++) {
                for (int p = offsets[row]; p < offsets[row + 1]; p++) {
                  long id = block.ids()[row];
                  dims[p] = rows.get(id).dims()[p - offsets[row]];
                  values[p] = ImportanceCode.decode(codes.get(id)[p - offsets[row]]);
                }
              }
              return new SparseTable(RANK, offsets, dims, values);
            })
        .toArray(SparseTable[]::new);
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte one : bytes) {
      list.add(one);
    }
    return list;
  }

  private Dataset<Row> frame(Map<Long, SparseTable> rows, Map<Long, byte[]> codes) {
    StructType schema =
        Frames.TABLE.add("importance", DataTypes.createArrayType(DataTypes.ByteType, false), true);
    List<Row> list = new ArrayList<>();
    rows.forEach(
        (id, row) -> list.add(RowFactory.create(id, row.dims(), row.weights(), codes.get(id))));
    return session.createDataFrame(list, schema).repartition(3);
  }

  @Test
  void weightsAreSharedOutBetweenTheTables() {
    TrainingSpec er = TestTraining.with(spec(0.25, 0.5, 2, 0), ExploreRule.EXACT, StartRule.ER);
    TrainedTables tables = train(BEFORE, null, er, new ArrayList<>());
    // 60 and 40 rows of rank 16: 240 and 160 weights in all, shared as 76 to 56.
    assertThat(tables.summary().userBudget().weights()).isEqualTo(400 * 76 / 132);
    assertThat(tables.summary().itemBudget().weights()).isEqualTo(400 - 400 * 76 / 132);
    long stored =
        tables.items().collectAsList().stream().mapToLong(row -> row.getList(1).size()).sum();
    assertThat(stored).isEqualTo(tables.summary().itemBudget().weights());
  }

  @Test
  void keptRowsStayAsTheyWere() {
    Map<Side, Map<Long, SparseTable>> before = trained(0.25);
    TrainedTables tables =
        train(AFTER, tables(before, true), spec(0.25, 0.5, 2, 0), new ArrayList<>());
    Map<Long, String> users = bits(tables.users());
    Map<Long, String> items = bits(tables.items());
    assertThat(users).hasSize(80);
    assertThat(items).hasSize(50);
    for (long id = 0; id < 10; id++) {
      assertThat(users).containsEntry(id, bits(before.get(Side.USERS)).get(id));
    }
    for (long id = 0; id < 5; id++) {
      assertThat(items).containsEntry(id, bits(before.get(Side.ITEMS)).get(id));
    }
    assertThat(users.get(10L)).isNotEqualTo(bits(before.get(Side.USERS)).get(10L));
  }

  @ParameterizedTest
  @CsvSource({"1000000", "0"})
  void goingOnWithoutExplorationNeverRaisesTheLoss(long broadcastLimit) {
    LocalEngine engine = local(BEFORE, 0.25, null, false);
    List<SweepRecord> first = train(engine, 0.5);
    double last = first.get(first.size() - 1).loss();
    List<SweepRecord> sweeps = new ArrayList<>();
    TrainedTables tables =
        train(BEFORE, tables(rows(engine), false), spec(0.25, 0, 2, broadcastLimit), sweeps);
    for (SweepRecord sweep : sweeps) {
      assertThat(sweep.loss()).isLessThanOrEqualTo(last * (1 + 1e-6));
      last = sweep.loss();
    }
    // Nothing is new and the budget is the same, so the positions are too.
    assertThat(tables.summary().start().get(Side.USERS))
        .isEqualTo(new InitialCounts(60, 0, 0, 0, 0));
    Map<Long, SparseTable> users = rows(engine).get(Side.USERS);
    for (Row row : tables.users().collectAsList()) {
      List<Short> dims = row.getList(1);
      short[] expected = users.get(row.getLong(0)).dims();
      assertThat(dims).hasSize(expected.length);
      for (int p = 0; p < expected.length; p++) {
        assertThat(dims.get(p)).isEqualTo(expected[p]);
      }
    }
  }

  @Test
  void aSmallerBudgetPrunesAndALargerOneGrows() {
    Map<Side, Map<Long, SparseTable>> before = trained(0.25);
    long stored = stored(before.get(Side.USERS));
    TrainedTables smaller =
        train(BEFORE, tables(before, false), spec(0.125, 0, 2, 0), new ArrayList<>());
    TrainedTables larger =
        train(BEFORE, tables(before, false), spec(0.5, 0, 2, 0), new ArrayList<>());
    assertThat(smaller.summary().start().get(Side.USERS).pruned()).isEqualTo(stored / 2);
    assertThat(larger.summary().start().get(Side.USERS).grown()).isEqualTo(stored);
    assertThat(larger.summary().userBudget().weights()).isEqualTo(2 * stored);
  }

  @Test
  void refusesDamagedRows() {
    Map<Side, Map<Long, SparseTable>> before = trained(0.25);
    TrainingSpec spec = spec(0.25, 0, 2, 0);
    Map<Long, SparseTable> users = before.get(Side.USERS);
    Dataset<Row> twice = frame(users).union(frame(users).where("id = 20"));
    Dataset<Row> items = frame(before.get(Side.ITEMS));
    assertThatThrownBy(
            () -> train(AFTER, Frames.initial(twice, items, false), spec, new ArrayList<>()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1 ids of users more than once");
    users.put(30L, new SparseTable(RANK, new int[] {0, 1}, new short[] {RANK}, new float[] {1}));
    assertThatThrownBy(() -> train(AFTER, tables(before, false), spec, new ArrayList<>()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("beyond rank 16");
  }
}
