package dev.coppice.spark.als;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;

/** On small data, a run takes as long as its Spark jobs take to start: they are counted here. */
class JobCountTest {
  private static final int SWEEPS = 3;

  private final SparkSession session = TestSpark.session();

  private Dataset<Row> pairs(long users, long items) {
    List<Row> rows = new ArrayList<>();
    for (long user = 0; user < users; user++) {
      for (long item = 0; item < items; item++) {
        if (SeedStream.uniform(3, Purpose.GENERATE, user, item) < 0.2) {
          rows.add(RowFactory.create(item, user, 1f));
        }
      }
    }
    return session.createDataFrame(rows, Frames.PAIRS);
  }

  private TrainedTables train(Dataset<Row> pairs, InitialTables initial) {
    TrainingSpec spec =
        new TrainingSpec(
            AlsObjective.implicit(0.05, 0.01, 0.8, 0, 0),
            new TrainingSpec.Shape(8, 0.25, 1, StartRule.UNIFORM),
            new TrainerSettings(SWEEPS, 0, UpdateSchedule.COSINE, 1, 0, null),
            ExploreRule.EXACT,
            MetricKey.all(5),
            1,
            new TrainingSpec.Spread(6, 2, 1L << 20, -1, StorageLevel.MEMORY_AND_DISK()),
            Continuation.NONE);
    return TestTraining.of(session, spec).train(pairs, null, initial, sweep -> {});
  }

  private int jobsOf(Supplier<TrainedTables> run) throws TimeoutException {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().addSparkListener(listener);
    try {
      TrainedTables trained = run.get();
      session.sparkContext().listenerBus().waitUntilEmpty();
      trained.users().unpersist();
      trained.items().unpersist();
    } finally {
      session.sparkContext().removeSparkListener(listener);
    }
    return jobs.get();
  }

  @Test
  void aFreshRunTakesOneToLayOutOneToStartAndOneToHandOver() throws TimeoutException {
    Dataset<Row> pairs = pairs(40, 30);
    assertThat(jobsOf(() -> train(pairs, null))).isEqualTo(1 + 1 + 2 * SWEEPS + 1);
  }

  @Test
  void aWarmOneOnlyCountsBesidesThat() throws TimeoutException {
    TrainedTables before = train(pairs(40, 30), null);
    InitialTables initial =
        Frames.initial(
            before.users().select("id", "dims", "weights"),
            before.items().select("id", "dims", "weights"),
            false);
    Dataset<Row> pairs = pairs(50, 36);
    // A search takes one round a digit of 16 bits: seldom more than two.
    assertThat(jobsOf(() -> train(pairs, initial))).isBetween(10, 10 + 2);
    before.users().unpersist();
    before.items().unpersist();
  }
}
