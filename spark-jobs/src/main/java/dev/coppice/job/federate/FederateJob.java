package dev.coppice.job.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.SparseTable;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Places;
import dev.coppice.job.frame.RunLock;
import dev.coppice.job.frame.RunMarker;
import dev.coppice.job.train.StartingModel;
import dev.coppice.job.train.TrainJob;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.FederationReport;
import dev.coppice.report.ReportFiles;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.FederationKeys;
import dev.coppice.spark.GateKeys;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.GatedModels;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.PooledStart;
import dev.coppice.spark.ScoringKeys;
import dev.coppice.spark.federate.CapacityTable;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientRoster;
import dev.coppice.spark.federate.ClientShares;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.GatedTraining;
import dev.coppice.spark.federate.StartTable;
import dev.coppice.spark.federate.StepFault;
import dev.coppice.spark.store.GatedClient;
import dev.coppice.spark.store.GatedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/** Trains one gated sparse model a client beside a global one (docs/federation.md). */
public final class FederateJob implements Job {
  private final StepFault fault;

  public FederateJob() {
    this(StepFault.NONE);
  }

  /** With clients that fail where {@code fault} throws. */
  public FederateJob(StepFault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return "federate";
  }

  @Override
  public String summary() {
    return "Trains one gated sparse model a client beside a global one.";
  }

  @Override
  public ConfigSchema schema() {
    return FederateKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("input", "data", "output", "federation");
  }

