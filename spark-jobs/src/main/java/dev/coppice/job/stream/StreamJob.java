package dev.coppice.job.stream;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.read.BadRow;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.rank.ModelKeys;
import dev.coppice.job.rank.ModelPlace;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.FoldInStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.Trigger;

/** Keeps the rows of users up to date from files or messages as they come. */
public final class StreamJob implements Job {
  @Override
  public String name() {
    return "stream";
  }

  @Override
  public String summary() {
    return "Folds users into a model as their interactions come, from files or Kafka, in batches"
        + " that are written once each.";
  }

  @Override
  public ConfigSchema schema() {
    return StreamKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("model", "model", "output", "folded");
  }

  @Override
  public void check(ConfigValues values) {
    StreamSettings.of(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    StreamSettings settings = StreamSettings.of(values);
    String output = values.get(ModelKeys.OUTPUT);
    Places.keepApart(
        context,
        values,
        ModelKeys.OUTPUT,
        List.of(StreamKeys.INPUT, ModelKeys.MODEL, StreamKeys.PAST));
    Places.requireDirectory(context, values, ModelKeys.OUTPUT);
    refuseOther(context, output);
    try (Running running = new Running()) {
      StreamTotals totals =
          RunLock.during(
              context.hadoop(), output, () -> stream(context, values, settings, running));
      List<String> lines = totals.lines(output);
      if (running.isAskedToEnd()) {
        // The process may be gone before a summary is printed.
        lines.forEach(context::say);
        return new JobSummary(List.of());
      }
      return new JobSummary(lines);
    }
  }

  /** Refuses a directory that holds anything but batches. */
  private static void refuseOther(JobContext context, String output) throws IOException {
    Path place = new Path(output);
    FileSystem files = place.getFileSystem(context.hadoop());
    if (!files.exists(place)) {
      return;
    }
    for (FileStatus status : files.listStatus(place)) {
      String name = status.getPath().getName();
      if (!name.matches("batch=[0-9]+|[._].*")) {
        throw new UsageException(
            "output = \""
                + output
                + "\" holds something else than the batches of a stream ("
                + name
                + "). Choose another path.");
      }
    }
  }

  private static StreamTotals stream(
      JobContext context, ConfigValues values, StreamSettings settings, Running running)
      throws Exception {
    Dataset<Row> rows = StreamSource.of(context, values, settings);
    DynamicSparseALSModel model =
        NamedParts.named(ModelPlace.load(context, values.get(ModelKeys.MODEL)));
    FoldInStream stream = stream(context, values, model);
    StreamTotals totals = new StreamTotals();
    boolean headed = settings.reading().header();
    VoidFunction2<Dataset<Row>, Long> fold =
        (batch, id) ->
            running.during(
                () -> {
                  if (headed) {
                    refuseOtherHeaders(batch);
                  }
                  context.say(totals.add(stream.fold(batch, id)));
                });
    DataStreamWriter<Row> writer = stream.writer(rows).foreachBatch(fold);
    if (values.find(StreamKeys.CHECKPOINT).isPresent()) {
      writer = writer.option("checkpointLocation", values.get(StreamKeys.CHECKPOINT));
    }
    Trigger trigger =
        values
            .find(StreamKeys.EVERY_SECONDS)
            .map(seconds -> Trigger.ProcessingTime(1000L * seconds))
            .orElseGet(Trigger::AvailableNow);
    running.await(
        writer.trigger(trigger).queryName("coppice-stream"),
        () ->
            context.say(
                "the batch that an earlier run did not finish is done; the query starts again"));
    return totals;
  }

  private static FoldInStream stream(
      JobContext context, ConfigValues values, DynamicSparseALSModel model) {
    FoldInStream stream =
        new FoldInStream(model, values.get(ModelKeys.OUTPUT))
            .withLists(values.get(StreamKeys.K))
            .withHistory(values.get(StreamKeys.HISTORY))
            .withReasons("reason", "text");
    if (values.find(StreamKeys.WEIGHT_COL).isPresent()) {
      stream = stream.withWeights("weight", values.get(StreamKeys.DUPLICATES).equals("last"));
    }
    if (values.find(StreamKeys.PAST).isPresent()) {
      CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(StreamKeys.PAST));
      stream = stream.withPast(NamedParts.weighted(data, data.trainAndValidation()));
    }
    return stream;
  }

  /** The lines below such a header would be read by the wrong columns. */
  private static void refuseOtherHeaders(Dataset<Row> batch) {
    List<Row> found =
        batch
            .where(functions.col("reason").equalTo(BadRow.HEADER.key()))
            .select("file", "text")
            .limit(1)
            .collectAsList();
    if (!found.isEmpty()) {
      throw new BadInputException(
          found.get(0).getString(0)
              + " begins with \""
              + found.get(0).getString(1)
              + "\", and not with the names of columns that it should have. Correct columns, or set"
              + " header = false, or take the file away.");
    }
  }
}
