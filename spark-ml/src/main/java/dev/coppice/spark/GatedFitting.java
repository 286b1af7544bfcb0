package dev.coppice.spark;

import dev.coppice.core.error.SettingException;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.federate.CapacityTable;
import dev.coppice.spark.federate.ClientCounts;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientRows;
import dev.coppice.spark.federate.ClientShares;
import dev.coppice.spark.federate.ClientSource;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.GatedTraining;
import dev.coppice.spark.federate.InitialTable;
import dev.coppice.spark.held.OnFailure;
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
import org.apache.spark.api.java.JavaRDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Runs a federation from its data to a model and a summary. */
final class GatedFitting {
  private static final Logger LOG = LoggerFactory.getLogger(GatedFitting.class);

  private final GatedFederation stage;
  private final FittingInput.Opener data;
  private final FederationListener listener;

  GatedFitting(GatedFederation stage, FittingInput.Opener data) {
    this.stage = stage;
    this.data = data;
    VectorAdvice.sayOnce();
    listener = stage.listener();
  }

  private GatedConfig config(FittingInput input) {
    return GatedConfig.of(AutoParams.counted(stage, input::counts).stage());
  }

  GatedFederationModel fit(DynamicSparseALSModel given) {
    if (Family.of(stage.getFamily()) == Family.ITEMS) {
      return new NeighbourFitting(stage, data).fit(given);
    }
    GatedConfig.requireStart(stage, given != null || !stage.getInitialModel().isEmpty());
    FittingInput input = phase("find clients", () -> data.open(stage, null));
    GatedConfig config = config(input);
    ClientSource source = input.clients();
    ClientShares shares = shares(source);
    Set<Integer> joins = joins(stage, source);
    InitialTable start = phase("start", () -> start(given, config, input, joins));
    FederationPlan plan =
        plan(config, source, joins, fitted(shares, config, source, start.items()));
    GatedTraining training =
        phase(
            "rounds", () -> fitting(() -> GatedTraining.run(plan, source, start, listener::round)));
    return model(training, config, input, shares);
  }

  GatedFederationModel join(GatedFederationModel model) {
    if (model.tables().pairs().isPresent()) {
      return new NeighbourFitting(stage, data).join(model);
    }
    FittingInput input =
        phase("find clients", () -> data.open(stage, model.tables().layout().items()));
    GatedConfig config = config(input);
    ClientSource source = input.clients();
    if (input.leftOut() > 0) {
      LOG.warn(
          "{} interactions are left out: the global table does not have their items",
          input.leftOut());
    }
    GlobalState frozen = model.globalState();
    GatedConfig theirs = config.withObjective(model.tables().global().info().objective());
    ClientShares shares = shares(source);
    Set<Integer> all = everybody(source);
    FederationPlan plan = plan(theirs, source, all, fitted(shares, theirs, source, frozen.items()));
    GatedTraining training = phase("join", () -> GatedTraining.join(plan, source, frozen));
    return model(training, config, input, shares);
  }

  private ClientShares shares(ClientSource source) {
    return shares(stage, source);
  }

  /** Returns the numbers of the clients that take no part. */
  static Set<Integer> joins(GatedFederation stage, ClientSource source) {
    Set<Integer> joins = new TreeSet<>();
    for (String name : stage.getJoins()) {
      joins.add(fitting(() -> source.counts().number(name, FederationKeys.JOINS.name())));
    }
    return joins;
  }

  /** Returns the numbers of all clients. */
  static Set<Integer> everybody(ClientSource source) {
    return IntStream.range(0, source.counts().names().size()).boxed().collect(Collectors.toSet());
  }

  /** Returns how much each client may hold. */
  static ClientShares shares(GatedFederation stage, ClientSource source) {
    CapacityTable table =
        stage.getCapacityTable().isEmpty()
            ? CapacityTable.empty()
            : CapacityTable.read(source.session(), stage.getCapacityTable());
    List<String> entries = Arrays.asList(stage.getCapacities());
    return fitting(
        () ->
            ClientShares.of(
                source.counts(), stage.getCapacity(), entries, table, stage.getMemoryLimit()));
  }

  private static double[] fitted(
      ClientShares shares, GatedConfig config, ClientSource source, SparseTable items) {
    long userWeights = config.settings().rows().userWeights();
    return fitting(() -> shares.fitted(source.counts(), items, userWeights)).capacities();
  }

  private FederationPlan plan(
      GatedConfig settings, ClientSource source, Set<Integer> joins, double[] capacities) {
    return settings.plan(capacities, joins, partitions(stage, source), stage.fault());
  }

  /** Returns in how many partitions the clients are laid out. */
  static int partitions(GatedFederation stage, ClientSource source) {
    int wanted = stage.getNumPartitions();
    int chosen = wanted > 0 ? wanted : source.session().sparkContext().defaultParallelism();
    return Math.max(1, Math.min(chosen, source.counts().names().size()));
  }

  /** Settings that do not fit the data are the caller's to change. */
  static <T> T fitting(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      throw new SettingException(e.getMessage(), e);
    }
  }

  private <T> T phase(String name, Callable<T> work) {
    return phase(listener, name, work);
  }

  /** Tells a listener of a phase. */
  static <T> T phase(FederationListener listener, String name, Callable<T> work) {
    try {
      return listener.phase(name, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(name + " failed", e);
    }
  }

  private InitialTable start(
      DynamicSparseALSModel given, GatedConfig config, FittingInput input, Set<Integer> joins) {
    DynamicSparseALSModel initial = given;
    if (initial == null && !stage.getInitialModel().isEmpty()) {
      initial = InitialModel.load(stage.getInitialModel());
    }
    if (initial != null) {
      InitialModel.requireForClients(initial);
      return input.initial(initial);
    }
    if (stage.getStartTable().equals("random")) {
      int items = Math.toIntExact(input.itemIds().count());
      return InitialTable.random(stage.getDensity(), stage.getRank(), items, stage.getSeed());
    }
    return input.pooled(config.als(), joins);
  }

  private GatedFederationModel model(
      GatedTraining training, GatedConfig config, FittingInput input, ClientShares shares) {
    return OnFailure.run(training::close, () -> gathered(training, config, input, shares));
  }

  private GatedFederationModel gathered(
      GatedTraining training, GatedConfig config, FittingInput input, ClientShares shares) {
    ClientCounts counts = input.clients().counts();
    JavaRDD<Tuple2<Integer, ClientRows>> wanted =
        input.clients().heldOut(training.models().partitions());
    List<ClientMetrics> metrics =
        phase(
            "personalise and measure",
            () ->
                training.models().measure(wanted, wanted == null ? null : alone(training, config)));
    GatedFederationModel model =
        phase(
            "gather the models",
            () ->
                GatedModels.of(
                    stage.uid(),
                    training,
                    metrics,
                    input,
                    new GatedModels.Source(
                        stage.getDensity(),
                        input.fingerprint(),
                        input.configuration() == null ? config.asText() : input.configuration())));
    model.hold(
        training::close,
        new FederationSummary(
            rounds(training, counts.names()),
            metrics,
            training.end().layout().buckets(),
            training.end().layout().dimGroups(),
            training.end().items().stored(),
            counts.total(),
            input.leftOut(),
            shares));
    return model;
  }

  private AloneTraining alone(GatedTraining training, GatedConfig config) {
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
