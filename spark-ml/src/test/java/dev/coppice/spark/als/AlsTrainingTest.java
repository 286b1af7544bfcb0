package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.DynamicSparseTrainer;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.LocalBlocks;
import dev.coppice.core.als.LocalEngine;
import dev.coppice.core.als.Objectives;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.table.StartRule;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The distributed run gives the bits of the single-process one, however rows travel. */
class AlsTrainingTest {
  private static final AlsObjective IMPLICIT = AlsObjective.implicit(0.05, 0.01, 0.8, 0.4, 0.3);

  private final SparkSession session = TestSpark.session();

  /** Pairs with repetitions, of {@code users} users and {@code items} items. */
  private static List<Row> pairs(int users, int items, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long user = SeedStream.below(users, 3, Purpose.GENERATE, i, 0);
      long item = (user % 4 + 4L * SeedStream.below(items / 4, 3, Purpose.GENERATE, i, 1)) % items;
      float weight = 1 + SeedStream.below(3, 3, Purpose.GENERATE, i, 2);
      rows.add(RowFactory.create(item, user, weight));
    }
    return rows;
  }

  private Dataset<Row> frame(List<Row> rows, int partitions) {
    return session.createDataFrame(rows, Frames.PAIRS).repartition(partitions);
  }

  private static TrainerSettings sweeps(int maxIter) {
    return new TrainerSettings(maxIter, 0.5, UpdateSchedule.COSINE, 1, 0, "ndcg@5");
  }

  private static TrainingSpec spec(
      AlsObjective objective, double density, int blocks, int partitions, long broadcastLimit) {
    return new TrainingSpec(
        objective,
        new TrainingSpec.Shape(16, density, 1, StartRule.UNIFORM),
        sweeps(4),
        ExploreRule.EXACT,
        MetricKey.all(5),
        7,
        new TrainingSpec.Spread(
            blocks, partitions, broadcastLimit, 10, StorageLevel.MEMORY_AND_DISK()),
        Continuation.NONE);
  }

  /** Rows by id, as text that shows every bit. */
  private static Map<Long, String> bits(Dataset<Row> rows) {
    Map<Long, String> bits = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      bits.put(row.getLong(0), row.<Short>getList(1) + " " + row.<Float>getList(2));
    }
    return bits;
  }

  private static Map<Long, String> bits(LocalEngine engine, Side side) {
    Map<Long, String> bits = new TreeMap<>();
    SparkRows.each(
        engine.blocks(side),
        engine.best(side),
        (id, dims, weights) ->
            bits.put(id, Arrays.toString(dims) + " " + Arrays.toString(weights)));
    return bits;
  }

  private static LocalEngine local(List<Row> rows, AlsObjective objective, double density, int b) {
    long[] users = rows.stream().mapToLong(row -> row.getLong(1)).toArray();
    long[] items = rows.stream().mapToLong(row -> row.getLong(0)).toArray();
    float[] weights = new float[users.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = rows.get(i).getFloat(2);
    }
    LocalBlocks data = LocalBlocks.of(users, items, weights, objective, b);
    LocalEngine engine = new LocalEngine(data, objective, 16, density, 1, 7);
    new DynamicSparseTrainer(sweeps(4), engine, sweep -> {}).train(TrainerState.FRESH);
    return engine;
  }

  private TrainedTables train(List<Row> rows, TrainingSpec spec, int inputPartitions) {
    return TestTraining.of(session, spec).train(frame(rows, inputPartitions), null, null, s -> {});
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}")
  @CsvSource({"1,1000000", "2,1000000", "7,1000000", "1,0", "2,0", "7,0"})
  void givesTheBitsOfTheLocalRun(int partitions, long broadcastLimit) {
    List<Row> rows = pairs(90, 60, 900);
    LocalEngine expected = local(rows, IMPLICIT, 0.25, 8);
    TrainedTables tables =
        train(rows, spec(IMPLICIT, 0.25, 8, partitions, broadcastLimit), partitions + 1);
    assertThat(tables.summary().exchange()).isEqualTo(broadcastLimit > 0 ? "broadcast" : "shuffle");
    assertThat(bits(tables.users())).isEqualTo(bits(expected, Side.USERS));
    assertThat(bits(tables.items())).isEqualTo(bits(expected, Side.ITEMS));
    assertThat(tables.summary().bytes().stored())
        .isEqualTo(
            tables.summary().userBudget().weights() + tables.summary().itemBudget().weights());
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}")
  @CsvSource({"1,1000000", "7,1000000", "1,0", "7,0"})
  void nonnegativeRowsAreTheBitsOfTheLocalRun(int partitions, long broadcastLimit) {
    List<Row> rows = pairs(90, 60, 900);
    AlsObjective nonnegative = Objectives.nonnegative(IMPLICIT);
    LocalEngine expected = local(rows, nonnegative, 0.25, 8);
    TrainedTables tables =
        train(rows, spec(nonnegative, 0.25, 8, partitions, broadcastLimit), partitions + 1);
    assertThat(bits(tables.users())).isEqualTo(bits(expected, Side.USERS));
    assertThat(bits(tables.items())).isEqualTo(bits(expected, Side.ITEMS));
    assertThat(bits(tables.users()).values()).noneMatch(row -> row.matches(".*[ \\[]-.*"));
    assertThat(bits(tables.items()).values()).noneMatch(row -> row.matches(".*[ \\[]-.*"));
  }

  @ParameterizedTest(name = "{0} partitions, broadcast limit {1}")
  @CsvSource({"1,1000000", "7,1000000", "1,0", "7,0"})
  void itemBiasesGiveTheBitsOfTheLocalRun(int partitions, long broadcastLimit) {
    List<Row> rows = pairs(90, 60, 900);
    AlsObjective biased = Objectives.withItemBias(IMPLICIT, true);
    LocalEngine expected = local(rows, biased, 0.25, 8);
    TrainedTables tables =
        train(rows, spec(biased, 0.25, 8, partitions, broadcastLimit), partitions + 1);
    assertThat(bits(tables.users())).isEqualTo(bits(expected, Side.USERS));
    assertThat(bits(tables.items())).isEqualTo(bits(expected, Side.ITEMS));
    assertThat(bits(tables.users()).values())
        .allMatch(row -> row.matches("\\[0[],].*] \\[1\\.0[],].*"));
  }

  @ParameterizedTest(name = "{0}, broadcast limit {1}")
  @CsvSource({
    "EXPLICIT,1000000",
    "EXPLICIT,0",
    "CONFIDENCE,1000000",
    "CONFIDENCE,0",
    "DENSE,0",
    "BIASED_DENSE,0",
    "BIASED_EXPLICIT,1000000"
  })
  void everyFeedbackAndTheDenseCase(String form, long broadcastLimit) {
    AlsObjective objective =
        switch (form) {
          case "EXPLICIT" -> Objectives.explicit(0.1, 1);
          case "BIASED_EXPLICIT" -> Objectives.withItemBias(Objectives.explicit(0.1, 1), true);
          case "BIASED_DENSE" -> Objectives.withItemBias(IMPLICIT, true);
          case "CONFIDENCE" -> Objectives.confidence(3, 0.05, 0);
          default -> IMPLICIT;
        };
    double density = form.endsWith("DENSE") ? 1 : 0.25;
    List<Row> rows = pairs(40, 24, 300);
    LocalEngine expected = local(rows, objective, density, 3);
    TrainedTables tables = train(rows, spec(objective, density, 3, 2, broadcastLimit), 2);
    assertThat(bits(tables.users())).isEqualTo(bits(expected, Side.USERS));
    assertThat(bits(tables.items())).isEqualTo(bits(expected, Side.ITEMS));
  }

  @ParameterizedTest(name = "broadcast limit {0}")
  @CsvSource({"1000000", "0"})
  void killedTasksChangeNothing(long broadcastLimit) {
    List<Row> rows = pairs(90, 60, 900);
    LocalEngine expected = local(rows, IMPLICIT, 0.25, 8);
    TaskKiller killer = new TaskKiller(session.sparkContext());
    session.sparkContext().addSparkListener(killer);
    try {
      TrainedTables tables = train(rows, spec(IMPLICIT, 0.25, 8, 3, broadcastLimit), 2);
      assertThat(bits(tables.users())).isEqualTo(bits(expected, Side.USERS));
      assertThat(bits(tables.items())).isEqualTo(bits(expected, Side.ITEMS));
    } finally {
      session.sparkContext().removeSparkListener(killer);
    }
    assertThat(killer.killed()).isPositive();
  }

  @Test
  void moreBlocksThanInteractions() {
    List<Row> rows = pairs(3, 4, 5);
    TrainedTables broadcast = train(rows, spec(IMPLICIT, 0.25, 50, 4, 1_000_000), 1);
    TrainedTables shuffle = train(rows, spec(IMPLICIT, 0.25, 50, 4, 0), 3);
    assertThat(bits(broadcast.users())).isEqualTo(bits(shuffle.users()));
    assertThat(bits(broadcast.items())).isEqualTo(bits(shuffle.items()));
  }

  @ParameterizedTest
  @CsvSource({"1000000", "0"})
  void validatesAgainstANaiveRankingAndKeepsTheBestSweep(long broadcastLimit) {
    List<Row> rows = pairs(40, 24, 260);
    List<Row> heldOut = new ArrayList<>(pairs(42, 28, 300).subList(260, 300));
    heldOut.add(RowFactory.create(999L, 1L, 1f));
    List<SweepRecord> sweeps = new ArrayList<>();
    TrainedTables tables =
        TestTraining.of(session, spec(IMPLICIT, 0.25, 5, 2, broadcastLimit))
            .train(frame(rows, 2), frame(heldOut, 2), null, sweeps::add);
    int best = tables.summary().bestSweep();
    double bestMetric = sweeps.get(best - 1).metrics().get("ndcg@5");
    assertThat(sweeps)
        .allSatisfy(s -> assertThat(s.metrics().get("ndcg@5")).isLessThanOrEqualTo(bestMetric));
    double naive = NaiveRanking.recall(rows, heldOut, tables, 5);
    assertThat(sweeps.get(best - 1).metrics().get("recall@5"))
        .isCloseTo(naive, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(naive).isPositive();
  }

  @Test
  void refusesNoInteractions() {
    assertThatThrownBy(() -> train(List.of(), spec(IMPLICIT, 0.25, 4, 2, 0), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no interactions");
  }

  @Test
  void tellsTheDensityThatAHolds() {
    assertThatThrownBy(() -> train(pairs(9, 8, 30), spec(IMPLICIT, 0.01, 4, 2, 0), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row needs at least one");
  }

  /** Walks the rows of local blocks. */
  private static final class SparkRows {
    interface Visitor {
      void row(long id, short[] dims, float[] weights);
    }

    static void each(
        dev.coppice.core.als.InteractionBlock[] blocks, SparseTable[] tables, Visitor visitor) {
      for (int b = 0; b < blocks.length; b++) {
        for (int row = 0; row < blocks[b].rows(); row++) {
          visitor.row(blocks[b].ids()[row], tables[b].rowDims(row), tables[b].rowWeights(row));
        }
      }
    }
  }
}
