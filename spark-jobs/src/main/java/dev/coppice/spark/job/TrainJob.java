package dev.coppice.spark.job;

import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.data.io.AtomicDirectory;
import dev.coppice.spark.AlsConfig;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.als.StartCounts;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.report.DimensionUse;
import dev.coppice.spark.report.ReportFiles;
import dev.coppice.spark.report.RowDistribution;
import dev.coppice.spark.report.SweepFacts;
import dev.coppice.spark.report.TrainReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Trains a model on a data set. */
final class TrainJob implements Job {
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
    if (values.get(TrainKeys.REFIT) && values.get(TrainKeys.PATIENCE) > 0) {
      throw new UsageException(
          "patience = "
              + values.get(TrainKeys.PATIENCE)
              + " needs the validation part, and refit = true learns from it. Set one of them.");
    }
    if (values.get(TrainKeys.CHECKPOINT_INTERVAL) == 0) {
      throw new UsageException(
          "checkpointInterval = \"0\" is not allowed: it must be -1 for none, or at least 1."
              + " Change it, or leave it out for the default.");
    }
    try {
      AlsConfig.of(estimator(values));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  static DynamicSparseALS estimator(ConfigValues values) {
    DynamicSparseALS als =
        new DynamicSparseALS()
            .setUserCol("user")
            .setItemCol("item")
            .setRatingCol("weight")
            .setRank(values.get(TrainKeys.RANK))
            .setDensity(values.get(TrainKeys.DENSITY))
            .setMaxIter(values.get(TrainKeys.MAX_ITER))
            .setRegParam(values.get(TrainKeys.REG_PARAM))
            .setRegExponent(values.get(TrainKeys.REG_EXPONENT))
            .setUnobservedWeight(values.get(TrainKeys.UNOBSERVED_WEIGHT))
            .setUserDebias(values.get(TrainKeys.USER_DEBIAS))
            .setItemDebias(values.get(TrainKeys.ITEM_DEBIAS))
            .setUpdateRatio(values.get(TrainKeys.UPDATE_RATIO))
            .setUpdateSchedule(values.get(TrainKeys.UPDATE_SCHEDULE))
            .setUpdateInterval(values.get(TrainKeys.UPDATE_INTERVAL))
            .setMinWeightsPerRow(values.get(TrainKeys.MIN_WEIGHTS_PER_ROW))
            .setImplicitPrefs(values.get(TrainKeys.IMPLICIT_PREFS))
            .setSeed(values.get(TrainKeys.SEED))
            .setNumBlocks(values.get(TrainKeys.NUM_BLOCKS))
            .setNumPartitions(values.get(TrainKeys.NUM_PARTITIONS))
            .setCheckpointInterval(values.get(TrainKeys.CHECKPOINT_INTERVAL))
            .setBroadcastLimit(values.get(TrainKeys.BROADCAST_LIMIT))
            .setVanishedRows(values.get(TrainKeys.VANISHED_ROWS))
            .setPatience(values.get(TrainKeys.PATIENCE))
            .setMetric(values.get(TrainKeys.METRIC));
    values.find(TrainKeys.ALPHA).ifPresent(als::setAlpha);
    return als;
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String target = values.get(TrainKeys.MODEL);
    if (RunMarker.isDone(context.hadoop(), target, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(target, values);
    }
    return RunLock.during(context.hadoop(), target, () -> train(context, values, target));
  }

  private JobSummary train(JobContext context, ConfigValues values, String target)
      throws Exception {
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(), "model", target, values.get(CommonKeys.OVERWRITE), MODEL_FILE)) {
      values
          .find(TrainKeys.CHECKPOINT_DIR)
          .ifPresent(path -> context.spark().sparkContext().setCheckpointDir(path));
      CanonicalDataset data =
          context.phase(
              "load", () -> CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT)));
      Optional<StartingModel> start = start(context, values, data);
      DynamicSparseALSModel trained =
          context.phase("train", () -> fit(values, data, start.map(StartingModel::model)));
      TrainingSummary training = trained.summary().orElseThrow();
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
      Path here = values.find(TrainKeys.OUTPUT).map(Path::new).orElse(directory.temporary());
      ReportFiles.write(report, here, context.hadoop());
      directory.publish();
      return summary(values, target, report, training);
    }
  }

  private static Optional<StartingModel> start(
      JobContext context, ConfigValues values, CanonicalDataset data) throws Exception {
    Optional<String> path = values.find(TrainKeys.INITIAL_MODEL);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    boolean keep = values.get(TrainKeys.VANISHED_ROWS).equals("keep");
    return Optional.of(
        context.phase(
            "load initial model", () -> StartingModel.load(path.orElseThrow(), data, keep)));
  }

  private static DynamicSparseALSModel fit(
      ConfigValues values, CanonicalDataset data, Optional<DynamicSparseALSModel> start) {
    DynamicSparseALS als = estimator(values);
    boolean validates = !values.get(TrainKeys.REFIT) && data.manifest().rows(Part.VALIDATION) > 0;
    if (!validates && values.get(TrainKeys.PATIENCE) > 0) {
      throw new BadInputException(
          "patience = "
              + values.get(TrainKeys.PATIENCE)
              + " needs a validation part, and \""
              + data.path()
              + "\" has none. Set patience = 0, or prepare the data with validation = ratio.");
    }
    if (!validates) {
      Dataset<Row> rows = values.get(TrainKeys.REFIT) ? data.trainAndValidation() : data.train();
      return fit(als, rows, start);
    }
    Dataset<Row> rows =
        data.train()
            .withColumn("validation", lit(false))
            .union(data.validation().withColumn("validation", lit(true)));
    return fit(als.setValidationCol("validation"), rows, start);
  }

  private static DynamicSparseALSModel fit(
      DynamicSparseALS als, Dataset<Row> rows, Optional<DynamicSparseALSModel> start) {
    return start.isPresent() ? als.fit(rows, start.orElseThrow()) : als.fit(rows);
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
        Facts.run(context, values, values.get(TrainKeys.SEED)),
        Facts.data(data, training.interactions()),
        context.seconds(),
        sweeps,
        training.bestSweep(),
        model.info().metrics(),
        Map.of(),
        Facts.model(model.info()),
        new RowDistribution(
            TableFacts.bands(model.userRows(), rank), TableFacts.bands(model.itemRows(), rank)),
        new DimensionUse(
            TableFacts.dimensions(model.userRows(), rank),
            TableFacts.dimensions(model.itemRows(), rank)));
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
