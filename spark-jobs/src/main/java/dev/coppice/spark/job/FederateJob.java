package dev.coppice.spark.job;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.Capacity;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientUpdate;
import dev.coppice.core.federate.Clients;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.mask.StartMask;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.data.io.AtomicDirectory;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.ModelInfo;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.LocalModels;
import dev.coppice.spark.federate.SparkClients;
import dev.coppice.spark.federate.StepFault;
import dev.coppice.spark.publish.Registry;
import dev.coppice.spark.report.FederationReport;
import dev.coppice.spark.report.ReportFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Trains one gated sparse model a client beside a global one (docs/federation.md). */
final class FederateJob implements Job {
  /** Bytes of a saved model that do not grow with it: Parquet footers, JSON. Measured. */
  private static final long FOOTERS = 5_000;

  private final StepFault fault;

  FederateJob() {
    this(StepFault.NONE);
  }

  /** With clients that fail where {@code fault} throws. */
  FederateJob(StepFault fault) {
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
    try {
      settings(values, objective(values));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private static AlsObjective objective(ConfigValues values) {
    return AlsObjective.implicit(
        values.get(TrainKeys.UNOBSERVED_WEIGHT),
        values.get(TrainKeys.REG_PARAM),
        values.get(TrainKeys.REG_EXPONENT),
        values.get(TrainKeys.USER_DEBIAS),
        values.get(TrainKeys.ITEM_DEBIAS));
  }

  private static FederationSettings settings(ConfigValues values, AlsObjective objective) {
    double perRow = values.get(TrainKeys.DENSITY) * values.get(TrainKeys.RANK);
    return new FederationSettings(
        objective,
        values.get(FederateKeys.ROUNDS),
        values.get(FederateKeys.PARTICIPATION),
        values.get(FederateKeys.LOCAL_STEPS),
        (int) Math.max(1, Math.round(perRow)),
        values.get(FederateKeys.ANCHOR_WEIGHT),
        values.get(FederateKeys.SERVER_RATE),
        values.get(FederateKeys.MASK_INTERVAL),
        values.get(FederateKeys.MASK_RATIO),
        values.get(FederateKeys.GATE),
        values.get(FederateKeys.GATE_FEATURES),
        values.get(FederateKeys.GATE_BATCH),
        values.get(FederateKeys.GATE_STEPS),
        values.get(FederateKeys.GATE_RATE),
        values.get(FederateKeys.MIN_GATE),
        values.get(TrainKeys.SEED),
        values.get(FederateKeys.CUTS),
        values.get(FederateKeys.USER_RATIO),
        values.get(FederateKeys.SCORE_WEIGHT));
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    String output = values.get(FederateKeys.OUTPUT);
    Places.keepApart(
        context, values, FederateKeys.OUTPUT, List.of(TrainKeys.INPUT, FederateKeys.INITIAL_MODEL));
    if (RunMarker.isDone(context.hadoop(), output, ReportFiles.METRICS, values)) {
      return RunMarker.alreadyDone(output, values);
    }
    return RunLock.during(context.hadoop(), output, () -> federate(context, values, output));
  }

  /**
   * What the rounds start from.
   *
   * @param items rows by item index
   * @param users {@code id, dims, weights} by user index; null where users start anew
   */
  private record Begin(SparseTable items, Dataset<Row> users) {}

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
      CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
      String part = values.get(FederateKeys.PART);
      if (!part.equals("none") && data.manifest().rows(part(part)) == 0) {
        throw new BadInputException(
            "\"" + data.path() + "\" has no " + part + " part to measure on; set part = none");
      }
      Dataset<Row> learnt = part.equals("validation") ? data.train() : data.trainAndValidation();
      ClientRoster roster =
          context.phase("find clients", () -> ClientRoster.of(values, data, learnt));
      double[] shares = roster.capacities(values);
      Set<Integer> joins = new TreeSet<>();
      for (String name : values.find(FederateKeys.JOINS).orElse(List.of())) {
        joins.add(roster.number(name, FederateKeys.JOINS.name()));
      }
      Begin begin = context.phase("start", () -> begin(context, values, data, learnt));
      limit(values, roster, begin.items(), shares);
      AlsObjective objective = objective(values);
      FederationSettings settings = settings(values, objective);
      int partitions = partitions(context, values, shares.length);
      try (SparkClients clients =
          context.phase(
              "lay out",
              () ->
                  new SparkClients(
                      new JavaSparkContext(context.spark().sparkContext()),
                      roster.rows(),
                      begin.items().rows(),
                      settings,
                      shares,
                      partitions,
                      values.get(FederateKeys.CHECKPOINT_INTERVAL),
                      fault))) {
        if (begin.users() != null) {
          clients.start(
              begin
                  .users()
                  .join(roster.members(), begin.users().col("id").equalTo(col("user")))
                  .select(
                      col("client"),
                      col("id").cast(DataTypes.LongType),
                      col("dims"),
                      col("weights")),
              begin.items().rank());
        }
        List<Federation.RoundRecord> records = new ArrayList<>();
        GlobalState end =
            context.phase(
                "rounds",
                () -> rounds(context, values, settings, begin.items(), clients, joins, records));
        try (LocalModels models = clients.personalise(end, joins)) {
          Dataset<Row> wanted = part.equals("none") ? null : roster.heldOut(data.part(part(part)));
          List<ClientMetrics> metrics =
              context.phase("personalise and measure", () -> models.measure(wanted));
          Saver saver = new Saver(context, values, data, end, models, directory.temporary());
          context.phase("save the global model", saver::saveGlobal);
          List<FederationReport.Client> told =
              context.phase(
                  "save the clients' models", () -> saver.all(roster, metrics, shares, joins));
          FederationReport report =
              new FederationReport(
                  Facts.run(context, values, settings.seed()),
                  Facts.data(data, end.census().interactions()),
                  context.seconds(),
                  part,
                  end.layout().buckets(),
                  end.layout().dimGroups(),
                  end.items().stored(),
                  rounds(records, clients, roster.names()),
                  told);
          ReportFiles.write(report, directory.temporary(), context.hadoop());
          directory.publish();
          return summary(report, output);
        }
      }
    }
  }

