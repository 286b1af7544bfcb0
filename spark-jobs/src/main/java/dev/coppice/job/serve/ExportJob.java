package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.ModelPlace;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.job.rank.Titles;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.store.ServingExport;
import dev.coppice.spark.store.VectorForm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes a model as one flat file for serving without Spark, or as lines for another store. */
public final class ExportJob implements Job {
  private static final String RUN_ID = "runId";

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String summary() {
    return "Writes a model as one flat file, to be served without Spark, or as lines of JSON for a"
        + " search engine.";
  }

  @Override
  public ConfigSchema schema() {
    return ExportKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("model", "model", "output", "model.coppice");
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String output = values.get(ExportKeys.OUTPUT);
    Optional<VectorForm> lines = ExportKeys.lines(values);
    if (lines.isPresent()) {
      return VectorOutput.write(context, values, lines.get());
    }
    ServingTarget target =
        new ServingTarget(context.hadoop(), output, values.find(ExportKeys.SCRATCH));
    if (isDone(target, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(context.hadoop(), output, () -> export(context, values, target));
  }

  private static boolean isDone(ServingTarget target, ConfigValues values) throws IOException {
    Optional<String> runId = values.find(CommonKeys.RUN_ID);
    return runId.isPresent()
        && target.label(RUN_ID).filter(label -> label.equals(runId.get())).isPresent();
  }

  private static JobSummary export(JobContext context, ConfigValues values, ServingTarget target)
      throws Exception {
    target.check(values.get(CommonKeys.OVERWRITE));
    DynamicSparseALSModel model = ModelPlace.load(context, values.get(ModelKeys.MODEL));
    Dataset<Row> seen = seen(context, values, model);
    WeightForm form = WeightForm.ofBits(Integer.parseInt(values.get(ExportKeys.WEIGHTS)));
    Optional<ServingQuality> quality = quality(context, values);
    Map<String, String> labels =
        values.find(CommonKeys.RUN_ID).map(id -> Map.of(RUN_ID, id)).orElse(Map.of());
    List<String> lines = new ArrayList<>();
    try (ServingWriter writer =
            new ServingWriter(target.scratch(), ServingExport.info(model.stored(), labels));
        ServingTarget.Draft draft = target.draft()) {
      context.phase(
          "read",
          () -> {
            ServingExport.addAll(
                writer,
                model.stored(),
                model.scoringTables().pairs(seen),
                values.get(ExportKeys.FOLD_IN));
            return null;
          });
      context.phase("write", () -> writer.write(draft.file(), form));
      ServingModel file = context.phase("check", () -> ServingModel.open(draft.file()).verify());
      lines.addAll(describe(context, values, writer, file));
      if (quality.isPresent()) {
        lines.addAll(measure(context, quality.get(), writer, file, target));
      }
      context.phase(
          "publish",
          () -> {
            draft.publish();
            return null;
          });
    }
    lines.add("file: " + values.get(ExportKeys.OUTPUT));
    return new JobSummary(lines);
  }

  private static Dataset<Row> seen(
      JobContext context, ConfigValues values, DynamicSparseALSModel model) {
    Optional<String> path = values.find(ExportKeys.SEEN);
    if (path.isEmpty()) {
      return null;
    }
    return NamedParts.seen(CanonicalDataset.open(context.spark(), path.get()), model);
  }

  private static Optional<ServingQuality> quality(JobContext context, ConfigValues values) {
    return values
        .find(ExportKeys.QUALITY)
        .map(
            path ->
                ServingQuality.of(
                    CanonicalDataset.open(context.spark(), path),
                    values.get(ModelKeys.PART).equals("test") ? Part.TEST : Part.VALIDATION));
  }

  private static List<String> describe(
      JobContext context, ConfigValues values, ServingWriter writer, ServingModel file)
      throws IOException {
    long rows = (long) writer.users() + writer.items();
    long dense = 4L * file.info().rank() * rows;
    Path model = new Path(values.get(ModelKeys.MODEL));
    FileSystem files = model.getFileSystem(context.hadoop());
    long saved = files.getContentSummary(model).getLength();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d users, %,d items, rank %d: %,d weights of %d bits%s%s%s",
            writer.users(),
            writer.items(),
            file.info().rank(),
            writer.weights(),
            file.weightForm().bits(),
            file.info().neighbours()
                ? String.format(Locale.ROOT, ", %,d neighbours", writer.neighbours())
                : "",
            file.holdsSeen() ? ", seen items" : "",
            file.canFoldIn() ? ", fold-in" : ""));
    lines.add(
        String.format(
            Locale.ROOT,
            "bytes: %,d; the saved model takes %,d (the file is %.2f times as large), dense tables"
                + " of this rank %,d (%.2f times as large)",
            file.bytes(),
            saved,
            ratio(file.bytes(), saved),
            dense,
            ratio(file.bytes(), dense)));
    lines.add("bytes by part: " + ServingParts.describe(file));
    if (file.info().neighbours()) {
      lines.add("of these: " + ServingParts.totals(file));
    }
    return lines;
  }

  private static double ratio(long bytes, long other) {
    return other == 0 ? Double.NaN : (double) bytes / other;
  }

  private static List<String> measure(
      JobContext context,
      ServingQuality quality,
      ServingWriter writer,
      ServingModel file,
      ServingTarget target)
      throws Exception {
    List<ServingModel> models = new ArrayList<>(List.of(file));
    if (file.weightForm() == WeightForm.FLOAT32) {
      return context.phase("measure", () -> quality.measure(models));
    }
    java.nio.file.Path whole = Files.createTempFile(target.scratch(), ".coppice-", ".32");
    try {
      writer.write(whole, WeightForm.FLOAT32);
      models.add(ServingModel.open(whole));
      return context.phase("measure", () -> quality.measure(models));
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  @Override
  public void check(ConfigValues values) {
    ExportKeys.check(values);
    Titles.read(values);
    values
        .find(ExportKeys.SCRATCH)
        .filter(scratch -> !Files.isDirectory(java.nio.file.Path.of(scratch)))
        .ifPresent(
            scratch -> {
              throw new UsageException(
                  "scratch = \"" + scratch + "\" is no local directory. Make it first.");
            });
  }
}
