package dev.coppice.job.data;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.synthetic.Generate;
import dev.coppice.data.synthetic.GenerateKeys;
import dev.coppice.data.synthetic.GenerateSettings;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.RunLock;
import java.util.Map;

/** Writes synthetic interactions. */
public final class GenerateJob implements Job {
  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String summary() {
    return "Writes synthetic interactions with planted communities, labelled as such.";
  }

  @Override
  public ConfigSchema schema() {
    return GenerateKeys.SCHEMA.and(CommonKeys.schema());
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("output", "raw");
  }

  @Override
  public void check(ConfigValues values) {
    GenerateSettings.of(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    GenerateSettings settings = GenerateSettings.of(values);
    String interactions =
        RunLock.during(
            context.hadoop(),
            settings.output(),
            () -> context.phase("generate", () -> Generate.run(context.spark(), settings)));
    return JobSummary.of("synthetic interactions: " + interactions);
  }
}