  private static Part part(String name) {
    return name.equals("test") ? Part.TEST : Part.VALIDATION;
  }

  private static int partitions(JobContext context, ConfigValues values, int clients) {
    int wanted = values.get(TrainKeys.NUM_PARTITIONS);
    int chosen = wanted > 0 ? wanted : context.spark().sparkContext().defaultParallelism();
    return Math.max(1, Math.min(chosen, clients));
  }

  private static Begin begin(
      JobContext context, ConfigValues values, CanonicalDataset data, Dataset<Row> learnt)
      throws Exception {
    int rows = Math.toIntExact(data.manifest().items());
    Optional<String> initial = values.find(FederateKeys.INITIAL_MODEL);
    if (initial.isPresent()) {
      String place = Registry.resolve(context.hadoop(), initial.get());
      DynamicSparseALSModel model = StartingModel.load(place, data, false).model();
      return new Begin(table(model.itemRows(), rows, model.rank()), model.userRows());
    }
    if (values.get(FederateKeys.START_TABLE).equals("pooled")) {
      DynamicSparseALSModel model =
          TrainJob.estimator(values).fit(learnt.select("user", "item", "weight"));
      return new Begin(table(model.itemRows(), rows, model.rank()), model.userRows());
    }
    Budget budget = Budget.of(values.get(TrainKeys.DENSITY), values.get(TrainKeys.RANK), rows);
    long[] ids = LongStream.range(0, rows).toArray();
    return new Begin(StartMask.uniform(budget, 0, ids, values.get(TrainKeys.SEED)), null);
  }

  private static SparseTable table(Dataset<Row> itemRows, int items, int rank) {
    Map<Integer, Row> byItem = new HashMap<>();
    int stored = 0;
    for (Row row : itemRows.selectExpr("cast(id as int)", "dims", "weights").collectAsList()) {
      byItem.put(row.getInt(0), row);
      stored += row.getList(1).size();
    }
    int[] offsets = new int[items + 1];
    short[] dims = new short[stored];
    float[] weights = new float[stored];
    int n = 0;
    for (int item = 0; item < items; item++) {
      Row row = byItem.get(item);
      if (row != null) {
        List<Short> rowDims = row.getList(1);
        List<Float> rowWeights = row.getList(2);
        for (int i = 0; i < rowDims.size(); i++) {
          dims[n] = rowDims.get(i);
          weights[n++] = rowWeights.get(i);
        }
      }
      offsets[item + 1] = n;
    }
    return new SparseTable(rank, offsets, dims, weights);
  }

