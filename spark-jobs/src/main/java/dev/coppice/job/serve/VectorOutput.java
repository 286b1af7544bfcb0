package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.ModelPlace;
import dev.coppice.job.rank.Titles;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.store.VectorForm;
import dev.coppice.spark.store.VectorLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;

/** Writes a model as lines of JSON, a directory that appears whole. */
final class VectorOutput {
  private static final String ITEMS = "items";
  private static final String QUERIES = "queries";

  private VectorOutput() {}

  static JobSummary write(JobContext context, ConfigValues values, VectorForm form)
      throws Exception {
    String output = values.get(ExportKeys.OUTPUT);
    Places.keepApart(context, values, ExportKeys.OUTPUT, List.of(ModelKeys.MODEL));
    if (RunMarker.isDone(context.hadoop(), output, RunMarker.FILE, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(
        context.hadoop(), output, () -> writeLocked(context, values, form, output));
  }

  private static JobSummary writeLocked(
      JobContext context, ConfigValues values, VectorForm form, String output) throws Exception {
    RunMarker.refuseOther(context.hadoop(), output, RunMarker.FILE, context.job());
    boolean drop = values.get(ExportKeys.NEGATIVE_NEIGHBOURS).equals("drop");
    List<String> lines = new ArrayList<>();
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(), "output", output, values.get(CommonKeys.OVERWRITE), RunMarker.FILE)) {
      DynamicSparseALSModel model = ModelPlace.load(context, values.get(ModelKeys.MODEL));
      VectorLines vectors =
          context.phase("check", () -> new VectorLines(model.stored(), form, drop));
      Dataset<String> items = vectors.documents(Titles.read(values).byId());
      context.phase("items", () -> written(items, directory.child(ITEMS)));
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d items as %s: %s/%s",
              model.itemTable().size().rows(),
              form.word(),
              output,
              ITEMS));
      if (values.get(ExportKeys.QUERIES)) {
        context.phase("queries", () -> written(vectors.queries(), directory.child(QUERIES)));
        lines.add(
            String.format(
                Locale.ROOT,
                "%,d users as queries: %s/%s",
                model.userTable().size().rows(),
                output,
                QUERIES));
      }
      if (drop && !form.takesNegative()) {
        lines.add(dropped(context.phase("count", vectors::links)));
      }
      directory.writeText(RunMarker.FILE, RunMarker.text(context.job(), values));
      directory.publish();
    }
    return new JobSummary(lines);
  }

  private static String written(Dataset<String> lines, String path) {
    lines.write().text(path);
    return path;
  }

  private static String dropped(VectorLines.Links links) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d neighbours were left out, as their weights are below 0: %.1f %% of the sum of"
            + " all magnitudes",
        links.negative(),
        links.all(),
        100 * links.share());
  }
}
