package dev.coppice.job.data;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.stats.DatasetStats;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes a data set. */
public final class StatsJob implements Job {
  private static final String FILE = "stats.json";
  private static final ConfigKey<String> INPUT =
      ConfigKey.path("input").asRequired().withDoc("data set, as prepare writes it");
  private static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output").withDoc("directory that stats.json goes to; default: none");

  @Override
  public String name() {
    return "stats";
  }

  @Override
  public String summary() {
    return "Describes a data set: counts, density, degrees, cold users and items.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.of(INPUT, OUTPUT).and(CommonKeys.schema());
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data");
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Places.keepApart(context, values, OUTPUT, List.of(INPUT));
    CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(INPUT));
    DatasetStats stats = context.phase("count", () -> DatasetStats.of(data));
    List<String> lines = new ArrayList<>(stats.toText().lines().toList());
    Optional<String> output = values.find(OUTPUT);
    if (output.isPresent()) {
      try (AtomicDirectory directory =
          new AtomicDirectory(
              context.hadoop(), "output", output.get(), values.get(CommonKeys.OVERWRITE), FILE)) {
        directory.writeText(FILE, stats.toJson());
        directory.publish();
      }
      lines.add("statistics: " + output.get() + "/" + FILE);
    }
    return new JobSummary(lines);
  }
}
