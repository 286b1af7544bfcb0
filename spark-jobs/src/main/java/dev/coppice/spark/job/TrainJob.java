package dev.coppice.spark.job;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import java.util.Map;

/** Trains a model on a data set. */
final class TrainJob implements Job {
  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "Trains a model on a data set.";
  }

  @Override
  public ConfigSchema schema() {
    return TrainKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model");
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    long count =
        context.phase(
            "counting",
            () -> context.spark().range(1000).groupBy("id").count().repartition(3).count());
    return JobSummary.of(count + " rows");
  }
}
