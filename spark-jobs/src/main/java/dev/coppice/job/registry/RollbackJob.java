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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    Registry registry = Registry.at(context.hadoop(), values.get(REGISTRY));
    Publication done = registry.rollback(values.find(TO), values.find(CommonKeys.RUN_ID));
    List<String> lines = new ArrayList<>();
    lines.add(
        "published: run "
            + done.runId()
            + " as number "
            + done.sequence()
            + " of "
            + values.get(REGISTRY)
            + ", by "
            + done.action()
            + " at "
            + done.time());
    Optional<Publication> now = registry.latest();
    if (now.isPresent() && now.get().sequence() != done.sequence()) {
      lines.add(
          "nothing to do: this rollback was done before. The published model is now that of the run"
              + " "
              + now.get().runId());
    }
    return new JobSummary(lines);
  }
}
