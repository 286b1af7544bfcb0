package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.table.Budget;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.Checked;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.rank.NamedParts;
import dev.coppice.job.rank.Titles;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.DriftFacts;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TrainReport;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.InitialModel;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import dev.coppice.spark.table.ModelInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.LoggerFactory;

/** Carries a model on to new data, and tells how far it moved. */
public final class RetrainJob implements Job {
  private static final TrainedRun.Place PLACE =
      TrainedRun.Place.ofModel(
          ReportFiles.METRICS,
          Optional.of(TrainKeys.OUTPUT),
          List.of(TrainKeys.INPUT, RetrainKeys.INITIAL_MODEL));

  @Override
  public String name() {
    return "retrain";
  }

  @Override
  public String summary() {
    return "Carries an initial model on to new data and reports how far it moved.";
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
    TrainedRun.check(values);
    if (values.find(PublishKeys.REGISTRY).isEmpty()
        && values.find(RetrainKeys.INITIAL_MODEL).isEmpty()) {
      throw new UsageException(
          "initialModel is not set: it must be a path or URI (the initial model). Set it, or set"
              + " registry to go on from its published model.");
    }
    boolean replays = values.get(RetrainKeys.REPLAY) < 1 || values.get(RetrainKeys.DROP_FITTED) > 0;
    if (RetrainKeys.keepsScores(values)
        && (replays || values.find(RetrainKeys.PREVIOUS_INPUT).isPresent())) {
      throw new UsageException(
          "history is scores: input holds the new interactions, and no earlier one is read, so"
              + " previousInput, replay and dropFitted have nothing to say. Leave them out, or set"
              + " history = read.");
    }
    if (replays && RetrainKeys.previousInput(values).isEmpty()) {
      throw new UsageException(
          "replay and dropFitted choose among old interactions, and previousInput, which tells"
              + " them, is not set. Set it, or leave both out.");
    }
    Checked.asUsage(() -> MetricKey.parse(values.get(AlsKeys.METRIC)));
    TimeDecay.of(values);
    Titles.read(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Titles titles = Titles.read(values);
    TrainedRun run = new TrainedRun(context, values, PLACE);
    return run.unlessDone(() -> goOn(context, values, titles, run));
  }

  private JobSummary goOn(JobContext context, ConfigValues values, Titles titles, TrainedRun run)
      throws Exception {
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
    DynamicSparseALSModel initial =
        context.phase("load initial model", () -> InitialModel.load(from));
    ModelInfo earlier = initial.info();
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
                + "\" has no interaction that the initial model has not seen",
            "the initial model stays as it is: " + from);
      }
      requireClock(values, data.counts(), lines);
      Period period = new Period(initial, data, List.copyOf(lines));
      ConfigValues settings = withModelSettings(values, earlier, initial.family());
      return run.make(
          (target, closer) ->
              retrain(new ModelTraining(context, settings, input, titles, target), period, closer));
    } finally {
      data.release();
    }
  }

  /**
   * What is retrained, checked.
   *
   * @param initial the model to go on from
   * @param warnings what the summary begins with
   */
  private record Period(DynamicSparseALSModel initial, RetrainData data, List<String> warnings) {}

  private static TrainedModel retrain(ModelTraining training, Period period, Closer closer)
      throws Exception {
    JobContext context = training.context();
    ConfigValues values = training.values();
    training.requireValidation();
    boolean keep = values.get(AlsKeys.VANISHED_ROWS).equals("keep");
    IndexedInitialModel start = IndexedInitialModel.of(period.initial(), training.data(), keep);
    RetrainData.Counts pairs = period.data().counts();
    TrainSizing.say(context, values, training.data(), start, pairs.old() + pairs.fresh());
    Dataset<Row> learnt =
        period
            .data()
            .learnt(
                values.get(RetrainKeys.REPLAY),
                values.get(AlsKeys.IMPLICIT_PREFS),
                values.get(RetrainKeys.DROP_FITTED),
                start.model(),
                drawSeed(values, training.data()));
    Optional<TimeDecay> decay = TimeDecay.of(values);
    if (decay.isPresent()) {
      learnt = decay.get().applied(learnt, context::say);
    }
    Dataset<Row> rowsToLearn = learnt.drop("time");
    DynamicSparseALSModel trained =
        training.train(
            ModelTraining.estimator(values),
            rowsToLearn,
            (als, rows) -> als.fit(rows, start.model()));
    closer.hold(trained::unpersist);
    return new Model(
        training,
        period,
        start.model(),
        trained,
        training.named(trained, start.users(), start.items()));
  }

  /** What describes the model is the initial model's where it is not given. */
  private ConfigValues withModelSettings(ConfigValues given, ModelInfo earlier, String family) {
    Map<String, String> texts = new HashMap<>();
    for (ConfigKey<?> key : schema().keys()) {
      String name = key.name();
      String own = given.asMap().get(name);
      if (given.isGiven(key)) {
        texts.put(name, own == null ? ConfigKey.AUTO : own);
      } else if (RetrainKeys.FROM_MODEL.contains(name)
          && earlier.configuration().containsKey(name)) {
        texts.put(name, earlier.configuration().get(name));
      }
    }
    // Not what its configuration says, which may be auto, or say nothing.
    texts.putIfAbsent(NeighbourKeys.FAMILY.name(), family);
    if (RetrainKeys.keepsScores(given)) {
      texts.putIfAbsent(AlsKeys.VANISHED_ROWS.name(), "keep");
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
    Checked.asUsage(() -> ModelTraining.estimator(values).validate());
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
    LoggerFactory.getLogger(RetrainJob.class).warn(line);
    lines.add(line);
  }

  /** Draws differ from period to period, and are the same however often a period is run. */
  private static long drawSeed(ConfigValues values, CanonicalDataset input) {
    String fingerprint = input.manifest().fingerprint();
    return values.get(LatentKeys.SEED) ^ Long.parseUnsignedLong(fingerprint.substring(0, 16), 16);
  }

  /** A model that went on from an earlier one, and how far it moved. */
  private static final class Model extends TrainedModel {
    private final Period period;
    private final DynamicSparseALSModel before;

    Model(
        ModelTraining training,
        Period period,
        DynamicSparseALSModel before,
        DynamicSparseALSModel trained,
        DynamicSparseALSModel named) {
      super(training, trained, named);
      this.period = period;
      this.before = before;
    }

    @Override
    public TrainReport report() throws Exception {
      ConfigValues values = training().values();
      DriftFacts drift =
          training()
              .context()
              .phase(
                  "drift",
                  () ->
                      new Drift(scored(before), scored(trained()), period.data())
                          .measure(
                              values.get(RetrainKeys.DRIFT_USERS),
                              MetricKey.parse(values.get(AlsKeys.METRIC))));
      return super.report().withDrift(drift);
    }

    @Override
    public List<String> lines(Optional<TrainReport> report) {
      List<String> lines = new ArrayList<>(period.warnings());
      lines.add(counts());
      lines.addAll(startLines());
      lines.add(budget());
      if (RetrainKeys.keepsScores(training().values())) {
        lines.add(
            String.format(
                Locale.ROOT,
                "history = scores: %d of at most %d periods in a row trained without earlier"
                    + " interactions",
                trained().info().periodsFromScores(),
                training().values().get(AlsKeys.SCORES_LIMIT)));
      }
      report.ifPresent(told -> lines.addAll(RetrainJob.lines(told.drift())));
      lines.addAll(placeLines(report));
      return lines;
    }

    private DynamicSparseALSModel scored(DynamicSparseALSModel model) {
      RetrainData.Counts pairs = period.data().counts();
      return NamedParts.named(model, pairs.old() + pairs.fresh());
    }

    private String counts() {
      RetrainData.Counts pairs = period.data().counts();
      return String.format(
          Locale.ROOT,
          "%,d new interactions (%,d of them older than the newest old one), %,d old ones; learnt"
              + " from %,d in %d sweeps",
          pairs.fresh(),
          pairs.late(),
          pairs.old(),
          trained().summary().orElseThrow().interactions(),
          trained().summary().orElseThrow().sweeps().size());
    }

    /** The budget both ways, so that neither comes by accident. */
    private String budget() {
      long kept = before.userTable().size().stored() + before.itemTable().size().stored();
      int rank = training().values().get(LatentKeys.RANK);
      double density = training().values().get(LatentKeys.DENSITY);
      Budget users = trained().summary().orElseThrow().userBudget();
      Budget items = trained().summary().orElseThrow().itemBudget();
      // Their sum does not depend on how the tables share it out.
      long grown =
          Budget.of(density, rank, users.rows()).weights()
              + Budget.of(density, rank, items.rows()).weights();
      return String.format(
          Locale.ROOT,
          "budget = %s: %,d weights (grow: %,d by density and rows; keep: %,d of the earlier"
              + " model)",
          training().values().get(AlsKeys.BUDGET),
          users.weights() + items.weights(),
          grown,
          kept);
    }
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
                    "%s on the %s: %.4f by the initial model, %.4f now",
                    name,
                    period,
                    value,
                    Optional.ofNullable(after.get(name)).orElse(Double.NaN))));
  }
}
