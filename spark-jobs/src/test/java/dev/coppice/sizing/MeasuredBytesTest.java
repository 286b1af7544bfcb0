package dev.coppice.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.StartRule;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.als.TestTraining;
import dev.coppice.spark.als.TrainedTables;
import dev.coppice.spark.als.TrainingSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan beside what a run really holds in Spark's storage. */
class MeasuredBytesTest {
  /** How far the plan may be from what is measured, for data large enough to hide headers. */
  private static final double FACTOR = 1.3;

  private static final String ALL = "all";
  private static final int USERS = 3000;
  private static final int ITEMS = 1600;
  private static final int INTERACTIONS = 120_000;
  private static final int BLOCKS = 8;

  private final SparkSession session = TestSpark.session();

  private static Dataset<Row> pairs(SparkSession session, boolean weighted) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < INTERACTIONS; i++) {
      long user = SeedStream.below(USERS, 3, Purpose.GENERATE, i, 0);
      long item = SeedStream.below(ITEMS, 3, Purpose.GENERATE, i, 1);
      rows.add(RowFactory.create(item, user, weighted ? 1f + i % 3 : 1f));
    }
    return session.createDataFrame(
        rows,
        new StructType()
            .add("item", DataTypes.LongType, false)
            .add("user", DataTypes.LongType, false)
            .add("weight", DataTypes.FloatType, false));
  }

  @ParameterizedTest
  @CsvSource({"0.2, false, 1000000000", "0.4, true, 1000000000", "0.2, false, 0"})
  void cachedBytesAreThoseOfThePlan(double density, boolean weighted, long broadcastLimit) {
    int rank = 32;
    AlsObjective objective = AlsObjective.implicit(0.05, 0.01, 0.8, 0, weighted ? 0.3 : 0);
    TrainingSpec spec =
        new TrainingSpec(
            objective,
            new TrainingSpec.Shape(rank, density, 1, StartRule.UNIFORM),
            new TrainerSettings(2, 0.5, UpdateSchedule.COSINE, 1, 0, "ndcg@5"),
            ExploreRule.EXACT,
            MetricKey.all(5),
            7,
            new TrainingSpec.Spread(BLOCKS, 4, broadcastLimit, -1, StorageLevel.MEMORY_ONLY()),
            Continuation.NONE);
    Map<String, Long> cached = new HashMap<>();
    TrainedTables trained =
        TestTraining.of(session, spec)
            .train(pairs(session, weighted), null, null, sweep -> measure(cached));
    Workload work =
        new Workload(
            USERS,
            ITEMS,
            INTERACTIONS,
            0,
            rank,
            density,
            0.5,
            false,
            true,
            weighted ? 8 : 4,
            BLOCKS,
            4,
            broadcastLimit);
    TrainingPlan plan =
        TrainingPlan.of(
            work, new Resources(true, 1, 2, 1L << 30, 1L << 30, 0, Resources.MEMORY_FRACTION));
    near(
        plan.interactionBytes(),
        cached.get("interactions by user") + cached.get("interactions by item"));
    near(plan.dictionaryBytes(), cached.get("item ids"));
    assertThat(work.userTable().tableBytes()).isEqualTo(trained.summary().userBytes().tableBytes());
    near(work.userTable().explorationBytes(), trained.summary().userBytes().explorationBytes());
    near(work.itemTable().explorationBytes(), trained.summary().itemBytes().explorationBytes());
    assertThat(trained.summary().exchange()).isEqualTo(plan.broadcast() ? "broadcast" : "shuffle");
    assertThat(cached.get(ALL)).as("all that is cached").isLessThanOrEqualTo(plan.cachedBytes());
  }

  /** Notes the most that each cached RDD, and all together, have taken at the end of a sweep. */
  private void measure(Map<String, Long> cached) {
    long all = 0;
    for (RDDInfo info : session.sparkContext().getRDDStorageInfo()) {
      cached.merge(info.name(), info.memSize(), Math::max);
      all += info.memSize();
    }
    cached.merge(ALL, all, Math::max);
  }

  private static void near(long planned, long measured) {
    assertThat((double) planned).isBetween(measured / FACTOR, measured * FACTOR);
  }
}
