package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.spark.DynamicSparseALSModel;
import java.util.Map;

/** Writes the best items for every user of a model. */
public final class RecommendJob implements Job {
  @Override
  public String name() {
    return "recommend";
  }

  @Override
  public String summary() {
    return "Writes the best items for every user, without those the user has seen.";
  }

  @Override
  public ConfigSchema schema() {
    return ModelKeys.recommend();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model", "output", "recommendations");
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    return ListOutput.write(
        context,
        values,
        () -> {
          DynamicSparseALSModel model = ModelPlace.load(context, values.get(ModelKeys.MODEL));
          int k = values.get(ModelKeys.K);
          if (!values.get(ModelKeys.FILTER_SEEN)) {
            return model.recommendForAllUsers(k);
          }
          CanonicalDataset data =
              CanonicalDataset.open(context.spark(), values.get(ModelKeys.INPUT));
          return model.recommendForAllUsers(k, NamedParts.pairs(data, data.trainAndValidation()));
        });
  }
}
