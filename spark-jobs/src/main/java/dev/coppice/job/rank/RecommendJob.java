package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.spark.DynamicSparseALSModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

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
  public void check(ConfigValues values) {
    RuleFiles.check(values);
    ListTableKeys.check(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    List<String> lines = new ArrayList<>();
    JobSummary written =
        ListOutput.write(
            context,
            values,
            () -> {
              DynamicSparseALSModel loaded = ModelPlace.load(context, values.get(ModelKeys.MODEL));
              Optional<CanonicalDataset> data = data(context, values);
              DynamicSparseALSModel model =
                  data.map(set -> NamedParts.named(loaded, set.interactions()))
                      .orElseGet(() -> NamedParts.named(loaded));
              Dataset<Row> seen =
                  data.map(set -> NamedParts.pairs(set, set.trainAndValidation())).orElse(null);
              int k = values.get(ModelKeys.K);
              Dataset<Row> lists =
                  model.recommendForAllUsers(k, RuleFiles.rules(context, values, seen, false));
              List<String> caps = RuleFiles.caps(values);
              if (caps.isEmpty()) {
                return lists;
              }
              Dataset<Row> capped =
                  model.recommendForAllUsers(k, RuleFiles.rules(context, values, seen, true));
              lines.add(
                  context.phase(
                      "coverage",
                      () ->
                          String.format(
                              Locale.ROOT,
                              "coverage: %,d of %,d items are in a list without %s, %,d with %s",
                              shown(lists),
                              model.itemTable().size().rows(),
                              String.join(" and ", caps),
                              shown(capped),
                              caps.size() == 1 ? "it" : "them")));
              return capped;
            });
    lines.addAll(0, written.lines());
    return new JobSummary(lines);
  }

  /** The data set whose pairs are left out, if any are. */
  private static Optional<CanonicalDataset> data(JobContext context, ConfigValues values) {
    return values.get(ModelKeys.FILTER_SEEN)
        ? Optional.of(CanonicalDataset.open(context.spark(), values.get(ModelKeys.INPUT)))
        : Optional.empty();
  }

  /** How many items are in a list at all. */
  private static long shown(Dataset<Row> lists) {
    return lists.select(functions.explode(lists.col("recommendations.item"))).distinct().count();
  }
}
