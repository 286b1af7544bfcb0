package dev.coppice.spark.federate;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.federate.ClientUpdate;
import dev.coppice.core.federate.Clients;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The clients of a federation inside the partitions of an RDD, each wholly in one. Their
 * interactions, user rows and gates stay in the executors; the driver gets counts (the census), the
 * {@link RoundAnswer}s and, where models are measured, counts and means ({@link ClientMetrics}).
 *
 * <p>What a client holds is a pure function of its data, the settings, the broadcasts and who
 * answered in which round. So lost partitions are computed again to the same bits, and nothing
 * depends on how many there are. With a checkpoint directory the lineage is cut every {@code
 * checkpointInterval} rounds; without one, or in a private federation, whose states must not be
 * written there, it grows by a step a round.
 */
final class SparkClients implements Clients, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SparkClients.class);
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK();

  private final JavaSparkContext spark;
  private final FederationPlan plan;
  private final Census census;
  private final List<Broadcast<?>> broadcasts = new ArrayList<>();
  private final Map<Integer, Map<Integer, String>> failures = new TreeMap<>();
  private final JavaRDD<ClientData> data;
  private JavaRDD<HeldClient> held;

  /**
   * Lays out the clients.
   *
   * @param source numbers clients from 0 and up, none left out, and items by the rows of the global
   *     table
   * @param frozen counts of the clients that trained the global table; null to count these clients,
   *     but for those that join
   */
  SparkClients(ClientSource source, int itemRows, FederationPlan plan, Census frozen) {
    spark = new JavaSparkContext(source.session().sparkContext());
    this.plan = plan;
    JavaRDD<Tuple2<Integer, ClientRows>> grouped = source.learnt(plan.partitions()).persist(LEVEL);
    census = frozen == null ? counted(grouped, itemRows, plan.joins()) : frozen;
    Broadcast<int[]> degrees = keep(spark.broadcast(census.degrees()));
    FederationSettings settings = plan.settings();
    data =
        grouped
            .map(plan.hush().of(client -> laidOut(client, degrees.value(), settings)))
            .persist(LEVEL);
    held = data.map(client -> HeldClient.fresh(client.client(), null)).persist(LEVEL);
    List<Integer> numbers = held.map(HeldClient::client).collect();
    grouped.unpersist();
    Set<Integer> present = new TreeSet<>(numbers);
    for (int client = 0; client < count(); client++) {
      if (!present.contains(client)) {
        throw new BadInputException("client " + client + " has no interactions; leave it out");
      }
    }
    if (present.size() > count()) {
      throw new IllegalArgumentException(
          count() + " capacities for " + present.size() + " clients");
    }
  }

  private static Census counted(
      JavaRDD<Tuple2<Integer, ClientRows>> grouped, int itemRows, Set<Integer> joins) {
    return grouped
        .filter(client -> !joins.contains(client._1()))
        .map(
            client ->
                Census.of(
                    client._1(), client._2().distinctUsers().length, client._2().items(), itemRows))
        .fold(Census.none(itemRows), Census::plus);
  }

  /** Refuses clients that one executor should not be given. */
  static void requireSizes(Map<String, Long> interactions, long limit) {
    interactions.forEach(
        (name, count) -> {
          if (count > limit) {
            throw new BadInputException(
                "client '"
                    + name
                    + "' has "
                    + count
                    + " interactions, more than maxClientInteractions = "
                    + limit
                    + "; a client is trained in one task: divide it, or raise the limit and the"
                    + " memory of the executors");
          }
        });
  }

  private static ClientData laidOut(
      Tuple2<Integer, ClientRows> client, int[] degrees, FederationSettings settings) {
    ClientRows rows = client._2();
    return ClientData.of(
        client._1(),
        rows.distinctUsers(),
        rows.offsets(),
        rows.items(),
        rows.weights(),
        degrees,
        settings.objective());
  }

  /**
   * Gives the clients user rows to start from. Rows of users without one are found from nothing,
   * and so are all of a client that has none of them.
   *
   * @param rows columns in this order: {@code client} int, {@code id} long, {@code dims} array of
   *     short, {@code weights} array of float
   * @param rank of the rows
   */
  void start(Dataset<Row> rows, int rank) {
    JavaRDD<InitialUserRow> begins = InitialUserRow.byClient(rows, data.getNumPartitions());
    JavaRDD<HeldClient> started =
        data.zipPartitions(begins, (clients, given) -> InitialUserRow.held(clients, given, rank))
            .persist(LEVEL);
    started.count();
    held.unpersist();
    held = started;
  }

  private int count() {
    return plan.capacities().length;
  }

  /** All but those that join. */
  @Override
  public SortedSet<Integer> members() {
    SortedSet<Integer> members = new TreeSet<>();
    for (int client = 0; client < count(); client++) {
      if (!plan.joins().contains(client)) {
        members.add(client);
      }
    }
    return members;
  }

  @Override
  public Census census() {
    return census;
  }

  /** Returns by round and client with what clients failed twice. */
  Map<Integer, Map<Integer, String>> failures() {
    return failures;
  }

  @Override
  public List<ClientUpdate> round(GlobalState global, SortedSet<Integer> asked) {
    int round = global.round() + 1;
    Broadcast<GlobalState> sent = keep(spark.broadcast(global));
    JavaRDD<HeldClient> attempt =
        data.zipPartitions(held, plan.hush().of(new ClientRound(plan, sent, new TreeSet<>(asked))))
            .persist(LEVEL);
    List<RoundAnswer> answers =
        attempt
            .filter(client -> client.update() != null || client.failure() != null)
            .map(client -> new RoundAnswer(client.client(), client.update(), client.failure()))
            .collect();
    List<ClientUpdate> updates = new ArrayList<>();
    Set<Integer> answered = new TreeSet<>();
    for (RoundAnswer answer : answers) {
      if (answer.update() == null) {
        LOG.warn("round {}: client {} failed twice: {}", round, answer.client(), answer.failure());
        failures
            .computeIfAbsent(round, r -> new TreeMap<>())
            .put(answer.client(), answer.failure());
      } else {
        updates.add(answer.update());
        answered.add(answer.client());
      }
    }
    advance(attempt, answered, round);
    updates.sort(Comparator.comparingInt(ClientUpdate::client));
    return updates;
  }

  /**
   * The states after the round, by who answered it: a partition that is computed again later must
   * not count a client in that the driver has left out, nor the other way round.
   */
  private void advance(JavaRDD<HeldClient> attempt, Set<Integer> answered, int round) {
    JavaRDD<HeldClient> next =
        held.zipPartitions(attempt, (before, after) -> merged(before, after, answered))
            .persist(LEVEL);
    if (round % plan.checkpointInterval() == 0
        && spark.sc().getCheckpointDir().isDefined()
        && !plan.hush().isOn()) {
      next.checkpoint();
    }
    next.count();
    attempt.unpersist();
    held.unpersist();
    held = next;
  }

  private static Iterator<HeldClient> merged(
      Iterator<HeldClient> before, Iterator<HeldClient> after, Set<Integer> answered) {
    List<HeldClient> merged = new ArrayList<>();
    while (before.hasNext()) {
      HeldClient old = before.next();
      HeldClient tried = after.next();
      if (answered.contains(old.client())) {
        if (tried.update() == null) {
          throw new IllegalStateException(
              "client "
                  + old.client()
                  + " answered a round, was lost, and failed when it was run again: "
                  + tried.failure());
        }
        merged.add(tried.withoutUpdate());
      } else {
        merged.add(old);
      }
    }
    return merged.iterator();
  }

  /**
   * Trains every client's own model once more on the last global table; of those that join, only
   * the gates, unless {@code joinItems} is set.
   */
  LocalModels personalise(GlobalState global) {
    Broadcast<GlobalState> sent = keep(spark.broadcast(global));
    FederationPlan chosen = plan;
    JavaRDD<LocalModel> models =
        data.zipPartitions(
                held,
                plan.hush()
                    .of(
                        (clients, before) -> {
                          ClientStep step = new ClientStep(chosen.settings(), sent.value());
                          List<LocalModel> own = new ArrayList<>();
                          while (clients.hasNext()) {
                            own.add(
                                local(chosen, sent.value(), step, clients.next(), before.next()));
                          }
                          return own.iterator();
                        }))
            .persist(LEVEL);
    return new LocalModels(models, sent, chosen);
  }

  private static LocalModel local(
      FederationPlan plan,
      GlobalState global,
      ClientStep step,
      ClientData client,
      HeldClient held) {
    double share = plan.capacities()[client.client()];
    ClientState own =
        plan.joins().contains(client.client())
            ? step.join(client, share)
            : step.personalise(client, held.begun(step, client), share);
    return new LocalModel(client, own, globalUsers(global, step, client, held.begin()));
  }

  /**
   * The users on the whole global table: the rows that training gave them, solved again on their
   * positions once rounds have changed the items; else rows found from nothing.
   */
  private static SparseTable globalUsers(
      GlobalState global, ClientStep step, ClientData client, SparseTable begin) {
    if (begin == null) {
      return step.wholeUsers(client);
    }
    SparseTable users = InitialUserRow.completed(begin, client, step);
    return global.round() == 0 ? users : step.solvedUsers(client, users);
  }

  private <T> Broadcast<T> keep(Broadcast<T> broadcast) {
    broadcasts.add(broadcast);
    return broadcast;
  }

  /** Frees what the executors hold. */
  @Override
  public void close() {
    held.unpersist();
    data.unpersist();
    broadcasts.forEach(Broadcast::destroy);
  }
}
