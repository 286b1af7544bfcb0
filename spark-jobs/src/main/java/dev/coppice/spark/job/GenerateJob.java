package dev.coppice.spark.job;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.synthetic.Generate;
import dev.coppice.data.synthetic.GenerateKeys;
import dev.coppice.data.synthetic.GenerateSettings;
import java.util.Map;

/** Writes synthetic interactions. */
final class GenerateJob implements Job {
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
