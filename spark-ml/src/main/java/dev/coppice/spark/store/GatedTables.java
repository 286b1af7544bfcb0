package dev.coppice.spark.store;

import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.runtime.AbstractFunction1;

/** The tables of a gated model: the global ones, and those of all clients in one. */
public final class GatedTables {
  /** Column of the client's number. */
  public static final String CLIENT = "client";

  private final StoredModel global;
  private final List<GatedClient> clients;
  private final Dataset<Row> users;
  private final Dataset<Row> items;
  private final GatedLayout layout;
  private final int[] places;
  private final GatedPairs pairs;

  /**
   * Puts tables together.
   *
   * @param clients by number
   * @param users the number of the client, {@code id}, {@code dims}, {@code weights}, {@code
   *     degree}, and perhaps columns of links
   * @param items of the same columns
   * @param pairs what clients sent to learn neighbours; null if they did not
   */
  public GatedTables(
      StoredModel global,
      List<GatedClient> clients,
      Dataset<Row> users,
      Dataset<Row> items,
      GatedLayout layout,
      GatedPairs pairs) {
    this(global, clients, users, items, layout, pairs, null);
  }

  /**
   * Puts together tables of which each client's rows are in one partition, and are read by tasks of
   * that partition alone.
   *
   * @param places {@code int[clients]}: the partition of each in both tables; null where they may
   *     be anywhere
   */
  public GatedTables(
      StoredModel global,
      List<GatedClient> clients,
      Dataset<Row> users,
      Dataset<Row> items,
      GatedLayout layout,
      GatedPairs pairs,
      int[] places) {
    this.global = global;
    this.clients = List.copyOf(clients);
    this.users = users;
    this.items = items;
    this.layout = layout;
    this.pairs = pairs;
    this.places = places == null ? null : places.clone();
  }

  /** Returns the global model. */
  public StoredModel global() {
    return global;
  }

  /** Returns the clients by number. */
  public List<GatedClient> clients() {
    return clients;
  }

  /** Returns the user rows of all clients. */
  public Dataset<Row> users() {
    return users;
  }

  /** Returns the item rows of all clients. */
  public Dataset<Row> items() {
    return items;
  }

  /** Returns the block layout. */
  public GatedLayout layout() {
    return layout;
  }

  /** Returns what clients sent to learn neighbours; empty if they did not. */
  public Optional<GatedPairs> pairs() {
    return Optional.ofNullable(pairs);
  }

  /** Returns {@code client} and {@code name} of all clients. */
  public Dataset<Row> names() {
    StructType schema =
        new StructType()
            .add(CLIENT, DataTypes.IntegerType, false)
            .add("name", DataTypes.StringType, false);
    List<Row> rows = new ArrayList<>();
    clients.forEach(client -> rows.add(RowFactory.create(rows.size(), client.name())));
    return users.sparkSession().createDataFrame(rows, schema);
  }

  /**
   * Returns the number of a client.
   *
   * @throws IllegalArgumentException if there is no such client
   */
  public int number(String name) {
    for (int client = 0; client < clients.size(); client++) {
      if (clients.get(client).name().equals(name)) {
        return client;
      }
    }
    throw new IllegalArgumentException(
        "client is \""
            + name
            + "\", which the model has not; it has "
            + clients.size()
            + ": clients() names them");
  }

  /** Returns a client's own model. */
  public StoredModel client(int number) {
    GatedClient client = clients.get(number);
    ModelInfo all = global.info();
    ModelInfo info =
        new ModelInfo(
            all.rank(),
            all.density(),
            client.userWeights(),
            client.itemWeights(),
            all.objective(),
            all.confidenceScale(),
            all.meanUserDegree(),
            all.meanItemDegree(),
            all.seed(),
            0,
            ByteAccount.of(client.users(), client.userWeights()),
            ByteAccount.of(client.items(), client.itemWeights()),
            all.dataFingerprint(),
            all.configuration(),
            all.metrics());
    return new StoredModel(info, of("userRows", users, number), of("itemRows", items, number));
  }

  /** One client's rows, in one part: they came from one task, and are saved as one sorted file. */
  private RowTable of(String what, Dataset<Row> rows, int client) {
    Dataset<Row> near = places == null ? rows : partition(rows, places[client]);
    return new RowTable(
        what,
        near.where(functions.col(CLIENT).equalTo(client))
            .drop(CLIENT)
            .coalesce(1)
            .sortWithinPartitions(RowTable.ID));
  }

  private static Dataset<Row> partition(Dataset<Row> rows, int wanted) {
    return rows.sparkSession()
        .createDataFrame(
            PartitionPruningRDD.create(rows.rdd(), new Wanted(wanted)).toJavaRDD(), rows.schema());
  }

  /** Is one partition. A class, as Scala's functions are none to Java on every line of Spark. */
  private static final class Wanted extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int wanted;

    Wanted(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public Object apply(Object partition) {
      return (Integer) partition == wanted;
    }
  }

  /** Returns the global table, its blocks and the counts, on the driver. */
  public GlobalState globalState() {
    List<Row> rows =
        layout
            .items()
            .join(global.items().rows(), new String[] {RowTable.ID}, "left")
            .select("index", "bucket", RowTable.DIMS, RowTable.WEIGHTS, RowTable.DEGREE)
            .orderBy("index")
            .collectAsList();
    int stored = 0;
    for (Row row : rows) {
      stored += row.isNullAt(2) ? 0 : row.getList(2).size();
    }
    int[] offsets = new int[rows.size() + 1];
    short[] dims = new short[stored];
    float[] weights = new float[stored];
    int[] buckets = new int[rows.size()];
    int[] degrees = new int[rows.size()];
    int n = 0;
    for (int item = 0; item < rows.size(); item++) {
      Row row = rows.get(item);
      buckets[item] = row.getInt(1);
      if (!row.isNullAt(2)) {
        List<Short> rowDims = row.getList(2);
        List<Float> rowWeights = row.getList(3);
        for (int i = 0; i < rowDims.size(); i++) {
          dims[n] = rowDims.get(i);
          weights[n++] = rowWeights.get(i);
        }
        degrees[item] = row.getInt(4);
      }
      offsets[item + 1] = n;
    }
    return new GlobalState(
        layout.rounds(),
        new SparseTable(global.info().rank(), offsets, dims, weights),
        new BlockLayout(layout.buckets(), layout.dimGroups(), buckets, layout.groupOf()),
        // Who has which item was needed for the buckets alone.
        new Census(degrees, new long[degrees.length], layout.users(), layout.interactions()));
  }

  /** Frees what is held of the tables. */
  public void unpersist() {
    HeldRows.release(users);
    HeldRows.release(items);
    pairs().ifPresent(sent -> HeldRows.release(sent.rows()));
    global.users().unpersist();
  }
}
