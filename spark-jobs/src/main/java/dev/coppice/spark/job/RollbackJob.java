package dev.coppice.spark.job;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.spark.publish.Publication;
import dev.coppice.spark.publish.PublishKeys;
import dev.coppice.spark.publish.Registry;

/** Publishes an earlier model of a registry again. */
final class RollbackJob implements Job {
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
