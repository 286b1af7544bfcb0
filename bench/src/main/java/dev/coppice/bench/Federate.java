package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.federate.LocalClients;
import dev.coppice.core.federate.LocalPlan;
import dev.coppice.core.table.SparseTable;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Gated local models beside what else could be done with the same bytes, by client. The global
 * table is trained by the estimator; the rounds run in one process, with the classes of core that
 * the estimator of the rounds uses. Without {@code --final} it measures on validation.
 */
@Command(
    name = "federate",
    mixinStandardHelpOptions = true,
    description = "Measures one gated local model a client beside global and local ones.")
final class Federate implements Callable<Integer> {
  /** Local models are what the rounds left. */
  private static final FederationSettings.OwnModel UNTRAINED =
      new FederationSettings.OwnModel(0, 0, false);

  @Spec private CommandSpec spec;

  @Option(names = "--by", required = true, description = "market, occupation, zip or country")
  String by;

  @Option(names = "--data", required = true, description = "directory of the data set's files")
  Path data;

  @Option(
      names = "--work",
      description = "directory for prepared data, used again; default ${DEFAULT-VALUE}")
  Path work = Path.of("bench/target/data");

  @Option(names = "--capacities", split = ",", description = "default ${DEFAULT-VALUE}")
  List<Double> capacities = List.of(1.0, 0.5, 0.25, 0.1);

  @Option(names = "--seeds", split = ",", description = "default ${DEFAULT-VALUE}")
  List<Long> seeds = List.of(1L);

  @Option(
      names = "--set",
      description = "KEY=VALUE, of the global training: rank, density, maxIter, regParam, ...")
  Map<String, String> training = new LinkedHashMap<>();

  @Option(names = "--buckets", description = "by what items are grouped; default ${DEFAULT-VALUE}")
  String buckets = "availability";

  @Option(names = "--item-buckets", description = "default ${DEFAULT-VALUE}")
  int itemBuckets = 240;

  @Option(names = "--dim-blocks", description = "default ${DEFAULT-VALUE}")
  int dimBlocks = 32;

  @Option(names = "--rounds", description = "default ${DEFAULT-VALUE}")
  int rounds = 2;

  @Option(names = "--server-rate", description = "default ${DEFAULT-VALUE}")
  double serverRate = 0.3;

  @Option(names = "--local-steps", description = "default ${DEFAULT-VALUE}")
  int localSteps = 2;

  @Option(names = "--anchor-weight", description = "default ${DEFAULT-VALUE}")
  double anchorWeight = 0.1;

