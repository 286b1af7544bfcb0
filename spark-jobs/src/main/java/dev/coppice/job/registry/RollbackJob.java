package dev.coppice.job.registry;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.publish.Publication;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;

/** Publishes an earlier model of a registry again. */
public final class RollbackJob implements Job {
  private static final ConfigKey<String> REGISTRY =
      PublishKeys.REGISTRY.asRequired().withDoc("registry whose published model is changed");
  private static final ConfigKey<String> TO =
      ConfigKey.text("to")
          .withDoc(
              "run whose model is published again; default: the one before the published one; the"
                  + " job models lists them");

  @Override
  public String name() {
    return "rollback";
  }

  @Override
  public String summary() {
    return "Publishes an earlier model of a registry again. Mends a latest that points nowhere.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(REGISTRY, TO).and(CommonKeys.schema());
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Publication now = Registry.at(context.hadoop(), values.get(REGISTRY)).rollback(values.find(TO));
    return JobSummary.of(
        "published: run "
            + now.runId()
            + " as number "
            + now.sequence()
            + " of "
            + values.get(REGISTRY)
            + ", by "
            + now.action()
            + " at "
            + now.time());
  }
}
