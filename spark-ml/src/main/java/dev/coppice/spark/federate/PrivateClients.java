package dev.coppice.spark.federate;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.federate.Census;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Clients whose rows stay in their partitions: of users no id, interaction or row is in a shuffle,
 * the result of a task or a broadcast. A client whose rows are read in several partitions is an
 * exception: one shuffle brings them together, and that is the last time that they move. What is
 * told are names and counts of the clients and the ids of items (docs/federation.md, "What leaves a
 * client").
 *
 * <p>Users have numbers within their client alone, so the same id in two clients is two users.
 */
public final class PrivateClients implements ClientSource {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateClients.class);
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK();
  private static final Hush HUSH = new Hush(true);

  private final SparkSession session;
  private final ClientCounts counts;
  private final long leftOut;
  private final String[] items;
  private final Broadcast<ItemNumbers> numbers;
  private final JavaRDD<PrivateClient> clients;
  private final boolean measured;

  private PrivateClients(
      SparkSession session,
      ClientCounts counts,
      long leftOut,
      String[] items,
      Broadcast<ItemNumbers> numbers,
      JavaRDD<PrivateClient> clients,
      boolean measured) {
    this.session = session;
    this.counts = counts;
    this.leftOut = leftOut;
    this.items = items;
    this.numbers = numbers;
    this.clients = clients;
    this.measured = measured;
  }

  /**
   * Finds the clients.
   *
   * @param rows columns in this order: {@code name}, {@code user}, {@code item} string, {@code
   *     weight} float, {@code heldOut} boolean
   * @param measured whether there may be rows that are held out
   * @param known {@code String[items]}: ids of the items by their row in a global table; rows to
   *     learn from are left out if it does not have their item. Null to take all items
   * @param partitions of clients, where their rows have to be brought together
   * @param largest interactions above which a client is refused
   * @throws BadInputException if rows have no id or client, weights are missing, below 0 or not
   *     finite, or a client is too large
   */
  public static PrivateClients of(
      Dataset<Row> rows,
      RowWords words,
      boolean measured,
      String[] known,
      int partitions,
      long largest) {
    SparkSession session = rows.sparkSession();
    JavaRDD<RawRows.Part> parts =
        rows.toJavaRDD().mapPartitions(HUSH.flat(RawRows::read)).persist(LEVEL);
    Map<String, Long> learnt = new TreeMap<>(RawRows.ORDER);
    boolean apart = checked(parts.map(HUSH.of(RawRows.Part::told)).collect(), words, learnt);
    SparkClients.requireSizes(learnt, largest);
    if (!apart) {
      LOG.warn(
          "private = true, and the rows of a client are read in several partitions: one shuffle"
              + " brings them together. Where each client is a file of its own, they stay where"
              + " they are read");
    }
    JavaRDD<RawRows> whole =
        (apart
                ? parts.flatMap(HUSH.flat(part -> Arrays.asList(part.clients()).iterator()))
                : gathered(parts, numbers(learnt.keySet()), partitions))
            .persist(LEVEL);
    String[] items = known == null ? items(whole) : known;
    Broadcast<ItemNumbers> itemNumbers =
        new JavaSparkContext(session.sparkContext()).broadcast(ItemNumbers.of(items));
    JavaRDD<PrivateClient> named =
        whole.map(HUSH.of(raw -> PrivateClient.of(raw, itemNumbers.value()))).persist(LEVEL);
    List<PrivateClient.Told> told =
        new ArrayList<>(named.map(HUSH.of(PrivateClient::told)).collect());
    told.sort(Comparator.comparing(PrivateClient.Told::name, RawRows.ORDER));
    Map<String, Long> interactions = new LinkedHashMap<>();
    Map<String, Long> users = new LinkedHashMap<>();
    for (PrivateClient.Told client : told) {
      if (client.interactions() > 0) {
        interactions.put(client.name(), client.interactions());
        users.put(client.name(), client.users());
      }
    }
    Map<String, Integer> byName = numbers(interactions.keySet());
    JavaRDD<PrivateClient> clients =
        named
            .filter(HUSH.of(client -> byName.containsKey(client.name())))
            .map(HUSH.of(client -> client.numbered(byName.get(client.name()))))
            .persist(LEVEL);
    clients.count();
    named.unpersist();
    whole.unpersist();
    parts.unpersist();
    return new PrivateClients(
        session,
        new ClientCounts(interactions, users),
        told.stream().mapToLong(PrivateClient.Told::leftOut).sum(),
        items,
        itemNumbers,
        clients,
        measured);
  }

  /** Adds up, and returns whether every client is in one partition. */
  private static boolean checked(
      List<RawRows.Told> told, RowWords words, Map<String, Long> interactions) {
    long[] bad = new long[4];
    Set<String> names = new TreeSet<>(RawRows.ORDER);
    boolean apart = true;
    for (RawRows.Told part : told) {
      bad[0] += part.noUser();
      bad[1] += part.noItem();
      bad[2] += part.noClient();
      bad[3] += part.badWeights();
      for (int i = 0; i < part.names().length; i++) {
        apart &= names.add(part.names()[i]);
        if (part.learnt()[i] > 0) {
          interactions.merge(part.names()[i], part.learnt()[i], Long::sum);
        }
      }
    }
    words.requireNone(bad[0], bad[1], bad[3]);
    if (bad[2] > 0) {
      throw new BadInputException(bad[2] + " interactions have no client; " + words.remedy());
    }
    return apart;
  }

  /** Numbers names in their order. The map can be sent in a task. */
  private static Map<String, Integer> numbers(Iterable<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    return numbers;
  }

  private static JavaRDD<RawRows> gathered(
      JavaRDD<RawRows.Part> parts, Map<String, Integer> numbers, int partitions) {
    JavaPairRDD<Integer, RawRows> numbered =
        parts
            .flatMap(HUSH.flat(part -> Arrays.asList(part.clients()).iterator()))
            .filter(HUSH.of(rows -> numbers.containsKey(rows.name())))
            .mapToPair(rows -> new Tuple2<>(numbers.get(rows.name()), rows));
    int filled = Math.max(1, Math.min(partitions, numbers.size()));
    return ClientRows.gathered(numbered, filled, RawRows::merged, HUSH).map(Tuple2::_2);
  }

  private static String[] items(JavaRDD<RawRows> whole) {
    List<String> ids =
        new ArrayList<>(
            whole.mapPartitions(HUSH.flat(PrivateClients::distinctItems)).distinct().collect());
    ids.sort(RawRows.ORDER);
    return ids.toArray(new String[0]);
  }

  /** Sorted, so that they do not tell in which order the rows were. */
  private static Iterator<String> distinctItems(Iterator<RawRows> clients) {
    Set<String> ids = new TreeSet<>();
    clients.forEachRemaining(client -> ids.addAll(client.learntItems()));
    return ids.iterator();
  }

  @Override
  public ClientCounts counts() {
    return counts;
  }

  @Override
  public SparkSession session() {
    return session;
  }

  /** Returns how many rows to learn from were left out, as their items are not known. */
  public long leftOut() {
    return leftOut;
  }

  /** Returns {@code String[items]}: the ids of the items by row of the global table. */
  public String[] items() {
    return items.clone();
  }

  /** Returns what the size of the data says, from counts by item alone. */
  public InteractionCounts size() {
    int rows = items.length;
    Census census =
        clients
            .map(
                HUSH.of(
                    client -> Census.of(0, client.users().length, client.learnt().items(), rows)))
            .fold(Census.none(rows), Census::plus);
    int[] degrees = census.degrees().clone();
    Arrays.sort(degrees);
    long popular = 0;
    for (int i = Math.max(0, rows - InteractionCounts.POPULAR); i < rows; i++) {
      popular += degrees[i];
    }
    return new InteractionCounts(
        census.users(),
        Arrays.stream(degrees).filter(degree -> degree > 0).count(),
        census.interactions(),
        popular);
  }

  /** The number of partitions is that in which the rows are. */
  @Override
  public JavaRDD<Tuple2<Integer, ClientRows>> learnt(int partitions) {
    return clients.map(HUSH.of(client -> new Tuple2<>(client.client(), client.learnt())));
  }

  @Override
  public JavaRDD<Tuple2<Integer, ClientRows>> heldOut(int partitions) {
    return measured
        ? clients
            .filter(HUSH.of(client -> client.heldOut().users().length > 0))
            .map(HUSH.of(client -> new Tuple2<>(client.client(), client.heldOut())))
        : null;
  }

  /** None: to find whose they are, ids of users would have to leave the clients. */
  @Override
  public Dataset<Row> begins(Dataset<Row> initial) {
    return null;
  }

  /** Returns {@code int[clients]}: the partition that each is in. */
  public int[] places() {
    return ClientPlaces.of(clients, PrivateClient::client, counts.names().size());
  }

  /**
   * Returns the user rows of the clients' own models by id, in the partitions of the clients: as
   * {@link ClientTables#users}, {@code id} being a string.
   */
  public <M> Dataset<Row> users(ClientTables<M> tables) {
    FlatMapFunction<M, Row> users = tables.users();
    FlatMapFunction2<Iterator<M>, Iterator<PrivateClient>, Row> rows =
        (own, clientsHere) -> {
          List<Row> all = new ArrayList<>();
          while (own.hasNext()) {
            M model = own.next();
            String[] ids = clientsHere.next().users();
            users.call(model).forEachRemaining(row -> all.add(ClientTables.named(row, ids)));
          }
          return all.iterator();
        };
    return session.createDataFrame(
        tables.kept().zipPartitions(clients, HUSH.of(rows)), ClientTables.named(tables.userForm()));
  }

  /** Returns the item rows likewise. */
  public <M> Dataset<Row> items(ClientTables<M> tables) {
    Broadcast<ItemNumbers> dictionary = numbers;
    FlatMapFunction<M, Row> items = tables.items();
    FlatMapFunction<Iterator<M>, Row> rows =
        own -> {
          String[] ids = dictionary.value().byRow();
          List<Row> all = new ArrayList<>();
          while (own.hasNext()) {
            items.call(own.next()).forEachRemaining(row -> all.add(ClientTables.named(row, ids)));
          }
          return all.iterator();
        };
    return session.createDataFrame(
        tables.kept().mapPartitions(HUSH.flat(rows)), ClientTables.named(tables.itemForm()));
  }

  @Override
  public void close() {
    clients.unpersist();
    numbers.destroy();
  }
}
