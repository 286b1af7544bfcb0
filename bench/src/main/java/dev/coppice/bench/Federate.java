package dev.coppice.bench;

import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.spark.DynamicSparseALS;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.FederationSummary;
import dev.coppice.spark.GateKeys;
import dev.coppice.spark.GatedFederation;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.federate.ClientMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Gated local models beside what else could be done with the same bytes, by client. The global
 * table and the federations that start from it are trained by the estimators; all models are
 * measured alike, by {@link IndependentRanking}. Without {@code --final} it measures on validation.
 */
@Command(
    name = "federate",
    mixinStandardHelpOptions = true,
    description = "Measures one gated local model a client beside global and local ones.")
final class Federate implements Callable<Integer> {
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
  String buckets = GateKeys.BUCKETS.defaultValue().orElseThrow();

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
      description = "of the gated system, as the estimator's gate; default ${DEFAULT-VALUE}")
  String gate = GateKeys.GATE.defaultValue().orElseThrow();

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
  int cuts = GateKeys.CUTS.defaultValue().orElseThrow();

  @Option(names = "--user-ratio", description = "default ${DEFAULT-VALUE}")
  double userRatio = GateKeys.USER_RATIO.defaultValue().orElseThrow();

  @Option(names = "--score-weight", description = "default ${DEFAULT-VALUE}")
  double scoreWeight = GateKeys.SCORE_WEIGHT.defaultValue().orElseThrow();

  @Option(
      names = "--own-items",
      arity = "1",
      description = "clients hold rows of the items they have alone; default ${DEFAULT-VALUE}")
  boolean ownItems = true;

  @Option(
      names = "--final-steps",
      description = "of own models, and of what is tuned locally; default ${DEFAULT-VALUE}")
  int finalSteps = GateKeys.FINAL_STEPS.defaultValue().orElseThrow();

  @Option(
      names = "--item-ratio",
      description = "share of item positions that move in own models; default ${DEFAULT-VALUE}")
  double itemRatio = GateKeys.ITEM_RATIO.defaultValue().orElseThrow();

  @Option(names = "--gated-only", description = "leaves the baselines out, to choose settings")
  boolean gatedOnly;

  @Option(names = "--neighbours", description = "also measures the federation of neighbours")
  boolean neighbours;

  @Option(
      names = "--neighbours-only",
      description = "leaves all out but the global table and neighbours")
  boolean neighboursOnly;

  @Option(
      names = "--neighbour-set",
      description = "KEY=VALUE, of the neighbours: neighbours, neighbourReg, historyDebias, ...")
  Map<String, String> neighbourSettings = new LinkedHashMap<>();

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
  private final FederateSystems systems = new FederateSystems(this);
  private ClientSplit split;

  @Override
  public Integer call() throws Exception {
    ClientRule rule = ClientRule.parse(by);
    Protocol protocol = Protocol.named(rule.protocol());
    for (String key : List.of("rank", "density", "unobservedWeight", "regParam")) {
      if (!training.containsKey(key)) {
        throw new UsageException("--set " + key + "=... is missing");
      }
    }
    try (SparkSession spark = Sessions.start("federate")) {
      Map<String, String> facts = Machine.facts(spark);
      CanonicalDataset prepared = prepared(spark, protocol);
      split = ClientSplit.read(prepared, rule, Sessions.resolve(data), onTest);
      // Written after every stage, so that a run that is stopped has said what it found.
      DynamicSparseALSModel first = null;
      for (long seed : seeds) {
        DynamicSparseALSModel global = one(seed);
        if (first == null) {
          first = global;
        } else {
          release(global);
        }
        write(facts, protocol, prepared);
      }
      long seed = seeds.get(0);
      if (localOnly) {
        local(seed);
        write(facts, protocol, prepared);
      }
      if (ablation) {
        for (double capacity : capacities) {
          if (capacity < 1) {
            run(systems.ablations(seed, capacity), first);
          }
        }
        write(facts, protocol, prepared);
      }
      if (leaveOut && neighbours) {
        leaveOutNeighbours(seed);
        write(facts, protocol, prepared);
      }
      if (leaveOut && !neighboursOnly) {
        leaveOut(seed);
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

  private DynamicSparseALSModel one(long seed) {
    DynamicSparseALSModel global = trained(split.rows(), seed);
    add(
        FederateReport.GLOBAL,
        1,
        split.measureAll(global),
        global.info().itemBytes().stored(),
        List.of());
    if (!gatedOnly && !neighboursOnly) {
      smaller(seed);
    }
    run(systems.all(seed), global);
    return global;
  }

  /** Global models that are trained, not pruned, at the bytes that a client may hold. */
  private void smaller(long seed) {
    double density = StageParams.set(new DynamicSparseALS(), training).getDensity();
    for (double capacity : capacities) {
      if (capacity < 1) {
        DynamicSparseALSModel small =
            trained(split.rows(), seed, Map.of("density", String.valueOf(capacity * density)));
        add(
            FederateReport.GLOBAL + ", trained at these bytes",
            capacity,
            split.measureAll(small),
            small.info().itemBytes().stored(),
            List.of());
        release(small);
      }
    }
  }

  private DynamicSparseALSModel trained(Dataset<Row> rows, long seed) {
    return trained(rows, seed, Map.of());
  }

  private DynamicSparseALSModel trained(Dataset<Row> rows, long seed, Map<String, String> other) {
    Map<String, String> seeded = new LinkedHashMap<>(training);
    seeded.putAll(other);
    seeded.put("seed", String.valueOf(seed));
    return StageParams.set(new DynamicSparseALS(), seeded)
        .setUserCol(Trained.USER)
        .setItemCol(Trained.ITEM)
        .fit(rows);
  }

  private static void release(DynamicSparseALSModel model) {
    model.userRows().unpersist();
    model.itemRows().unpersist();
  }

  private void run(List<FederateSystems.Federated> wanted, DynamicSparseALSModel global) {
    for (FederateSystems.Federated system : wanted) {
      GatedFederationModel model =
          system
              .stage()
              .fit(
                  split.federated(split.rows()),
                  system.stage().getFamily().equals("items") ? null : global);
      FederationSummary summary = model.summary().orElseThrow();
      ClientSplit.Reached[] reached = new ClientSplit.Reached[split.clients()];
      Arrays.setAll(reached, c -> split.measure(c, model.client(split.names().get(c))));
      long most = summary.clients().stream().mapToLong(ClientMetrics::itemWeights).max().orElse(0);
      add(system.name(), system.capacity(), reached, most, summary.rounds());
      if (system.name().equals(FederateReport.GATED)
          && gate.equals("chosen")
          && system.capacity() < 1) {
        report.chosen(
            system.capacity(), summary.clients().stream().map(ClientMetrics::gate).toList());
      }
      if (system.name().equals(FederateReport.NEIGHBOURS)) {
        report.weighed(
            system.capacity(),
            summary.clients().stream().map(ClientMetrics::othersWeight).toList());
        report.sent(
            system.capacity(), summary.clients().stream().map(ClientMetrics::sentBytes).toList());
      }
      model.unpersist();
    }
  }

  private void add(
      String system,
      double capacity,
      ClientSplit.Reached[] reached,
      long stored,
      List<FederationSummary.Round> records) {
    report.add(system, capacity, reached, stored, records);
    double mean = Arrays.stream(reached).mapToDouble(ClientSplit.Reached::ndcg).average().orElse(0);
    say(String.format(Locale.ROOT, "%s, capacity %s: ndcg@20 %.4f", system, capacity, mean));
  }

  /** Every client alone, on its own interactions, with the settings of the global training. */
  private void local(long seed) {
    ClientSplit.Reached[] reached = new ClientSplit.Reached[split.clients()];
    long most = 0;
    for (int c = 0; c < reached.length; c++) {
      DynamicSparseALSModel own = trained(split.of(c), seed);
      reached[c] = split.measure(c, own);
      most = Math.max(most, own.info().itemBytes().stored());
      release(own);
    }
    add(FederateReport.LOCAL_ONLY, 1, reached, most, List.of());
    AloneClients alone = new AloneClients(split, systems.gated(seed, 1), updateRatio());
    most = 0;
    for (int c = 0; c < reached.length; c++) {
      AloneClients.One one = alone.train(c);
      reached[c] = one.reached();
      most = Math.max(most, one.stored());
    }
    add(FederateReport.LOCAL_ONLY + ", as the job trains it", 1, reached, most, List.of());
  }

  private double updateRatio() {
    return StageParams.set(new DynamicSparseALS(), training).getUpdateRatio();
  }

  /**
   * A global table without the client, on which it trains user rows and gate alone; and then, to
   * see what holds it back, its own item rows.
   */
  private void leaveOut(long seed) {
    NewClients joined = new NewClients(split.names());
    for (int c = 0; c < split.clients(); c++) {
      DynamicSparseALSModel global = trained(split.without(c), seed);
      GatedFederationModel frozen =
          systems
              .gated(seed, 1)
              .setRounds(0)
              .setFinalSteps(0)
              .fit(split.federated(split.without(c)), global);
      joined.known(c, split.shared(c));
      for (double capacity : capacities) {
        double gated = joined(frozen, c, systems.gated(seed, capacity).setJoinItems(false));
        double more = joined(frozen, c, systems.gated(seed, capacity).setJoinItems(true));
        joined.add(capacity, c, gated, more);
        say(
            String.format(
                Locale.ROOT,
                "new client %s, capacity %s: ndcg@20 %.4f, own rows too %.4f",
                split.names().get(c),
                capacity,
                gated,
                more));
      }
      frozen.unpersist();
      release(global);
    }
    report.joined(joined);
  }

  private double joined(GatedFederationModel frozen, int client, GatedFederation stage) {
    GatedFederationModel model = stage.join(frozen, split.federated(split.of(client)));
    double ndcg = split.measure(client, model.client(split.names().get(client))).ndcg();
    model.unpersist();
    return ndcg;
  }

  /**
   * A federation of neighbours without the client, which then joins: served from the others' pairs
   * alone, and with its own.
   */
  private void leaveOutNeighbours(long seed) {
    NewClients joined = new NewClients(split.names());
    for (int c = 0; c < split.clients(); c++) {
      GatedFederationModel others =
          systems.neighbours(seed, 1).fit(split.federated(split.without(c)), null);
      joined.known(c, split.shared(c));
      for (double capacity : capacities) {
        double sentNothing = joined(others, c, systems.neighbours(seed, capacity));
        double own = joined(others, c, systems.neighbours(seed, capacity).setJoinItems(true));
        joined.add(capacity, c, sentNothing, own);
        say(
            String.format(
                Locale.ROOT,
                "new client %s, neighbours, capacity %s: ndcg@20 %.4f, own pairs too %.4f",
                split.names().get(c),
                capacity,
                sentNothing,
                own));
      }
      others.unpersist();
    }
    report.joinedNeighbours(joined);
  }

  private void write(Map<String, String> facts, Protocol protocol, CanonicalDataset prepared)
      throws java.io.IOException {
    String text =
        report.markdown(
            protocol.name() + " by " + by + variant(", without rounds", ", neighbours"),
            CommandLineText.of(spec),
            facts,
            prepared.manifest().fingerprint(),
            seeds,
            onTest,
            split.names());
    Path file = results == null && onTest ? Path.of("bench/RESULTS.md") : results;
    if (file != null) {
      String section =
          "federate-" + protocol.name() + "-" + by + variant("-no-rounds", "-neighbours");
      ResultsFile.put(Sessions.resolve(file), section, text);
    }
    if (file == null) {
      spec.commandLine().getOut().println(text);
      spec.commandLine().getOut().flush();
    }
  }

  /** What sets a run apart that stands in a section of its own; empty for the usual one. */
  private String variant(String withoutRounds, String onlyNeighbours) {
    return neighboursOnly ? onlyNeighbours : rounds == 0 ? withoutRounds : "";
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
