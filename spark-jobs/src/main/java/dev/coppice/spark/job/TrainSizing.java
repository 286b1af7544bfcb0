package dev.coppice.spark.job;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.spark.sizing.PlanText;
import dev.coppice.spark.sizing.SparkResources;
import dev.coppice.spark.sizing.TrainingPlan;
import dev.coppice.spark.sizing.Workload;
import org.apache.spark.api.java.JavaSparkContext;

/** Tells before training starts how large it will be, and warns of what would not fit. */
final class TrainSizing {
  private TrainSizing() {}

  /** Says the plan of a training run, and then its warnings. */
  static void say(JobContext context, ConfigValues values, CanonicalDataset data) {
    TrainingPlan plan =
        TrainingPlan.of(
            workload(values, data),
            SparkResources.of(JavaSparkContext.fromSparkContext(context.spark().sparkContext())));
    PlanText text = new PlanText(plan);
    text.lines().forEach(context::say);
    text.warnings().forEach(warning -> context.say("warning: " + warning));
  }

  /** The counts are those of the data set's dictionaries, so they are never too low. */
  private static Workload workload(ConfigValues values, CanonicalDataset data) {
    boolean refit = values.get(TrainKeys.REFIT);
    long validation = data.manifest().rows(Part.VALIDATION);
    boolean explicit = !values.get(TrainKeys.IMPLICIT_PREFS);
    boolean debias = values.get(TrainKeys.USER_DEBIAS) + values.get(TrainKeys.ITEM_DEBIAS) > 0;
    return new Workload(
        data.manifest().users(),
        data.manifest().items(),
        data.manifest().rows(Part.TRAIN) + (refit ? validation : 0),
        refit ? 0 : validation,
        values.get(TrainKeys.RANK),
        values.get(TrainKeys.DENSITY),
        values.get(TrainKeys.UPDATE_RATIO),
        !explicit,
        explicit && debias ? 12 : 8,
        values.get(TrainKeys.NUM_BLOCKS),
        values.get(TrainKeys.NUM_PARTITIONS),
        values.get(TrainKeys.BROADCAST_LIMIT));
  }
}
