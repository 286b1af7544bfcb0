package dev.coppice.spark.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientNeighbours;
import dev.coppice.core.federate.NeighbourStep;
import dev.coppice.core.items.NeighbourTable;
import dev.coppice.core.items.PairTotals;
import dev.coppice.core.items.SentPairs;
import dev.coppice.spark.held.OnFailure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Neighbours of the clients of a federation, each wholly in one partition: every client sends the
 * summed weights of its pairs of items ({@link SentPairs}), these are added up by item, and come
 * back as far as a client has both items. There are no rounds.
 *
 * <p>Sums are exact and what a client does is a pure function of its data and of them, so nothing
 * depends on how many partitions there are.
 */
public final class NeighbourFederation implements AutoCloseable {
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK();

  private final JavaSparkContext spark;
  private final NeighbourPlan plan;
  private final ClientSource source;
  private final Size size;
  private final NeighbourStep step;
  private final JavaRDD<ClientData> data;
  private final JavaRDD<PairTotals> totals;
  private final List<Broadcast<?>> broadcasts = new ArrayList<>();
  private final JavaRDD<LocalNeighbours> models;
  private final NeighbourTable global;

  /**
   * How much totals are of.
   *
   * @param items rows of the global item table
   * @param users who sent
   * @param interactions of theirs
   */
  public record Size(int items, long users, long interactions) {
    private double meanHistory() {
      return (double) interactions / Math.max(1, users);
    }
  }

  private NeighbourFederation(
      NeighbourPlan plan, ClientSource source, Size known, JavaRDD<PairTotals> earlier) {
    spark = new JavaSparkContext(source.session().sparkContext());
    this.plan = plan;
    this.source = source;
    size = earlier == null ? counted(known.items(), plan::isMember) : known;
    step = new NeighbourStep(plan.settings(), size.meanHistory());
    data = laidOut(size.items());
    totals = (earlier == null ? added(sent(plan::isMember)) : earlier).persist(LEVEL);
    models = learnt();
    NeighbourStep told = step;
    int all = size.items();
    global =
        totals
            .coalesce(1)
            .mapPartitions(
                sums -> {
                  List<PairTotals> together = new ArrayList<>();
                  sums.forEachRemaining(together::add);
                  return List.of(told.global(all, together)).iterator();
                })
            .first();
  }

  /**
   * Has the clients send, and learns the global table; the clients' own models are made when they
   * are asked for.
   *
   * @param source who the clients are and what they learn from
   * @param items rows of the global item table
   */
  public static NeighbourFederation of(NeighbourPlan plan, ClientSource source, int items) {
    return OnFailure.run(
        source::close, () -> new NeighbourFederation(plan, source, new Size(items, 0, 0), null));
  }

  /**
   * Makes models of new clients from what others sent.
   *
   * @param plan all clients join
   * @param source items are those of the totals
   * @param earlier what clients of an earlier federation sent; each item at most once
   * @param known how much that is of
   */
  public static NeighbourFederation join(
      NeighbourPlan plan, ClientSource source, JavaRDD<PairTotals> earlier, Size known) {
    return OnFailure.run(
        source::close, () -> new NeighbourFederation(plan, source, known, earlier));
  }

  /** Names and counts are known of all clients. */
  private Size counted(int items, IntPredicate which) {
    List<String> names = source.counts().names();
    long users = 0;
    long interactions = 0;
    for (int client = 0; client < names.size(); client++) {
      if (which.test(client)) {
        users += source.counts().users().get(names.get(client));
        interactions += source.counts().interactions().get(names.get(client));
      }
    }
    return new Size(items, users, interactions);
  }

  private JavaRDD<ClientData> laidOut(int items) {
    // Counts nothing but who has what.
    AlsObjective plain = AlsObjective.implicit(0, 0, 1, 0, 0);
    return source
        .learnt(plan.partitions())
        .map(
            plan.hush()
                .of(
                    client ->
                        ClientData.of(
                            client._1(),
                            client._2().distinctUsers(),
                            client._2().offsets(),
                            client._2().items(),
                            null,
                            new int[items],
                            plain)))
        .persist(LEVEL);
  }

