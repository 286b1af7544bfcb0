package dev.coppice.job.train;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.JobContext;
import dev.coppice.sizing.PlanText;
import dev.coppice.sizing.SparkResources;
import dev.coppice.sizing.TrainingPlan;
import dev.coppice.sizing.Workload;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.ScoringKeys;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** Tells before training starts how large it will be, and warns of what would not fit. */
public final class TrainSizing {
  private TrainSizing() {}

  /** Says the plan of a training run, and then its warnings. */
  static void say(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      Optional<IndexedInitialModel> start) {
    boolean refit = values.get(TrainKeys.REFIT);
    long validation = data.manifest().rows(Part.VALIDATION);
    long interactions = data.manifest().rows(Part.TRAIN) + (refit ? validation : 0);
    say(context, workload(values, rows(values, data, start), interactions, refit ? 0 : validation));
  }

  /** Says the plan of a retraining, which validates on nothing, and then its warnings. */
  static void say(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      IndexedInitialModel start,
      long interactions) {
    say(context, workload(values, rows(values, data, Optional.of(start)), interactions, 0));
  }

  /** Returns the plan of a training run that is measured on the validation part. */
  public static TrainingPlan plan(JobContext context, ConfigValues values, CanonicalDataset data) {
    return plan(
        context,
        workload(
            values,
            rows(values, data, Optional.empty()),
            data.manifest().rows(Part.TRAIN),
            data.manifest().rows(Part.VALIDATION)));
  }

  private static TrainingPlan plan(JobContext context, Workload workload) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    return TrainingPlan.of(workload, SparkResources.of(spark));
  }

  private static void say(JobContext context, Workload workload) {
    PlanText text = new PlanText(plan(context, workload));
    text.lines().forEach(context::say);
    text.warnings().forEach(warning -> context.say("warning: " + warning));
  }

  private record Rows(long users, long items) {}

  /**
   * The counts are those of the data set's dictionaries, so they are never too low; rows that are
   * kept of an initial model come after them.
   */
  private static Rows rows(
      ConfigValues values, CanonicalDataset data, Optional<IndexedInitialModel> start) {
    if (start.isPresent() && values.get(AlsKeys.VANISHED_ROWS).equals("keep")) {
      return new Rows(start.get().users().count(), start.get().items().count());
    }
    return new Rows(data.manifest().users(), data.manifest().items());
  }

  private static Workload workload(
      ConfigValues values, Rows rows, long interactions, long heldOut) {
    boolean explicit = !values.get(AlsKeys.IMPLICIT_PREFS);
    boolean debias =
        values.find(LatentKeys.USER_DEBIAS).orElse(0.0)
                + values.find(LatentKeys.ITEM_DEBIAS).orElse(0.0)
            > 0;
    return new Workload(
        rows.users(),
        rows.items(),
        interactions,
        heldOut,
        values.get(LatentKeys.RANK),
        ModelTraining.estimator(values).sized(rows.users(), rows.items()).getDensity(),
        values.get(AlsKeys.UPDATE_RATIO),
        values.get(AlsKeys.PROTECT) > 0,
        !explicit,
        explicit && debias ? 12 : 8,
        values.get(AlsKeys.NUM_BLOCKS),
        values.get(ScoringKeys.NUM_PARTITIONS),
        values.get(ScoringKeys.BROADCAST_LIMIT));
  }
}
