package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.SettingException;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.federate.CapacityTable;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientRoster;
import dev.coppice.spark.federate.ClientShares;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.GatedTraining;
import dev.coppice.spark.federate.InitialTable;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.TableEdits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a federation from its data to a model and a summary. */
final class GatedFitting {
  private static final Logger LOG = LoggerFactory.getLogger(GatedFitting.class);

  private final GatedFederation stage;
  private final GatedConfig config;
  private final FederationData data;
  private final SparkSession session;
  private final FederationListener listener;

  GatedFitting(GatedFederation stage, FederationData data) {
    this.stage = stage;
    this.data = data;
    config = GatedConfig.of(AutoParams.of(stage, data::rows).stage());
    VectorAdvice.sayOnce();
    session = data.rows().sparkSession();
    listener = stage.listener();
  }

  GatedFederationModel fit(DynamicSparseALSModel given) {
    ClientRoster roster = phase("find clients", () -> roster(data));
    ClientShares shares = shares(roster);
    Set<Integer> joins = new TreeSet<>();
    for (String name : stage.getJoins()) {
      joins.add(fitting(() -> roster.number(name, FederationKeys.JOINS.name())));
    }
    InitialTable start = phase("start", () -> start(given, roster, joins));
    FederationPlan plan =
        plan(config, roster, joins, fitted(shares, config, roster, start.items()));
    GatedTraining training =
        phase(
            "rounds", () -> fitting(() -> GatedTraining.run(plan, roster, start, listener::round)));
    return model(training, roster, data, shares, 0);
  }

  GatedFederationModel join(GatedFederationModel model) {
    FederationData joining = data.onItems(model.tables().layout().items());
    ClientRoster roster = phase("find clients", () -> roster(joining));
    long leftOut = data.rows().count() - joining.rows().count();
    if (leftOut > 0) {
      LOG.warn("{} interactions are left out: the global table does not have their items", leftOut);
    }
    GlobalState frozen = model.globalState();
    GatedConfig theirs = config.withObjective(model.tables().global().info().objective());
    ClientShares shares = shares(roster);
    Set<Integer> all =
        IntStream.range(0, roster.names().size()).boxed().collect(Collectors.toSet());
    FederationPlan plan = plan(theirs, roster, all, fitted(shares, theirs, roster, frozen.items()));
    GatedTraining training = phase("join", () -> GatedTraining.join(plan, roster, frozen));
    return model(training, roster, joining, shares, leftOut);
  }

  private ClientRoster roster(FederationData from) {
    return ClientRoster.of(from.rows(), stage.getMaxClientInteractions(), from.remedy());
  }

  private ClientShares shares(ClientRoster roster) {
    CapacityTable table =
        stage.getCapacityTable().isEmpty()
            ? CapacityTable.empty()
            : CapacityTable.read(session, stage.getCapacityTable());
    List<String> entries = Arrays.asList(stage.getCapacities());
    return fitting(
        () -> ClientShares.of(roster, stage.getCapacity(), entries, table, stage.getMemoryLimit()));
  }

  private static double[] fitted(
      ClientShares shares, GatedConfig config, ClientRoster roster, SparseTable items) {
    long userWeights = config.settings().rows().userWeights();
    return fitting(() -> shares.fitted(roster, items, userWeights)).capacities();
  }

  private FederationPlan plan(
      GatedConfig settings, ClientRoster roster, Set<Integer> joins, double[] capacities) {
    int wanted = stage.getNumPartitions();
    int chosen = wanted > 0 ? wanted : session.sparkContext().defaultParallelism();
    int partitions = Math.max(1, Math.min(chosen, roster.names().size()));
    return settings.plan(capacities, joins, partitions, stage.fault());
  }

  /** Settings that do not fit the data are the caller's to change. */
  private static <T> T fitting(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      throw new SettingException(e.getMessage(), e);
    }
  }

  private <T> T phase(String name, Callable<T> work) {
    try {
      return listener.phase(name, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(name + " failed", e);
    }
  }

  private InitialTable start(DynamicSparseALSModel given, ClientRoster roster, Set<Integer> joins) {
    int items = Math.toIntExact(data.itemIds().count());
    DynamicSparseALSModel initial = given;
    if (initial == null && !stage.getInitialModel().isEmpty()) {
      initial = InitialModel.load(stage.getInitialModel());
    }
    if (initial != null) {
      InitialModel.requireForClients(initial);
      return InitialTable.of(
          numbered(initial.itemTable(), data.itemIds()),
          numbered(initial.userTable(), data.userIds()),
          items,
          initial.rank());
    }
    if (stage.getStartTable().equals("random")) {
      return InitialTable.random(stage.getDensity(), stage.getRank(), items, stage.getSeed());
    }
    return PooledTable.of(config.als(), roster, joins, items);
  }

  private static Dataset<Row> numbered(RowTable table, Dataset<Row> ids) {
    RowTable texts =
        new RowTable(
            "initial rows",
            table.rows().withColumn(RowTable.ID, col(RowTable.ID).cast(DataTypes.StringType)));
    return TableEdits.withIndices(
            texts, ids.select(col("index"), col("id").cast(DataTypes.StringType).as("id")))
        .rows();
  }

  private GatedFederationModel model(
      GatedTraining training,
      ClientRoster roster,
      FederationData numbers,
      ClientShares shares,
      long leftOut) {
    GatedFederationModel made = null;
    try {
      made = gathered(training, roster, numbers, shares, leftOut);
      return made;
    } finally {
      if (made == null) {
        training.close();
      }
    }
  }

  private GatedFederationModel gathered(
      GatedTraining training,
      ClientRoster roster,
      FederationData numbers,
      ClientShares shares,
      long leftOut) {
    Dataset<Row> wanted = numbers.heldOut() == null ? null : roster.heldOut(numbers.heldOut());
    List<ClientMetrics> metrics =
        phase(
            "personalise and measure",
            () -> training.models().measure(wanted, wanted == null ? null : alone(training)));
    GatedFederationModel model =
        phase(
            "gather the models",
            () ->
                GatedModels.of(
                    stage.uid(),
                    training,
                    metrics,
                    roster,
                    numbers,
                    new GatedModels.Source(
                        stage.getDensity(),
                        numbers.fingerprint(),
                        numbers.configuration() == null
                            ? config.asText()
                            : numbers.configuration())));
    model.hold(
        training,
        new FederationSummary(
            rounds(training, roster.names()),
            metrics,
            training.end().layout().buckets(),
            training.end().layout().dimGroups(),
            training.end().items().stored(),
            roster.interactions().values().stream().mapToLong(Long::longValue).sum(),
            leftOut,
            shares));
    return model;
  }

  private AloneTraining alone(GatedTraining training) {
    return stage.getAlone()
        ? new AloneTraining(
            training.plan().settings().objective(),
            stage.getDensity(),
            training.end().items().rank(),
            stage.getMaxIter(),
            config.als().getUpdateRatio(),
            stage.getSeed())
        : null;
  }

  private static List<FederationSummary.Round> rounds(GatedTraining training, List<String> names) {
    List<FederationSummary.Round> rounds = new ArrayList<>();
    for (Federation.RoundRecord record : training.rounds()) {
      Map<String, String> failures = new TreeMap<>();
      training
          .failures()
          .getOrDefault(record.round(), Map.of())
          .forEach((client, why) -> failures.put(names.get(client), why));
      rounds.add(
          new FederationSummary.Round(
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
}