  /** Lowers shares to what fits the limit of bytes, by the byte account and room for ids. */
  private static void limit(
      ConfigValues values, ClientRoster roster, SparseTable items, double[] shares) {
    Optional<Long> limit = values.find(FederateKeys.MEMORY_LIMIT);
    if (limit.isEmpty()) {
      return;
    }
    long perUser =
        Math.max(1, Math.round(values.get(TrainKeys.DENSITY) * values.get(TrainKeys.RANK)));
    List<String> names = roster.names();
    for (int client = 0; client < shares.length; client++) {
      long users = roster.users().get(names.get(client));
      long fixed =
          ByteAccount.of(users, users * perUser).tableBytes()
              + Integer.BYTES * (long) items.rows()
              + FOOTERS;
      try {
        shares[client] =
            Math.min(
                shares[client],
                Capacity.ofBytes(limit.get(), fixed, Float.BYTES + Short.BYTES, items.stored()));
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "memoryLimit of client \"" + names.get(client) + "\": " + e.getMessage(), e);
      }
    }
  }

  private static GlobalState rounds(
      JobContext context,
      ConfigValues values,
      FederationSettings settings,
      SparseTable items,
      SparkClients clients,
      Set<Integer> joins,
      List<Federation.RoundRecord> records) {
    try {
      BlockLayout layout =
          BlockLayout.of(
              BucketRule.parse(values.get(FederateKeys.BUCKETS)),
              Math.min(values.get(FederateKeys.ITEM_BUCKETS), items.rows()),
              Math.min(values.get(FederateKeys.DIM_BLOCKS), items.rank()),
              items,
              clients.census(),
              settings.seed());
      return new Federation(
              settings,
              new WithoutJoins(clients, joins),
              record -> {
                records.add(record);
                context.say(
                    String.format(
                        Locale.ROOT,
                        "round %d: %d of %d clients answered, %,d bytes, %.1f s",
                        record.round(),
                        record.answered().size(),
                        record.asked().size(),
                        record.bytesReceived(),
                        record.seconds()));
              })
          .run(new GlobalState(0, items, layout, clients.census()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** The clients that take part in rounds. */
  private record WithoutJoins(SparkClients clients, Set<Integer> joins) implements Clients {
    @Override
    public int count() {
      return clients.count();
    }

    @Override
    public Census census() {
      return clients.census();
    }

    @Override
    public List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked) {
      SortedSet<Integer> members = new TreeSet<>(asked);
      members.removeAll(joins);
      return clients.round(global, members);
    }
  }

  private static List<FederationReport.Round> rounds(
      List<Federation.RoundRecord> records, SparkClients clients, List<String> names) {
    List<FederationReport.Round> rounds = new ArrayList<>();
    for (Federation.RoundRecord record : records) {
      Map<String, String> failures = new TreeMap<>();
      clients
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

  /** Saves the models under the output's temporary directory. */
  private record Saver(
      JobContext context,
      ConfigValues values,
      CanonicalDataset data,
      GlobalState global,
      LocalModels models,
      Path target) {

    DynamicSparseALSModel saveGlobal() throws Exception {
      Dataset<Row> items = LocalModels.globalItems(context.spark(), global);
      return save(models.globalUsers(context.spark()), items, new Path(target, "model"));
    }

    private DynamicSparseALSModel save(Dataset<Row> users, Dataset<Row> items, Path place)
        throws Exception {
      Census census = global.census();
      long present = 0;
      for (int degree : census.degrees()) {
        present += degree > 0 ? 1 : 0;
      }
      AlsObjective objective = objective(values);
      ByteAccount bytes = ByteAccount.of(global.items().rows(), global.items().stored());
      ModelInfo info =
          new ModelInfo(
              global.items().rank(),
              values.get(TrainKeys.DENSITY),
              0,
              global.items().stored(),
              objective,
              census.confidenceScale(objective),
              (double) census.interactions() / Math.max(1, census.users()),
              (double) census.interactions() / Math.max(1, present),
              values.get(TrainKeys.SEED),
              0,
              ByteAccount.of(0, 0),
              bytes,
              data.manifest().fingerprint(),
              values.asMap(),
              Map.of());
      DynamicSparseALSModel model =
          new DynamicSparseALSModel("gatedFederation", info, users, items)
              .withIds(data.users(), data.items());
      model.write().save(place.toString());
      return model;
    }

    List<FederationReport.Client> all(
        ClientRoster roster, List<ClientMetrics> metrics, double[] shares, Set<Integer> joins)
        throws Exception {
      List<FederationReport.Client> told = new ArrayList<>();
      List<String> names = roster.names();
      for (ClientMetrics client : metrics) {
        String name = names.get(client.client());
        String folder = ClientNames.directory(name);
        Path place = new Path(new Path(target, "clients"), folder);
        save(
            models.users(context.spark(), client.client()),
            models.items(context.spark(), client.client()),
            place);
        long bytes = place.getFileSystem(context.hadoop()).getContentSummary(place).getLength();
        requireBelow(values, name, bytes);
        told.add(
            new FederationReport.Client(
                name,
                folder,
                client.users(),
                client.interactions(),
                client.measured(),
                shares[client.client()],
                client.itemWeights(),
                bytes,
                joins.contains(client.client()),
                client.kept(),
                client.localNdcg(),
                client.localRecall(),
                client.globalNdcg(),
                client.globalRecall()));
      }
      return told;
    }
  }

  private static void requireBelow(ConfigValues values, String name, long bytes) {
    Optional<Long> limit = values.find(FederateKeys.MEMORY_LIMIT);
    if (limit.isPresent() && bytes > limit.get()) {
      throw new BadInputException(
          "the saved model of client \""
              + name
              + "\" takes "
              + bytes
              + " bytes, more than memoryLimit = "
              + limit.get()
              + "; raise it, or set a smaller capacity for this client");
    }
  }

  private static JobSummary summary(FederationReport report, String output) {
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
    lines.add("models: " + output + "/model and " + output + "/clients/NAME");
    lines.add("report: " + output + "/" + ReportFiles.PAGE);
    return new JobSummary(lines);
  }
}
