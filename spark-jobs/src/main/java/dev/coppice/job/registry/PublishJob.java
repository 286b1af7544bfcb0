package dev.coppice.job.registry;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** Publishes a saved model in a registry, behind the gate. */
public final class PublishJob implements Job {
  private static final String MODEL_FILE = "coppice.json";

  private static final ConfigKey<String> MODEL =
      ConfigKey.path("model")
          .asRequired()
          .withDoc("model to publish: one that train saved, or one that the gate had refused");
  private static final ConfigKey<String> INPUT =
      ConfigKey.path("input")
          .withDoc(
              "data set with a validation part, to compare the model with the published one on; not"
                  + " needed with maxRegression = 1 or for the first model");

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public String summary() {
    return "Publishes a saved model in a registry, unless it is worse than the published one.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(MODEL, INPUT)
        .and(PublishKeys.schema().with(PublishKeys.REGISTRY.asRequired()))
        .and(CommonKeys.schema());
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model");
  }

  @Override
  public void check(ConfigValues values) {
    RegistryRun.check(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Registry registry = Registry.at(context.hadoop(), values.get(PublishKeys.REGISTRY));
    Path given = new Path(values.get(MODEL));
    FileSystem from = given.getFileSystem(context.hadoop());
    Path model = from.makeQualified(given);
    if (!from.exists(new Path(model, MODEL_FILE))) {
      throw new BadInputException(
          "model = \""
              + given
              + "\" holds no "
              + MODEL_FILE
              + ": it is no saved Coppice model. Give the directory that a model was saved to.");
    }
    if (registry.model(model.getName()).equals(model)) {
      return RegistryRun.again(context, values, values.find(INPUT), model.getName());
    }
    return RegistryRun.of(
        context, values, values.find(INPUT), target -> copy(context, from, model, target));
  }

  private static JobSummary copy(JobContext context, FileSystem from, Path model, String target)
      throws Exception {
    try (AtomicDirectory directory =
        new AtomicDirectory(context.hadoop(), "registry", target, false, MODEL_FILE)) {
      Path to = directory.temporary();
      context.phase(
          "copy",
          () -> {
            boolean copied =
                FileUtil.copy(
                    from, model, to.getFileSystem(context.hadoop()), to, false, context.hadoop());
            if (!copied) {
              throw new IOException("could not copy " + model + " to " + to);
            }
            return null;
          });
      directory.publish();
    }
    return JobSummary.of("model: " + target);
  }
}