  @Override
  public void check(ConfigValues values) {
    refuseBeside(values, FederateKeys.JOIN, FederateKeys.INITIAL_MODEL);
    refuseBeside(values, FederateKeys.JOIN, FederationKeys.JOINS);
    try {
      settings(values, objective(values));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static void refuseBeside(ConfigValues values, ConfigKey<?> one, ConfigKey<?> other) {
    if (values.find(one).isPresent() && values.find(other).isPresent()) {
      throw new UsageException(
          one.name() + " and " + other.name() + " are both set; leave one of them out");
    }
  }

  private static AlsObjective objective(ConfigValues values) {
    return AlsObjective.implicit(
        values.get(LatentKeys.UNOBSERVED_WEIGHT),
        values.get(LatentKeys.REG_PARAM),
        values.get(LatentKeys.REG_EXPONENT),
        values.get(LatentKeys.USER_DEBIAS),
        values.get(LatentKeys.ITEM_DEBIAS));
  }

  private static FederationSettings settings(ConfigValues values, AlsObjective objective) {
    double perRow = values.get(LatentKeys.DENSITY) * values.get(LatentKeys.RANK);
    return new FederationSettings(
        objective,
        new FederationSettings.Rounds(
            values.get(FederationKeys.ROUNDS),
            values.get(FederationKeys.PARTICIPATION),
            values.get(FederationKeys.LOCAL_STEPS),
            values.get(FederationKeys.SERVER_RATE)),
        new FederationSettings.MaskMoves(
            values.get(FederationKeys.MASK_INTERVAL), values.get(FederationKeys.MASK_RATIO)),
        new FederationSettings.GateTraining(
            GateRule.valueOf(values.get(GateKeys.GATE).toUpperCase(Locale.ROOT)),
            values.get(GateKeys.GATE_FEATURES),
            values.get(GateKeys.GATE_BATCH),
            values.get(GateKeys.GATE_STEPS),
            values.get(GateKeys.GATE_RATE),
            values.get(GateKeys.MIN_GATE),
            values.get(GateKeys.CUTS)),
        new FederationSettings.LocalRows(
            (int) Math.max(1, Math.round(perRow)),
            values.get(GateKeys.USER_RATIO),
            values.get(FederationKeys.ANCHOR_WEIGHT),
            values.get(GateKeys.SCORE_WEIGHT),
            values.get(GateKeys.OWN_ITEMS)),
        new FederationSettings.OwnModel(
            values.get(GateKeys.FINAL_STEPS),
            values.get(GateKeys.ITEM_RATIO),
            values.get(FederationKeys.JOIN_ITEMS)),
        values.get(LatentKeys.SEED));
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String output = values.get(FederateKeys.OUTPUT);
    Places.keepApart(
        context,
        values,
        FederateKeys.OUTPUT,
        List.of(TrainKeys.INPUT, FederateKeys.INITIAL_MODEL, FederateKeys.JOIN));
    if (RunMarker.isDone(context.hadoop(), output, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(context.hadoop(), output, () -> federate(context, values, output));
  }

  private JobSummary federate(JobContext context, ConfigValues values, String output)
      throws Exception {
    RunMarker.refuseOther(context.hadoop(), output, ReportFiles.METRICS, name());
    try (AtomicDirectory directory =
        new AtomicDirectory(
            context.hadoop(),
            "output",
            output,
            values.get(CommonKeys.OVERWRITE),
            ReportFiles.METRICS)) {
      FederationInput input = FederationInput.of(context, values);
      ClientRoster roster = input.roster();
      Set<Integer> joins = joins(values, roster);
      try (GatedTraining training = training(context, values, input, joins)) {
        List<ClientMetrics> metrics =
            context.phase(
                "personalise and measure",
                () -> training.models().measure(input.wanted(), alone(values, training)));
        FederationPlan plan = training.plan();
        GatedFederationModel model =
            context.phase(
                "gather the models",
                () ->
                    GatedModels.of(
                        "gatedFederation",
                        training,
                        metrics,
                        roster,
                        plan,
                        input.data().users(),
                        input.itemIds(),
                        new GatedModels.Source(
                            values.get(LatentKeys.DENSITY),
                            input.data().manifest().fingerprint(),
                            values.asMap())));
        try {
          context.phase(
              "save the models",
              () -> {
                GatedStore.write(model, context.spark(), directory.temporary());
                return model;
              });
        } finally {
          model.unpersist();
        }
        List<FederationReport.Client> told =
            clients(context, model, metrics, shares(values, input), directory.temporary());
        GlobalState end = training.end();
        FederationReport report =
            new FederationReport(
                Facts.run(context, values, values.get(LatentKeys.SEED)),
                Facts.data(input.data(), input.learntRows()),
                context.seconds(),
                input.part(),
                end.layout().buckets(),
                end.layout().dimGroups(),
                end.items().stored(),
                rounds(training, roster.names()),
                told);
        ReportFiles.write(report, directory.temporary(), context.hadoop());
        directory.publish();
        return summary(report, output, input.leftOut());
      }
    }
  }

  private static AloneTraining alone(ConfigValues values, GatedTraining training) {
    if (!values.get(FederationKeys.ALONE)) {
      return null;
    }
    return new AloneTraining(
        training.plan().settings().objective(),
        values.get(LatentKeys.DENSITY),
        training.end().items().rank(),
        values.get(LatentKeys.MAX_ITER),
        TrainJob.estimator(values).getUpdateRatio(),
        values.get(LatentKeys.SEED));
  }

  private static Set<Integer> joins(ConfigValues values, ClientRoster roster) {
    if (values.find(FederateKeys.JOIN).isPresent()) {
      return IntStream.range(0, roster.names().size()).boxed().collect(Collectors.toSet());
    }
    Set<Integer> joins = new TreeSet<>();
    for (String name : values.find(FederationKeys.JOINS).orElse(List.of())) {
      joins.add(asUsage(() -> roster.number(name, FederationKeys.JOINS.name())));
    }
    return joins;
  }

  private GatedTraining training(
      JobContext context, ConfigValues values, FederationInput input, Set<Integer> joins)
      throws Exception {
    ClientRoster roster = input.roster();
    ClientShares shares = shares(values, input);
    if (input.frozen() != null) {
      GlobalState frozen = input.frozen().globalState();
      AlsObjective objective = input.frozen().global().info().objective();
      FederationPlan plan =
          plan(context, values, objective, fitted(shares, values, roster, frozen.items()), joins);
      return context.phase("join", () -> GatedTraining.join(plan, roster, frozen));
    }
    StartTable start = context.phase("start", () -> start(context, values, input, joins));
    FederationPlan plan =
        plan(
            context,
            values,
            objective(values),
            fitted(shares, values, roster, start.items()),
            joins);
    return context.phase(
        "rounds",
        () ->
            asUsage(() -> GatedTraining.run(plan, roster, start, record -> say(context, record))));
  }

  private static void say(JobContext context, Federation.RoundRecord record) {
    context.say(
        String.format(
            Locale.ROOT,
            "round %d: %d of %d clients answered, %,d bytes, %.1f s",
            record.round(),
            record.answered().size(),
            record.asked().size(),
            record.bytesReceived(),
            record.seconds()));
  }

  private static ClientShares shares(ConfigValues values, FederationInput input) {
    CapacityTable table =
        values
            .find(FederationKeys.CAPACITY_TABLE)
            .map(path -> CapacityTable.read(input.data().users().sparkSession(), path))
            .orElse(CapacityTable.empty());
    return asUsage(
        () ->
            ClientShares.of(
                input.roster(),
                values.get(FederationKeys.CAPACITY),
                values.find(FederationKeys.CAPACITIES).orElse(List.of()),
                table,
                values.find(FederationKeys.MEMORY_LIMIT).orElse(0L)));
  }

  private static double[] fitted(
      ClientShares shares, ConfigValues values, ClientRoster roster, SparseTable items) {
    long userWeights = settings(values, objective(values)).rows().userWeights();
    return asUsage(() -> shares.fitted(roster, items, userWeights)).capacities();
  }

  private FederationPlan plan(
      JobContext context,
      ConfigValues values,
      AlsObjective objective,
      double[] capacities,
      Set<Integer> joins) {
    int wanted = values.get(ScoringKeys.NUM_PARTITIONS);
    int chosen = wanted > 0 ? wanted : context.spark().sparkContext().defaultParallelism();
    return new FederationPlan(
        settings(values, objective),
        BucketRule.parse(values.get(GateKeys.BUCKETS)),
        values.get(GateKeys.ITEM_BUCKETS),
        values.get(GateKeys.DIM_BLOCKS),
        capacities,
        joins,
        Math.max(1, Math.min(chosen, capacities.length)),
        values.get(FederationKeys.CHECKPOINT_INTERVAL),
        fault);
  }

  /** Settings that do not fit the data are the user's to change. */
  private static <T> T asUsage(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static StartTable start(
      JobContext context, ConfigValues values, FederationInput input, Set<Integer> joins)
      throws Exception {
    int items = Math.toIntExact(input.data().manifest().items());
    Optional<String> initial = values.find(FederateKeys.INITIAL_MODEL);
    if (initial.isPresent()) {
      String place = Registry.resolve(context.hadoop(), initial.get());
      DynamicSparseALSModel model = StartingModel.load(place, input.data(), false).model();
      return StartTable.of(model.itemRows(), model.userRows(), items, model.rank());
    }
    if (values.get(FederationKeys.START_TABLE).equals("pooled")) {
      return PooledStart.of(TrainJob.estimator(values), input.roster(), joins, items);
    }
    return StartTable.random(
        values.get(LatentKeys.DENSITY),
        values.get(LatentKeys.RANK),
        items,
        values.get(LatentKeys.SEED));
  }

  private static List<FederationReport.Round> rounds(GatedTraining training, List<String> names) {
    List<FederationReport.Round> rounds = new ArrayList<>();
    for (Federation.RoundRecord record : training.rounds()) {
      Map<String, String> failures = new TreeMap<>();
      training
          .failures()
          .getOrDefault(record.round(), Map.of())
          .forEach((client, why) -> failures.put(names.get(client), why));
      rounds.add(
          new FederationReport.Round(
              record.round(),
              record.seconds(),
              record.bytesReceived(),
              record.largestUpdate(),
              record.asked().stream().map(names::get).toList(),
              record.answered().stream().map(names::get).toList(),
              failures));
    }
    return rounds;
  }

  private static List<FederationReport.Client> clients(
      JobContext context,
      GatedFederationModel model,
      List<ClientMetrics> metrics,
      ClientShares shares,
      Path place)
      throws IOException {
    List<FederationReport.Client> told = new ArrayList<>();
    for (int number = 0; number < metrics.size(); number++) {
      ClientMetrics measured = metrics.get(number);
      GatedClient client = model.clientFacts().get(number);
      Path saved = GatedStore.client(place, client);
      long bytes = saved.getFileSystem(context.hadoop()).getContentSummary(saved).getLength();
      shares.requireBelow(number, client.name(), bytes);
      told.add(
          new FederationReport.Client(
              client.name(),
              client.directory(),
              measured.users(),
              measured.interactions(),
              measured.measured(),
              client.capacity(),
              measured.itemWeights(),
              bytes,
              client.joined(),
              client.kept(),
              measured.localNdcg(),
              measured.localRecall(),
              measured.globalNdcg(),
              measured.globalRecall(),
              measured.aloneNdcg(),
              measured.aloneRecall()));
    }
    return told;
  }

  private static JobSummary summary(FederationReport report, String output, long leftOut) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d clients, %d rounds, %,d weights in the global item table",
            report.clients().size(),
            report.rounds().size(),
            report.globalWeights()));
    for (FederationReport.Client client :
        report.clients().subList(0, Math.min(30, report.clients().size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: ndcg@20 %.4f (global %.4f), recall@20 %.4f (global %.4f), %.1f %% of the"
                  + " weights, %,d bytes%s",
              client.directory(),
              client.localNdcg(),
              client.globalNdcg(),
              client.localRecall(),
              client.globalRecall(),
              100.0 * client.itemWeights() / report.globalWeights(),
              client.bytes(),
              client.joined() ? ", joined" : ""));
    }
    report.betterAlone().ifPresent(lines::add);
    if (leftOut > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d interactions left out: the global table does not have their items",
              leftOut));
    }
    lines.add("models: " + output + "/model and " + output + "/clients/NAME");
    lines.add("report: " + output + "/" + ReportFiles.PAGE);
    return new JobSummary(lines);
  }
}
