package dev.coppice.job.train;

import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.Budget;
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
import dev.coppice.job.registry.RegistryRun;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.DriftFacts;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TrainReport;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.EarlierModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a model on to new data, and tells how far it moved. */
public final class RetrainJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(RetrainJob.class);
  private static final String MODEL_FILE = "coppice.json";

  @Override
  public String name() {
    return "retrain";
  }

  @Override
  public String summary() {
    return "Carries an earlier model on to new data and reports how far it moved.";
  }

  @Override
  public ConfigSchema schema() {
    return RetrainKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "model", "model");
  }

  @Override
  public void check(ConfigValues values) {
    boolean registry = values.find(PublishKeys.REGISTRY).isPresent();
    if (registry) {
      RegistryRun.check(values);
    } else if (values.find(TrainKeys.MODEL).isEmpty()) {
      throw new UsageException(
          "model is not set: it must be a path or URI (where the model goes). Set it, or set"
              + " registry to publish the model in a registry.");
    } else if (values.find(RetrainKeys.INITIAL_MODEL).isEmpty()) {
      throw new UsageException(
          "initialModel is not set: it must be a path or URI (the earlier model). Set it, or set"
              + " registry to go on from its published model.");
    }
    boolean replays = values.get(RetrainKeys.REPLAY) < 1 || values.get(RetrainKeys.DROP_FITTED) > 0;
    if (replays && RetrainKeys.previousInput(values).isEmpty()) {
      throw new UsageException(
          "replay and dropFitted choose among old interactions, and previousInput, which tells"
              + " them, is not set. Set it, or leave both out.");
    }
    try {
      MetricKey.parse(values.get(AlsKeys.METRIC));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static DynamicSparseALS estimator(ConfigValues values) {
    return TrainJob.estimator(values)
        .setNewRows(values.get(AlsKeys.NEW_ROWS))
        .setSolveShare(values.get(AlsKeys.SOLVE_SHARE))
        .setBudget(values.get(AlsKeys.BUDGET));
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Optional<String> target = values.find(TrainKeys.MODEL);
    boolean publishes = values.find(PublishKeys.REGISTRY).isPresent();
    if (!publishes) {
      for (ConfigKey<String> output : List.of(TrainKeys.MODEL, TrainKeys.OUTPUT)) {
        Places.keepApart(
            context, values, output, List.of(TrainKeys.INPUT, RetrainKeys.INITIAL_MODEL));
      }
      if (RunMarker.isDone(context.hadoop(), target.orElseThrow(), ReportFiles.METRICS, values)) {
        return RunMarker.alreadyDone(target.orElseThrow(), values);
      }
    }
    if (publishes && RegistryRun.isMade(context, values)) {
      // The published model may be this run's own by now, which is no model to begin from.
      return RegistryRun.of(
          context, values, values.find(TrainKeys.INPUT), place -> JobSummary.of());
    }
    CanonicalDataset input = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
    List<CanonicalDataset> previous = new ArrayList<>();
    for (String path : RetrainKeys.previousInput(values)) {
      previous.add(CanonicalDataset.open(context.spark(), path));
    }
    String from =
        Registry.resolve(
            context.hadoop(),
            values
                .find(RetrainKeys.INITIAL_MODEL)
                .orElseGet(() -> values.get(PublishKeys.REGISTRY)));
    ModelInfo earlier = EarlierModel.load(from).info();
    List<String> lines = new ArrayList<>();
    requireLineage(values, from, earlier, previous, lines);
    RetrainData data = context.phase("compare data", () -> RetrainData.of(input, previous));
    try {
      boolean same =
          previous.isEmpty() && earlier.dataFingerprint().equals(input.manifest().fingerprint());
      if (same || data.counts().fresh() == 0) {
        return JobSummary.of(
            "nothing to do: \""
                + input.path()
                + "\" has no interaction that the earlier model has not seen",
            "the earlier model stays as it is: " + from);
      }
      requireClock(values, data.counts(), lines);
      Period period =
          new Period(withModelSettings(values, earlier), from, input, data, List.copyOf(lines));
      if (publishes) {
        return RegistryRun.of(
            context,
            values,
            values.find(TrainKeys.INPUT),
            place -> retrain(context, period, place));
      }
      return RunLock.during(
          context.hadoop(),
          target.orElseThrow(),
          () -> retrain(context, period, target.orElseThrow()));
    } finally {
      data.release();
    }
  }

  /**
   * What is retrained, checked.
   *
   * @param values the settings, with those of the earlier model
   * @param from where the earlier model lies
   * @param warnings what the summary begins with
   */
  private record Period(
      ConfigValues values,
      String from,
      CanonicalDataset input,
      RetrainData data,
      List<String> warnings) {}

  private JobSummary retrain(JobContext context, Period period, String target) throws Exception {
    ConfigValues values = period.values();
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(), "model", target, values.get(CommonKeys.OVERWRITE), MODEL_FILE)) {
      boolean keep = values.get(AlsKeys.VANISHED_ROWS).equals("keep");
      StartingModel start =
          context.phase(
              "load initial model", () -> StartingModel.load(period.from(), period.input(), keep));
      RetrainData.Counts pairs = period.data().counts();
      TrainSizing.say(context, values, period.input(), start, pairs.old() + pairs.fresh());
      Dataset<Row> learnt =
          period
              .data()
              .learnt(
                  values.get(RetrainKeys.REPLAY),
                  values.get(AlsKeys.IMPLICIT_PREFS),
                  values.get(RetrainKeys.DROP_FITTED),
                  start.model(),
                  drawSeed(values, period.input()));
      TrainingEvents listener = new TrainingEvents(context, values.get(LatentKeys.MAX_ITER));
      DynamicSparseALSModel trained =
          context.phase(
              "train", () -> fit(values, period.input(), learnt, start.model(), listener));
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
                              .withDataFingerprint(period.input().manifest().fingerprint())
                              .withConfiguration(values.asMap()))
                      .withIds(start.users(), start.items()));
      context.phase(
          "save",
          () -> {
            model.write().save(directory.temporary().toString());
            return null;
          });
      DriftFacts drift =
          context.phase(
              "drift",
              () ->
                  new Drift(start.model(), trained, period.data())
                      .measure(
                          values.get(RetrainKeys.DRIFT_USERS),
                          MetricKey.parse(values.get(AlsKeys.METRIC))));
      TrainReport report =
          context
              .phase(
                  "report",
                  () -> TrainJob.report(context, values, period.input(), trained, training))
              .withDrift(drift);
      ReportFiles.write(report, directory.temporary(), context.hadoop());
      directory.publish();
      // A report that is found speaks of a model that is there.
      Optional<String> elsewhere = values.find(TrainKeys.OUTPUT);
      if (elsewhere.isPresent()) {
        ReportFiles.write(report, new Path(elsewhere.get()), context.hadoop());
      }
      List<String> lines = new ArrayList<>(period.warnings());
      lines.add(counts(pairs, training));
      training.start().forEach((side, counts) -> lines.add(TrainJob.startLine(side, counts)));
      lines.add(budget(values, start.model(), training));
      lines.addAll(lines(drift));
      lines.addAll(Facts.account(report.model()));
      lines.add("model: " + target);
      lines.add("report: " + values.find(TrainKeys.OUTPUT).orElse(target) + "/" + ReportFiles.PAGE);
      return new JobSummary(lines);
    }
  }

  /** What describes the model is the earlier model's where it is not given. */
  private ConfigValues withModelSettings(ConfigValues given, ModelInfo earlier) {
    Map<String, String> texts = new HashMap<>();
    for (ConfigKey<?> key : schema().keys()) {
      String name = key.name();
      String own = given.asMap().get(name);
      if (given.isGiven(key) && own != null) {
        texts.put(name, own);
      } else if (RetrainKeys.FROM_MODEL.contains(name)
          && earlier.configuration().containsKey(name)) {
        texts.put(name, earlier.configuration().get(name));
      }
    }
    if (given.isGiven(LatentKeys.UNOBSERVED_WEIGHT) && !given.isGiven(AlsKeys.ALPHA)) {
      texts.remove(AlsKeys.ALPHA.name());
    }
    ConfigValues values = schema().resolve(texts);
    if (values.get(LatentKeys.RANK) != earlier.rank()) {
      throw new BadInputException(
          "the initial model has rank "
              + earlier.rank()
              + ", and rank is "
              + values.get(LatentKeys.RANK)
              + "; leave rank out, or train anew");
    }
    try {
      estimator(values).validateParams();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
    return values;
  }

  private static void requireLineage(
      ConfigValues values,
      String from,
      ModelInfo earlier,
      List<CanonicalDataset> previous,
      List<String> lines) {
    boolean known =
        previous.isEmpty()
            || previous.stream()
                .anyMatch(data -> data.manifest().fingerprint().equals(earlier.dataFingerprint()));
    if (known) {
      return;
    }
    String problem =
        "the model \""
            + from
            + "\" was trained on data of fingerprint \""
            + earlier.dataFingerprint()
            + "\", and none of previousInput = "
            + RetrainKeys.previousInput(values)
            + " has it";
    if (values.get(RetrainKeys.LINEAGE).equals("refuse")) {
      throw new BadInputException(
          problem + ". Name the data set that it was trained on, or set lineage = warn.");
    }
    warn("warning: " + problem, lines);
  }

  private static void requireClock(
      ConfigValues values, RetrainData.Counts counts, List<String> lines) {
    if (!counts.backwards()) {
      return;
    }
    String problem =
        "the newest new interaction is "
            + (counts.newestOld() - counts.newestNew())
            + " milliseconds older than the newest old one ("
            + counts.newestNew()
            + " and "
            + counts.newestOld()
            + " in epoch milliseconds): a clock ran backwards, or the data sets are in the wrong"
            + " order";
    if (values.get(RetrainKeys.CLOCK).equals("refuse")) {
      throw new BadInputException(problem + ". Correct them, or set clock = warn.");
    }
    warn("warning: " + problem, lines);
  }

  private static void warn(String line, List<String> lines) {
    LOG.warn(line);
    lines.add(line);
  }

  /** Draws differ from period to period, and are the same however often a period is run. */
  private static long drawSeed(ConfigValues values, CanonicalDataset input) {
    String fingerprint = input.manifest().fingerprint();
    return values.get(LatentKeys.SEED) ^ Long.parseUnsignedLong(fingerprint.substring(0, 16), 16);
  }

  private static DynamicSparseALSModel fit(
      ConfigValues values,
      CanonicalDataset input,
      Dataset<Row> learnt,
      DynamicSparseALSModel start,
      TrainingListener listener) {
    DynamicSparseALS als = estimator(values).setListener(listener);
    if (input.manifest().rows(Part.VALIDATION) > 0) {
      Dataset<Row> validation = input.validation().select("user", "item", "weight");
      return als.setValidationCol("validation")
          .fit(
              learnt
                  .withColumn("validation", lit(false))
                  .union(validation.withColumn("validation", lit(true))),
              start);
    }
    if (values.get(AlsKeys.PATIENCE) > 0) {
      throw new BadInputException(
          "patience = "
              + values.get(AlsKeys.PATIENCE)
              + " needs a validation part, and \""
              + input.path()
              + "\" has none. Set patience = 0, or prepare the data with validation = ratio.");
    }
    return als.fit(learnt, start);
  }

  private static String counts(RetrainData.Counts counts, TrainingSummary training) {
    return String.format(
        Locale.ROOT,
        "%,d new interactions (%,d of them older than the newest old one), %,d old ones; learnt"
            + " from %,d in %d sweeps",
        counts.fresh(),
        counts.late(),
        counts.old(),
        training.interactions(),
        training.sweeps().size());
  }

  /** The budget both ways, so that neither comes by accident. */
  private static String budget(
      ConfigValues values, DynamicSparseALSModel before, TrainingSummary training) {
    long kept = before.userTable().size().stored() + before.itemTable().size().stored();
    int rank = values.get(LatentKeys.RANK);
    double density = values.get(LatentKeys.DENSITY);
    // Their sum does not depend on how the tables share it out.
    long grown =
        Budget.of(density, rank, training.userBudget().rows()).weights()
            + Budget.of(density, rank, training.itemBudget().rows()).weights();
    return String.format(
        Locale.ROOT,
        "budget = %s: %,d weights (grow: %,d by density and rows; keep: %,d of the earlier model)",
        values.get(AlsKeys.BUDGET),
        training.userBudget().weights() + training.itemBudget().weights(),
        grown,
        kept);
  }

  private static List<String> lines(DriftFacts drift) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "drift: %.1f %% of the positions of known users moved, %.1f %% of known items",
            100 * drift.movedUserPositions(),
            100 * drift.movedItemPositions()));
    if (drift.listUsers() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "drift: top-20 lists of %,d known users share %.1f %% of their items with those"
                  + " before",
              drift.listUsers(),
              100 * drift.listOverlap()));
    }
    period(lines, "new period", drift.newBefore(), drift.newAfter());
    period(lines, "earlier periods", drift.oldBefore(), drift.oldAfter());
    drift
        .forgetting()
        .forEach(
            (name, fall) ->
                lines.add(String.format(Locale.ROOT, "forgetting: %s fell by %.4f", name, fall)));
    return lines;
  }

  private static void period(
      List<String> lines, String period, Map<String, Double> before, Map<String, Double> after) {
    before.forEach(
        (name, value) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s on the %s: %.4f by the earlier model, %.4f now",
                    name,
                    period,
                    value,
                    Optional.ofNullable(after.get(name)).orElse(Double.NaN))));
  }
}
