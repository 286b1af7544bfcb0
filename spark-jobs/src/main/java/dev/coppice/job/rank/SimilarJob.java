package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.spark.DynamicSparseALSModel;
import java.util.Map;
import java.util.Optional;

/** Writes the most similar items for every item of a model. */
public final class SimilarJob implements Job {
  private static final ConfigKey<String> INPUT = ConfigKey.path("input");

  @Override
  public String name() {
    return "similar";
  }

  @Override
  public String summary() {
    return "Writes the most similar items for every item, by the cosine of their rows.";
  }

  @Override
  public ConfigSchema schema() {
    return ModelKeys.similar();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("model", "model", "output", "similar");
  }

  @Override
  public void check(ConfigValues values) {
    ListTableKeys.check(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    return ListOutput.write(
        context,
        values,
        () -> {
          DynamicSparseALSModel model = ModelPlace.load(context, values.get(ModelKeys.MODEL));
          Optional<String> input = values.find(INPUT);
          if (input.isPresent()) {
            String data =
                CanonicalDataset.open(context.spark(), input.get()).manifest().fingerprint();
            context.say(
                data.equals(model.info().dataFingerprint())
                    ? "the model was trained on this data set"
                    : "note: the model was trained on another data set");
          }
          return model.similarItems(values.get(ModelKeys.K));
        });
  }
}
