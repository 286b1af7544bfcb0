package dev.coppice.job.train;

import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.rank.Titles;
import dev.coppice.job.registry.RegistryRun;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.DimensionUse;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.RowDistribution;
import dev.coppice.report.SweepFacts;
import dev.coppice.report.TrainReport;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.als.StartCounts;
import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.checkpoint.Checkpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Trains a model on a data set. */
public final class TrainJob implements Job {
  private static final String MODEL_FILE = "coppice.json";

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
    checkPlace(values);
    if (values.get(TrainKeys.REFIT) && values.get(AlsKeys.PATIENCE) > 0) {
      throw new UsageException(
          "patience = "
              + values.get(AlsKeys.PATIENCE)
              + " needs the validation part, and refit = true learns from it. Set one of them.");
    }
    TrainCheckpoints.check(values);
    try {
      estimator(values).validateParams();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** The estimator that the settings describe; keys that a job lacks stay at their defaults. */
  public static DynamicSparseALS estimator(ConfigValues values) {
    return new DynamicSparseALS()
        .configure(values)
        .setUserCol("user")
        .setItemCol("item")
        .setRatingCol("weight")
        // A job loads it itself: it may be a registry, and its ids are matched to the data set's.
        .setInitialModel("");
  }

  private static void checkPlace(ConfigValues values) {
    if (values.find(PublishKeys.REGISTRY).isEmpty()) {
      if (values.find(TrainKeys.MODEL).isEmpty()) {
        throw new UsageException(
            "model is not set: it must be a path or URI (where the model goes). Set it, or set"
                + " registry to publish the model in a registry.");
      }
      return;
    }
    RegistryRun.check(values);
    if (values.get(TrainKeys.REFIT) && !PublishKeys.isOpen(values)) {
      throw new UsageException(
          "refit = true learns from the validation part, and the gate of registry = \""
              + values.get(PublishKeys.REGISTRY)
              + "\" measures on it. Set refit = false, or maxRegression = 1 to publish without a"
              + " comparison.");
    }
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    if (values.find(PublishKeys.REGISTRY).isPresent()) {
      return RegistryRun.of(
          context, values, values.find(TrainKeys.INPUT), place -> train(context, values, place));
    }
    String target = values.get(TrainKeys.MODEL);
    Places.keepApart(context, values, TrainKeys.MODEL, List.of(TrainKeys.INPUT));
    Places.keepApart(context, values, TrainKeys.OUTPUT, List.of(TrainKeys.INPUT));
    if (RunMarker.isDone(context.hadoop(), target, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(target, values);
    }
    return RunLock.during(context.hadoop(), target, () -> train(context, values, target));
  }

  private JobSummary train(JobContext context, ConfigValues values, String target)
      throws Exception {
    try (AtomicDirectory directory =
            new AtomicDirectory(
                context.hadoop(), "model", target, values.get(CommonKeys.OVERWRITE), MODEL_FILE);
        TrainCheckpoints durable = TrainCheckpoints.open(context.hadoop(), values, target)) {
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
      Checkpoints checkpoints = durable.begin(context, values, data.manifest().fingerprint());
      Optional<StartingModel> start = start(context, values, data);
      TrainSizing.say(context, values, data, start);
      TrainingEvents listener = new TrainingEvents(context, values.get(LatentKeys.MAX_ITER));
      DynamicSparseALSModel trained =
          context.phase(
              "train",
              () -> fit(values, data, start.map(StartingModel::model), listener, checkpoints));
      TrainingSummary training = trained.summary().orElseThrow();
      listener.trained(target, trained, training);
      DynamicSparseALSModel model =
          context.phase(
              "name ids",
              () ->
                  trained
                      .withInfo(
                          trained
                              .info()
                              .withDataFingerprint(data.manifest().fingerprint())
                              .withConfiguration(values.asMap()))
                      .withIds(
                          start.map(StartingModel::users).orElseGet(data::users),
                          start.map(StartingModel::items).orElseGet(data::items)));
      context.phase(
          "save",
          () -> {
            model.write().save(directory.temporary().toString());
            return null;
          });
      TrainReport report =
          context.phase("report", () -> report(context, values, data, trained, training));
      ReportFiles.write(report, directory.temporary(), context.hadoop());
      directory.publish();
      // A report that is found speaks of a model that is there.
      Optional<String> elsewhere = values.find(TrainKeys.OUTPUT);
      if (elsewhere.isPresent()) {
        ReportFiles.write(report, new Path(elsewhere.get()), context.hadoop());
      }
      durable.clear(context);
      // In a longer run the next job loads the model that was saved.
      trained.userTable().unpersist();
      trained.itemTable().unpersist();
      return summary(values, target, report, training).and(durable.lines(values));
    }
  }

  private static Optional<StartingModel> start(
      JobContext context, ConfigValues values, CanonicalDataset data) throws Exception {
    Optional<String> path = values.find(TrainKeys.INITIAL_MODEL);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    boolean keep = values.get(AlsKeys.VANISHED_ROWS).equals("keep");
    String place = Registry.resolve(context.hadoop(), path.get());
    return Optional.of(
        context.phase("load initial model", () -> StartingModel.load(place, data, keep)));
  }

  private static DynamicSparseALSModel fit(
      ConfigValues values,
      CanonicalDataset data,
      Optional<DynamicSparseALSModel> start,
      TrainingListener listener,
      Checkpoints checkpoints) {
    DynamicSparseALS als = estimator(values).setListener(listener);
    boolean validates = !values.get(TrainKeys.REFIT) && data.manifest().rows(Part.VALIDATION) > 0;
    if (!validates && values.get(AlsKeys.PATIENCE) > 0) {
      throw new BadInputException(
          "patience = "
              + values.get(AlsKeys.PATIENCE)
              + " needs a validation part, and \""
              + data.path()
              + "\" has none. Set patience = 0, or prepare the data with validation = ratio.");
    }
    if (!validates) {
      Dataset<Row> rows = values.get(TrainKeys.REFIT) ? data.trainAndValidation() : data.train();
      return als.fit(rows, start.orElse(null), checkpoints);
    }
    Dataset<Row> rows =
        data.train()
            .withColumn("validation", lit(false))
            .union(data.validation().withColumn("validation", lit(true)));
    return als.setValidationCol("validation").fit(rows, start.orElse(null), checkpoints);
  }

  static TrainReport report(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      DynamicSparseALSModel model,
      TrainingSummary training) {
    int rank = model.rank();
    List<SweepFacts> sweeps = new ArrayList<>();
    for (SweepRecord sweep : training.sweeps()) {
      sweeps.add(
          new SweepFacts(
              sweep.sweep(),
              sweep.seconds(),
              sweep.loss(),
              sweep.updateRatio(),
              sweep.userMoved(),
              sweep.itemMoved(),
              sweep.metrics()));
    }
    return new TrainReport(
        Facts.run(context, values, values.get(LatentKeys.SEED)),
        Facts.data(data, training.interactions()),
        context.seconds(),
        sweeps,
        training.bestSweep(),
        model.info().metrics(),
        training.popularity(),
        Facts.model(model.info()),
        new RowDistribution(
            TableFacts.bands(model.userRows(), rank), TableFacts.bands(model.itemRows(), rank)),
        new DimensionUse(
            TableFacts.dimensions(model.userRows(), rank),
            TableFacts.dimensions(model.itemRows(), rank),
            StrongestDimensions.of(
                model.userRows(),
                model.itemRows(),
                data.items(),
                Titles.read(values.find(TrainKeys.TITLES)))));
  }

  static String startLine(Side side, StartCounts counts) {
    return String.format(
        Locale.ROOT,
        "start: %,d %s known, %,d new, %,d vanished; %,d weights pruned, %,d grown",
        counts.known(),
        side == Side.USERS ? "users" : "items",
        counts.added(),
        counts.vanished(),
        counts.pruned(),
        counts.grown());
  }

  private static JobSummary summary(
      ConfigValues values, String target, TrainReport report, TrainingSummary training) {
    List<String> lines = new ArrayList<>();
    Optional<SweepFacts> last = report.sweeps().stream().reduce((first, second) -> second);
    lines.add(
        String.format(
            Locale.ROOT,
            "%d sweeps over %,d interactions in %.1f s; kept sweep %d; loss %s",
            report.sweeps().size(),
            report.data().interactions(),
            report.seconds().getOrDefault("train", 0.0),
            report.bestSweep(),
            last.map(sweep -> String.format(Locale.ROOT, "%.6g", sweep.loss())).orElse("-")));
    training.start().forEach((side, counts) -> lines.add(startLine(side, counts)));
    if (!report.metrics().isEmpty()) {
      lines.add("validation: " + report.metrics());
    }
    lines.addAll(Facts.account(report.model()));
    lines.add("model: " + target);
    lines.add("report: " + values.find(TrainKeys.OUTPUT).orElse(target) + "/" + ReportFiles.PAGE);
    return new JobSummary(lines);
  }
}
