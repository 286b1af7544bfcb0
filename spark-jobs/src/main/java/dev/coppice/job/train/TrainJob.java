package dev.coppice.job.train;

import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.BelowPopularity;
import dev.coppice.job.frame.Checked;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.rank.Titles;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TrainReport;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALSModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Trains a model on a data set. */
public final class TrainJob implements Job {
  private static final TrainedRun.Place PLACE =
      TrainedRun.Place.ofModel(
          ReportFiles.METRICS, Optional.of(TrainKeys.OUTPUT), List.of(TrainKeys.INPUT));

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "Trains a model on a data set and reports on the training.";
  }

  @Override
  public ConfigSchema schema() {
    return TrainKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model");
  }

  @Override
  public void check(ConfigValues values) {
    TrainedRun.check(values);
    Optional<String> registry = values.find(PublishKeys.REGISTRY);
    if (registry.isPresent() && values.get(TrainKeys.REFIT) && !PublishKeys.isOpen(values)) {
      throw new UsageException(
          "refit = true learns from the validation part, and the gate of registry = \""
              + registry.get()
              + "\" measures on it. Set refit = false, or maxRegression = 1 to publish without a"
              + " comparison.");
    }
    if (values.get(TrainKeys.REFIT) && values.get(AlsKeys.PATIENCE) > 0) {
      throw new UsageException(
          "patience = "
              + values.get(AlsKeys.PATIENCE)
              + " needs the validation part, and refit = true learns from it. Set one of them.");
    }
    TrainCheckpoints.check(values);
    TimeDecay.of(values);
    Checked.asUsage(() -> ModelTraining.estimator(values).validate());
    Titles.read(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Titles titles = Titles.read(values);
    TrainedRun run = new TrainedRun(context, values, PLACE);
    return run.unlessDone(
        () -> run.make((target, closer) -> train(context, values, titles, target, closer)));
  }

  private static TrainedModel train(
      JobContext context, ConfigValues values, Titles titles, String target, Closer closer)
      throws Exception {
    TrainCheckpoints durable = closer.hold(TrainCheckpoints.open(context.hadoop(), values, target));
    CanonicalDataset data =
        context.phase(
            "load",
            () -> {
              CanonicalDataset opened =
                  CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
              // Needed only after training, and checked before it.
              opened.users();
              opened.items();
              return opened;
            });
    ModelTraining training = new ModelTraining(context, values, data, titles, target);
    training.requireValidation();
    durable.begin(context, values, data.manifest().fingerprint());
    Optional<IndexedInitialModel> start = start(context, values, data);
    TrainSizing.say(context, values, data, start);
    Dataset<Row> rows = values.get(TrainKeys.REFIT) ? data.trainAndValidation() : data.train();
    Optional<TimeDecay> decay = TimeDecay.of(values);
    Dataset<Row> learnt = decay.isEmpty() ? rows : decay.get().applied(rows, context::say);
    DynamicSparseALSModel trained =
        training.train(
            ModelTraining.estimator(values),
            learnt,
            (als, fitted) -> durable.fit(als, fitted, start.map(IndexedInitialModel::model)));
    // In a longer run the next job loads the model that was saved.
    closer.hold(trained::unpersist);
    return new Model(
        training,
        trained,
        training.named(
            trained,
            start.map(IndexedInitialModel::users).orElseGet(data::users),
            start.map(IndexedInitialModel::items).orElseGet(data::items)),
        durable);
  }

  private static Optional<IndexedInitialModel> start(
      JobContext context, ConfigValues values, CanonicalDataset data) throws Exception {
    Optional<String> path = values.find(TrainKeys.INITIAL_MODEL);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    boolean keep = values.get(AlsKeys.VANISHED_ROWS).equals("keep");
    String place = Registry.resolve(context.hadoop(), path.get());
    return Optional.of(
        context.phase("load initial model", () -> IndexedInitialModel.load(place, data, keep)));
  }

  /** A model that was trained with checkpoints, which go when it is in its place. */
  private static final class Model extends TrainedModel {
    private final TrainCheckpoints durable;

    Model(
        ModelTraining training,
        DynamicSparseALSModel trained,
        DynamicSparseALSModel named,
        TrainCheckpoints durable) {
      super(training, trained, named);
      this.durable = durable;
    }

    @Override
    public void published() {
      durable.clear(training().context());
    }

    @Override
    public List<String> lines(Optional<TrainReport> report) {
      List<SweepRecord> sweeps = trained().summary().orElseThrow().sweeps();
      List<String> lines = new ArrayList<>();
      lines.add(
          String.format(
              Locale.ROOT,
              "%d sweeps over %,d interactions in %.1f s; kept sweep %d; loss %s",
              sweeps.size(),
              trained().summary().orElseThrow().interactions(),
              training().context().seconds().getOrDefault("train", 0.0),
              trained().info().bestSweep(),
              sweeps.isEmpty()
                  ? "-"
                  : String.format(Locale.ROOT, "%.6g", sweeps.get(sweeps.size() - 1).loss())));
      lines.addAll(startLines());
      if (!trained().info().metrics().isEmpty()) {
        lines.add("validation: " + MetricKey.inWords(trained().info().metrics()));
        BelowPopularity.warning(
                trained(),
                trained().info().metrics(),
                trained().summary().orElseThrow().popularity())
            .ifPresent(lines::add);
      }
      lines.addAll(placeLines(report));
      lines.addAll(durable.lines(training().values()));
      return lines;
    }
  }
}
