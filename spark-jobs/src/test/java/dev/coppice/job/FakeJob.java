package dev.coppice.job;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import java.util.Map;

/** A job with a few keys that does nothing. */
public record FakeJob(String name, ConfigSchema schema, Map<String, String> underWorkDir)
    implements Job {
  public static final ConfigKey<String> INPUT = ConfigKey.path("input").asRequired();
  public static final ConfigKey<String> OUTPUT = ConfigKey.path("output").asRequired();
  public static final ConfigKey<Integer> RANK = ConfigKey.integer("rank", 1, 100).withDefault(8);
  static final ConfigKey<String> METRIC = ConfigKey.text("metric").withDefault("recall");

  public static FakeJob first() {
    return new FakeJob(
        "first",
        ConfigSchema.of(INPUT, OUTPUT, METRIC).and(CommonKeys.schema()),
        Map.of("output", "data"));
  }

  public static FakeJob second() {
    return new FakeJob(
        "second",
        ConfigSchema.of(INPUT, OUTPUT, RANK).and(CommonKeys.schema()),
        Map.of("input", "data", "output", "model"));
  }

  @Override
  public String summary() {
    return "Does nothing.";
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) {
    return JobSummary.of("nothing");
  }
}
