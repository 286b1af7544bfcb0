package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.StartRule;
import dev.coppice.spark.CoppiceRegistrator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** The process that {@link SmallHeapIT} starts: rank 1024, 4 weights a row, 120,000 rows a side. */
final class SmallHeapRun {
  private static final int RANK = 1024;
  private static final long ROWS = 120_000;

  private SmallHeapRun() {}

  public static void main(String[] args) {
    SparkConf conf =
        CoppiceRegistrator.addTo(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("small heap")
                .set("spark.ui.enabled", "false")
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.local.dir", args[0])
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    // Every user has two items, every item two users.
    Dataset<Row> pairs =
        session
            .range(0, 2 * ROWS, 1, 4)
            .selectExpr(
                "id % " + ROWS + " as item",
                "(id * 7 + id div " + ROWS + ") % " + ROWS + " as user",
                "cast(1 as float) as weight");
    long dense = 2 * ByteAccount.denseBytes(ROWS, RANK);
    if (dense < 1.5 * Runtime.getRuntime().maxMemory()) {
      throw new IllegalStateException("dense tables of " + dense + " bytes would fit this heap");
    }
    for (long broadcastLimit : new long[] {Long.MAX_VALUE, 0}) {
      TrainingSpec spec =
          new TrainingSpec(
              AlsObjective.implicit(0.01, 0.01, 1, 0, 0),
              new TrainingSpec.Shape(RANK, 4.0 / RANK, 1, StartRule.UNIFORM),
              new TrainerSettings(2, 0.5, UpdateSchedule.COSINE, 1, 0, null),
              ExploreRule.EXACT,
              MetricKey.all(10),
              1,
              new TrainingSpec.Spread(16, 4, broadcastLimit, -1, StorageLevel.MEMORY_AND_DISK()),
              Continuation.NONE);
      TrainingSummary summary =
          TestTraining.of(session, spec).train(pairs, null, null, sweep -> {}).summary();
      if (summary.bytes().stored() != 8 * ROWS || summary.sweeps().get(0).userMoved() == 0) {
        throw new IllegalStateException("trained " + summary);
      }
      System.out.println("trained by " + summary.exchange());
    }
    session.stop();
  }
}
