package dev.coppice.job.data;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareKeys;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads raw interactions and writes a data set. */
public final class PrepareJob implements Job {
  @Override
  public String name() {
    return "prepare";
  }

  @Override
  public String summary() {
    return "Reads raw interactions and writes a data set: ids numbered, bad rows set aside, parts"
        + " split.";
  }

  @Override
  public ConfigSchema schema() {
    return PrepareKeys.SCHEMA.and(CommonKeys.schema());
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("output", "data");
  }

  @Override
  public void check(ConfigValues values) {
    PrepareSettings.of(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    PrepareSettings settings = PrepareSettings.of(values);
    if (RunMarker.isDone(context.hadoop(), settings.output(), Manifest.FILE, values)) {
      return RunMarker.alreadyDone(settings.output(), values);
    }
    CanonicalDataset data =
        RunLock.during(
            context.hadoop(),
            settings.output(),
            () ->
                context.phase(
                    "prepare", () -> Prepare.run(context.spark(), settings, context::say)));
    return new JobSummary(describe(settings.output(), data.manifest()));
  }

  private static List<String> describe(String path, Manifest manifest) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d users, %,d items; interactions: %,d train, %,d validation, %,d test",
            manifest.users(),
            manifest.items(),
            manifest.rows(Part.TRAIN),
            manifest.rows(Part.VALIDATION),
            manifest.rows(Part.TEST)));
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d rows read, %,d bad rows set aside, left out: %s",
            manifest.rowsRead(),
            manifest.rejectedRows(),
            manifest.leftOut()));
    manifest.warnings().forEach(warning -> lines.add("note: " + warning));
    lines.add("data set: " + path + (manifest.synthetic() ? " (synthetic)" : ""));
    return lines;
  }
}