  @Option(
      names = "--gate",
      description = "of the gated system: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  GateRule gate = GateRule.CHOSEN;

  @Option(names = "--gate-rate", description = "default ${DEFAULT-VALUE}")
  double gateRate = 0.5;

  @Option(
      names = "--gate-features",
      description = "length of the users' profile that gates read; default ${DEFAULT-VALUE}")
  int gateFeatures;

  @Option(
      names = "--gate-batch",
      description = "users in a batch of the gate; default ${DEFAULT-VALUE}")
  int gateBatch = 1_000_000;

  @Option(names = "--cuts", description = "default ${DEFAULT-VALUE}")
  int cuts = FederationSettings.CUTS;

  @Option(names = "--user-ratio", description = "default ${DEFAULT-VALUE}")
  double userRatio = FederationSettings.USER_RATIO;

  @Option(names = "--score-weight", description = "default ${DEFAULT-VALUE}")
  double scoreWeight = FederationSettings.SCORE_WEIGHT;

  @Option(
      names = "--own-items",
      arity = "1",
      description = "clients hold rows of the items they have alone; default ${DEFAULT-VALUE}")
  boolean ownItems = true;

  @Option(
      names = "--final-steps",
      description = "of own models, and of what is tuned locally; default ${DEFAULT-VALUE}")
  int finalSteps = FederationSettings.FINAL_STEPS;

  @Option(
      names = "--item-ratio",
      description = "share of item positions that move in own models; default ${DEFAULT-VALUE}")
  double itemRatio = FederationSettings.ITEM_RATIO;

  @Option(names = "--gated-only", description = "leaves the baselines out, to choose settings")
  boolean gatedOnly;

  @Option(names = "--ablation", description = "other gates with the same local steps, first seed")
  boolean ablation;

  @Option(names = "--local-only", description = "also trains every client alone, first seed")
  boolean localOnly;

  @Option(
      names = "--leave-out",
      description = "also trains without each client in turn and lets it join, first seed")
  boolean leaveOut;

  @Option(names = "--final", description = "trains on all of train and measures on test")
  boolean onTest;

  @Option(
      names = "--results",
      description = "Markdown file; by default bench/RESULTS.md with --final, else none")
  Path results;

  private final FederateReport report = new FederateReport();
  private ClientSplit split;
  private Census census;
  private AlsObjective objective;
  private List<ClientData> clients;

  /**
   * What the global training gave.
   *
   * @param items one row an item
   * @param users one table a client
   */
  private record Start(SparseTable items, List<SparseTable> users) {}

  @Override
  public Integer call() throws Exception {
    ClientRule rule = ClientRule.parse(by);
    Protocol protocol = Protocol.named(rule.protocol());
    try (SparkSession spark = Sessions.start("federate")) {
      Map<String, String> facts = Machine.facts(spark);
      CanonicalDataset prepared = prepared(spark, protocol);
      split = ClientSplit.read(prepared, rule, Sessions.resolve(data), onTest);
      census = split.census();
      objective = objective();
      clients = split.data(census, objective);
      Dataset<Row> rows =
          (onTest ? prepared.trainAndValidation() : prepared.train())
              .select(Trained.USER, Trained.ITEM, Trained.WEIGHT)
              .persist();
      // Written after every stage, so that a run that is stopped has said what it found.
      Start first = null;
      for (long seed : seeds) {
        Start start = one(rows, seed);
        first = first == null ? start : first;
        write(facts, protocol, prepared);
      }
      long seed = seeds.get(0);
      if (localOnly) {
        local(rows, seed);
        write(facts, protocol, prepared);
      }
      if (ablation) {
        for (double capacity : capacities) {
          if (capacity < 1) {
            ablate(first, capacity, BucketRule.parse(buckets), seed);
          }
        }
        write(facts, protocol, prepared);
      }
      if (leaveOut) {
        leaveOut(rows, seed);
        write(facts, protocol, prepared);
      }
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private CanonicalDataset prepared(SparkSession spark, Protocol chosen) {
    Path target = Sessions.resolve(work).resolve(chosen.name());
    if (Files.exists(target.resolve("manifest.json"))) {
      return CanonicalDataset.open(spark, target.toString());
    }
    return Prepare.run(
        spark, PrepareSettings.of(chosen.prepareFrom(Sessions.resolve(data), target)));
  }

  private AlsObjective objective() {
    for (String key : List.of("rank", "density", "unobservedWeight", "regParam")) {
      if (!training.containsKey(key)) {
        throw new UsageException("--set " + key + "=... is missing");
      }
    }
    return AlsObjective.implicit(
        number("unobservedWeight", 0),
        number("regParam", 0),
        number("regExponent", 1),
        number("userDebias", 0),
        number("itemDebias", 0));
  }

  private double number(String key, double otherwise) {
    return training.containsKey(key) ? Double.parseDouble(training.get(key)) : otherwise;
  }

  private Start one(Dataset<Row> rows, long seed) {
    Start start = trained(rows, seed);
    ClientSplit.Reached[] global = new ClientSplit.Reached[split.clients()];
    for (int c = 0; c < global.length; c++) {
      global[c] = split.measure(c, start.users().get(c), start.items());
    }
    BucketRule chosen = BucketRule.parse(buckets);
    add("global", 1, global, start.items().stored(), null);
    FederationSettings untouched = settings(GateRule.MAGNITUDE, seed, 0, 0, 1).with(UNTRAINED);
    FederationSettings tuned =
        settings(GateRule.MAGNITUDE, seed, 0, localSteps, 1)
            .with(new FederationSettings.OwnModel(finalSteps, 0, false));
    if (!gatedOnly) {
      wholes(start, untouched, tuned, chosen, seed);
    }
    for (double capacity : capacities) {
      if (capacity < 1 && !gatedOnly) {
        for (BucketRule rule : BucketRule.values()) {
          String pruned = "magnitude, " + rule.key() + " buckets";
          run(pruned, untouched.withAllItems(), start, capacity, rule, false);
          // Local training levels the rules; one of them is enough.
          if (rule == chosen) {
            run(pruned + ", tuned locally", tuned, start, capacity, rule, false);
          }
        }
        run(
            "client sensitivity, untrained",
            settings(GateRule.SENSITIVITY, seed, 0, 0, 1).with(UNTRAINED),
            start,
            capacity,
            chosen,
            false);
      }
      run(
          FederateReport.GATED,
          settings(gate, seed, rounds, localSteps, cuts),
          start,
          capacity,
          chosen,
          false);
    }
    return start;
  }

  /** What keeps all weights of the global table. */
  private void wholes(
      Start start,
      FederationSettings untouched,
      FederationSettings tuned,
      BucketRule chosen,
      long seed) {
    if (ownItems) {
      run("global, own items", untouched, start, 1, chosen, false);
    }
    run("global, tuned locally", tuned.withAllItems(), start, 1, chosen, false);
    run(
        "FedAvg, users local",
        settings(GateRule.MAGNITUDE, seed, rounds, localSteps, 1).withAllItems(),
        start,
        1,
        chosen,
        true);
  }

  private void ablate(Start start, double capacity, BucketRule chosen, long seed) {
    if (ownItems) {
      run(
          "gated, rows of all items",
          settings(gate, seed, rounds, localSteps, cuts).withAllItems(),
          start,
          capacity,
          chosen,
          false);
    }
    if (itemRatio > 0) {
      run(
          "gated, item positions stay",
          settings(gate, seed, rounds, localSteps, cuts)
              .with(new FederationSettings.OwnModel(finalSteps, 0, false)),
          start,
          capacity,
          chosen,
          false);
    }
    for (GateRule other : GateRule.values()) {
      run(
          "gate " + other.name().toLowerCase(Locale.ROOT) + ", no rounds",
          settings(other, seed, 0, localSteps, other == GateRule.CHOSEN ? cuts : 1),
          start,
          capacity,
          chosen,
          false);
    }
    run(
        "gate learnt in " + cuts + " cuts, no rounds",
        settings(GateRule.LEARNT, seed, 0, localSteps, cuts),
        start,
        capacity,
        chosen,
        false);
  }

  private FederationSettings settings(
      GateRule gate, long seed, int count, int steps, int cutSteps) {
    return new FederationSettings(
        objective,
        new FederationSettings.Rounds(count, 1, steps, serverRate),
        new FederationSettings.MaskMoves(0, 0),
        new FederationSettings.GateTraining(
            gate, gateFeatures, gateBatch, 1, gateRate, 0.01, cutSteps),
        new FederationSettings.LocalRows(
            userWeights(), userRatio, anchorWeight, scoreWeight, ownItems),
        new FederationSettings.OwnModel(finalSteps, itemRatio, false),
        seed);
  }

  private int userWeights() {
    return Math.max(1, (int) Math.round(number("density", 1) * number("rank", 1)));
  }

  /** Runs the rounds, then every client once more on the last global table. */
  private void run(
      String system,
      FederationSettings settings,
      Start start,
      double capacity,
      BucketRule rule,
      boolean oneForAll) {
    BlockLayout layout =
        BlockLayout.of(rule, itemBuckets, dimBlocks, start.items(), census, settings.seed());
    double[] shares = new double[clients.size()];
    Arrays.fill(shares, capacity);
    LocalClients local = new LocalClients(settings, clients, shares);
    for (int c = 0; c < clients.size(); c++) {
      local.start(c, ClientState.before(start.users().get(c)));
    }
    List<Federation.RoundRecord> records = new ArrayList<>();
    GlobalState end =
        new Federation(settings, local, records::add)
            .run(new GlobalState(0, start.items(), layout, census));
    FederationSettings last =
        oneForAll
            ? settings(settings.gate().rule(), settings.seed(), rounds, 0, 1)
                .withAllItems()
                .with(UNTRAINED)
            : settings;
    ClientSplit.Reached[] reached = new ClientSplit.Reached[clients.size()];
    int[] plans = new int[clients.size()];
    long most = 0;
    for (int c = 0; c < reached.length; c++) {
      ClientState state =
          new ClientStep(last, end)
              .personalise(
                  clients.get(c),
                  local.state(c) == null
                      ? ClientState.before(start.users().get(c))
                      : local.state(c),
                  capacity);
      reached[c] = split.measure(c, state.users(), state.items());
      plans[c] = state.plan();
      most = Math.max(most, state.items().stored());
    }
    add(system, capacity, reached, most, records);
    if (system.equals(FederateReport.GATED)
        && settings.gate().rule() == GateRule.CHOSEN
        && capacity < 1) {
      report.chosen(capacity, LocalPlan.of(settings, true), plans);
    }
  }

  private void add(
      String system,
      double capacity,
      ClientSplit.Reached[] reached,
      long stored,
      List<Federation.RoundRecord> records) {
    report.add(system, capacity, reached, stored, records == null ? List.of() : records);
    double mean = Arrays.stream(reached).mapToDouble(ClientSplit.Reached::ndcg).average().orElse(0);
    say(String.format(Locale.ROOT, "%s, capacity %s: ndcg@20 %.4f", system, capacity, mean));
  }

  /** Trains the global table; every item and user of the split gets a row, if an empty one. */
  private Start trained(Dataset<Row> rows, long seed) {
    Map<String, String> seeded = new LinkedHashMap<>(training);
    seeded.put("seed", String.valueOf(seed));
    Trained model = Trained.fit(new Variant("coppice", Variant.Trainer.COPPICE, seeded), rows);
    int rank = model.rank();
    int[] all = IntStream.range(0, split.items()).toArray();
    SparseTable items = table(model.itemRows(), all, rank);
    Map<Integer, Row> byUser = byId(model.userRows());
    List<SparseTable> users = new ArrayList<>();
    for (int[] members : split.users()) {
      users.add(table(byUser, members, rank));
    }
    model.itemRows().unpersist();
    model.userRows().unpersist();
    return new Start(items, users);
  }

  private static Map<Integer, Row> byId(Dataset<Row> rows) {
    Map<Integer, Row> map = new HashMap<>();
    rows.selectExpr("cast(id as int)", "dims", "weights")
        .collectAsList()
        .forEach(row -> map.put(row.getInt(0), row));
    return map;
  }

  private static SparseTable table(Dataset<Row> rows, int[] ids, int rank) {
    return table(byId(rows), ids, rank);
  }

  private static SparseTable table(Map<Integer, Row> rows, int[] ids, int rank) {
    int[] offsets = new int[ids.length + 1];
    short[] dims = new short[ids.length * rank];
    float[] weights = new float[ids.length * rank];
    int n = 0;
    for (int r = 0; r < ids.length; r++) {
      Row row = rows.get(ids[r]);
      if (row != null) {
        List<Short> rowDims = row.getList(1);
        List<Float> rowWeights = row.getList(2);
        for (int i = 0; i < rowDims.size(); i++) {
          dims[n] = rowDims.get(i);
          weights[n++] = rowWeights.get(i);
        }
      }
      offsets[r + 1] = n;
    }
    return new SparseTable(rank, offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
  }

  private Dataset<Row> of(Dataset<Row> rows, int client) {
    Object[] ids = Arrays.stream(split.users()[client]).boxed().toArray();
    return rows.where(functions.col(Trained.USER).isin(ids));
  }

  /** Every client alone, on its own interactions, with the settings of the global training. */
  private void local(Dataset<Row> rows, long seed) {
    ClientSplit.Reached[] reached = new ClientSplit.Reached[split.clients()];
    long most = 0;
    for (int c = 0; c < reached.length; c++) {
      Start start = trained(of(rows, c).persist(), seed);
      reached[c] = split.measure(c, start.users().get(c), start.items());
      most = Math.max(most, start.items().stored());
    }
    add(FederateReport.LOCAL_ONLY, 1, reached, most, null);
    inItsTask(seed);
  }

  /** As the job trains every client alone for its report. */
  private void inItsTask(long seed) {
    AloneTraining training =
        new AloneTraining(
            objective,
            number("density", 1),
            (int) number("rank", 1),
            (int) number("maxIter", 10),
            number("updateRatio", 0.5),
            seed);
    ClientSplit.Reached[] reached = new ClientSplit.Reached[split.clients()];
    long most = 0;
    for (int c = 0; c < reached.length; c++) {
      AloneTraining.Tables tables = training.train(clients.get(c), census.degrees());
      reached[c] = split.measure(c, tables.users(), tables.items());
      most = Math.max(most, tables.items().stored());
    }
    add(FederateReport.LOCAL_ONLY + ", as the job trains it", 1, reached, most, null);
  }

  /**
   * A global table without the client, on which it trains user rows and gate alone; and then, to
   * see what holds it back, its own item rows.
   */
  private void leaveOut(Dataset<Row> rows, long seed) {
    NewClients joined = new NewClients(split.names());
    for (int c = 0; c < split.clients(); c++) {
      Object[] ids = Arrays.stream(split.users()[c]).boxed().toArray();
      Start start =
          trained(rows.where(functions.not(functions.col(Trained.USER).isin(ids))).persist(), seed);
      BlockLayout layout =
          BlockLayout.of(
              BucketRule.parse(buckets), itemBuckets, dimBlocks, start.items(), census, seed);
      ClientStep step =
          new ClientStep(
              settings(gate, seed, 0, localSteps, cuts),
              new GlobalState(0, start.items(), layout, census));
      joined.known(c, split.shared(c, census));
      for (double capacity : capacities) {
        ClientState gated = step.join(clients.get(c), capacity);
        ClientState own = step.personalise(clients.get(c), gated, capacity);
        double gate = split.measure(c, gated.users(), gated.items()).ndcg();
        double more = split.measure(c, own.users(), own.items()).ndcg();
        joined.add(capacity, c, gate, more);
        say(
            String.format(
                Locale.ROOT,
                "new client %s, capacity %s: ndcg@20 %.4f, own rows too %.4f",
                split.names().get(c),
                capacity,
                gate,
                more));
      }
    }
    report.joined(joined);
  }

  private void write(Map<String, String> facts, Protocol protocol, CanonicalDataset prepared)
      throws java.io.IOException {
    List<String> all = spec.commandLine().getParseResult().originalArgs();
    String command =
        CommandLineText.of("federate", all.subList(all.indexOf(spec.name()) + 1, all.size()));
    String text =
        report.markdown(
            protocol.name() + " by " + by + (rounds == 0 ? ", without rounds" : ""),
            command,
            facts,
            prepared.manifest().fingerprint(),
            seeds,
            onTest,
            split.names());
    Path file = results == null && onTest ? Path.of("bench/RESULTS.md") : results;
    if (file != null) {
      String section = "federate-" + protocol.name() + "-" + by + (rounds == 0 ? "-no-rounds" : "");
      ResultsFile.put(Sessions.resolve(file), section, text);
    }
    if (file == null) {
      spec.commandLine().getOut().println(text);
      spec.commandLine().getOut().flush();
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