  /** What clients send, each for itself. */
  private JavaPairRDD<Integer, SentPairs> sent(IntPredicate which) {
    BitSet senders = new BitSet();
    for (int client = 0; client < plan.capacities().length; client++) {
      senders.set(client, which.test(client));
    }
    NeighbourStep told = step;
    return data.filter(client -> senders.get(client.client()))
        .mapPartitions(plan.hush().flat(clients -> sent(clients, told)))
        .mapToPair(pairs -> new Tuple2<>(pairs.item(), pairs));
  }

  private static Iterator<SentPairs> sent(Iterator<ClientData> clients, NeighbourStep step) {
    List<SentPairs> sent = new ArrayList<>();
    clients.forEachRemaining(client -> sent.addAll(step.sent(client)));
    return sent.iterator();
  }

  /** The sums by item. Nothing is added up before it has left its client. */
  private JavaRDD<PairTotals> added(JavaPairRDD<Integer, SentPairs> sent) {
    return sent.combineByKey(
            SentPairs::totals,
            (sum, pairs) -> sum.plus(pairs.totals()),
            PairTotals::plus,
            new HashPartitioner(data.getNumPartitions()),
            false,
            null)
        .values();
  }

  private JavaRDD<LocalNeighbours> learnt() {
    NeighbourPlan told = plan;
    NeighbourStep by = step;
    Broadcast<BitSet[]> items = keep(spark.broadcast(items()));
    JavaPairRDD<Integer, PairTotals> routed =
        totals
            .flatMapToPair(all -> routed(all, items.value()))
            .partitionBy(
                new ClientPlaces(
                    ClientPlaces.of(data, ClientData::client, plan.capacities().length),
                    data.getNumPartitions()));
    return data.zipPartitions(
            routed, plan.hush().of((clients, sums) -> learnt(clients, sums, by, told)))
        .persist(LEVEL);
  }

  /** By client, which items its model has. */
  private BitSet[] items() {
    NeighbourStep told = step;
    BitSet[] items = new BitSet[plan.capacities().length];
    data.map(
            client -> {
              BitSet own = new BitSet();
              for (int item : told.items(client)) {
                own.set(item);
              }
              return new Tuple2<>(client.client(), own.toLongArray());
            })
        .collect()
        .forEach(client -> items[client._1()] = BitSet.valueOf(client._2()));
    return items;
  }

  private static Iterator<Tuple2<Integer, PairTotals>> routed(PairTotals all, BitSet[] items) {
    List<Tuple2<Integer, PairTotals>> parts = new ArrayList<>();
    for (int client = 0; client < items.length; client++) {
      if (items[client].get(all.item())) {
        PairTotals part = all.with(items[client]::get);
        if (part.others().length > 0) {
          parts.add(new Tuple2<>(client, part));
        }
      }
    }
    return parts.iterator();
  }

  private static Iterator<LocalNeighbours> learnt(
      Iterator<ClientData> clients,
      Iterator<Tuple2<Integer, PairTotals>> sums,
      NeighbourStep step,
      NeighbourPlan plan) {
    Map<Integer, List<PairTotals>> byClient = new HashMap<>();
    sums.forEachRemaining(
        part -> byClient.computeIfAbsent(part._1(), key -> new ArrayList<>()).add(part._2()));
    List<LocalNeighbours> models = new ArrayList<>();
    while (clients.hasNext()) {
      ClientData client = clients.next();
      int number = client.client();
      List<SentPairs> sent = plan.learns(number) ? step.sent(client) : List.of();
      ClientNeighbours own =
          step.learn(
              client,
              byClient.getOrDefault(number, List.of()),
              plan.isMember(number) ? sent : List.of(),
              plan.learns(number),
              plan.capacities()[number],
              plan.most()[number]);
      byClient.remove(number);
      models.add(new LocalNeighbours(client, own, sent.stream().mapToLong(SentPairs::bytes).sum()));
    }
    return models.iterator();
  }

