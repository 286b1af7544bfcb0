package dev.coppice.job.registry;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.publish.ModelEntry;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lists the models of a registry. */
public final class ModelsJob implements Job {
  private static final ConfigKey<String> REGISTRY =
      PublishKeys.REGISTRY.asRequired().withDoc("registry whose models are listed");

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "Lists the models of a registry, and which one is published.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(REGISTRY).and(CommonKeys.schema());
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Registry registry = Registry.at(context.hadoop(), values.get(REGISTRY));
    registry.require();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-9s %6s  %-32s %-28s %-18s %14s",
            "state",
            "number",
            "run",
            "time",
            "metric",
            "bytes"));
    for (ModelEntry entry : registry.entries()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-9s %6s  %-32s %-28s %-18s %,14d",
              entry.state().name().toLowerCase(Locale.ROOT),
              entry.sequence() == 0 ? "-" : entry.sequence(),
              entry.runId(),
              entry.time(),
              entry.value() == null
                  ? "-"
                  : String.format(Locale.ROOT, "%s %.5f", entry.metric(), entry.value()),
              entry.bytes()));
    }
    lines.add("published: " + registry.latestModel());
    return new JobSummary(lines);
  }
}