  /** Returns the clients' own models as rows. */
  public ClientTables<LocalNeighbours> tables() {
    return new ClientTables<>(
        models,
        LocalNeighbours::userRows,
        LocalNeighbours::itemRows,
        LocalNeighbours::userRows,
        LocalNeighbours.USERS,
        LocalNeighbours.ITEMS);
  }

  /**
   * Returns what all clients sent together, by item: those that joined too, if they learn from
   * their own users.
   */
  public JavaRDD<PairTotals> kept() {
    return plan.settings().joinItems() && !plan.joins().isEmpty()
        ? totals
            .mapToPair(pairs -> new Tuple2<>(pairs.item(), pairs))
            .union(
                sent(client -> !plan.isMember(client))
                    .mapToPair(pairs -> new Tuple2<>(pairs._1(), pairs._2().totals())))
            .reduceByKey(PairTotals::plus)
            .values()
        : totals;
  }

  /** Returns how much the clients learnt from. */
  public Size size() {
    return size;
  }

  /** Returns how much {@link #kept} is of. */
  public Size keptSize() {
    if (!plan.settings().joinItems()) {
      return size;
    }
    Size more = counted(size.items(), client -> !plan.isMember(client));
    return new Size(
        size.items(), size.users() + more.users(), size.interactions() + more.interactions());
  }

  /** Returns the rows of the global table: of all items, from what was sent alone. */
  public Dataset<Row> globalItems(SparkSession session) {
    return session.createDataFrame(
        LocalNeighbours.itemRows(-1, global, null), LocalNeighbours.ITEMS);
  }

  /** Returns the weights of the global table. */
  public int globalWeights() {
    return global.weights().length;
  }

  /** Returns in how many partitions the clients are. */
  public int partitions() {
    return data.getNumPartitions();
  }

  /**
   * Measures every client in its task.
   *
   * @param wanted what to find, each client in the partition of its model; null measures nothing
   * @param alone whether each client is learnt without the others too, to compare with
   */
  public List<ClientMetrics> measure(JavaRDD<Tuple2<Integer, ClientRows>> wanted, boolean alone) {
    Broadcast<NeighbourTable> whole = keep(spark.broadcast(global));
    NeighbourStep by = step;
    NeighbourPlan told = plan;
    return ClientMetrics.measured(
        models,
        model -> model.data().client(),
        wanted,
        (model, pairs) -> {
          int client = model.data().client();
          ClientNeighbours without =
              alone && pairs != null
                  ? by.alone(model.data(), told.capacities()[client], told.most()[client])
                  : null;
          return metrics(model, whole.value(), without, pairs);
        },
        plan.hush());
  }

  private static ClientMetrics metrics(
      LocalNeighbours model, NeighbourTable global, ClientNeighbours alone, ClientRows wanted) {
    ClientData data = model.data();
    double[] local = mean(data, model.own(), wanted);
    double[] whole = mean(data, new ClientNeighbours(global, 1), wanted);
    double[] ownItems =
        mean(
            data,
            wanted == null
                ? null
                : new ClientNeighbours(global.with(item -> data.items().observations(item) > 0), 1),
            wanted);
    double[] own = mean(data, alone, alone == null ? null : wanted);
    return new ClientMetrics(
        data.client(),
        data.users().rows(),
        (int) local[2],
        data.samples(),
        new boolean[0],
        "",
        model.own().table().weights().length,
        local[0],
        local[1],
        whole[0],
        whole[1],
        own[0],
        own[1],
        Double.NaN,
        Double.NaN,
        ownItems[0],
        ownItems[1],
        model.own().othersWeight(),
        model.sentBytes());
  }

  private static double[] mean(ClientData data, ClientNeighbours own, ClientRows wanted) {
    return ClientMetrics.mean(
        data, wanted == null ? null : own.lists(data, ClientMetrics.TOP), wanted);
  }

  private <T> Broadcast<T> keep(Broadcast<T> broadcast) {
    broadcasts.add(broadcast);
    return broadcast;
  }

  @Override
  public void close() {
    models.unpersist();
    totals.unpersist();
    data.unpersist();
    broadcasts.forEach(Broadcast::destroy);
    source.close();
  }
}
