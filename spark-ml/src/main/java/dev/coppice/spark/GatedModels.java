package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientTables;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.GatedTraining;
import dev.coppice.spark.federate.LocalModels;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.store.ClientNames;
import dev.coppice.spark.store.GatedClient;
import dev.coppice.spark.store.GatedLayout;
import dev.coppice.spark.store.GatedTables;
import dev.coppice.spark.store.StoredModel;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Makes a {@link GatedFederationModel} of what a federation ended with. */
final class GatedModels {
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK();

  private final GatedTraining training;
  private final FittingInput input;
  private final Dataset<Row> itemIds;
  private final SparkSession session;

  /**
   * Where a model comes from.
   *
   * @param density share of the positions that hold a weight
   * @param fingerprint of the data; empty where unknown
   * @param configuration every setting by name
   */
  record Source(double density, String fingerprint, Map<String, String> configuration) {}

  private GatedModels(GatedTraining training, FittingInput input) {
    this.training = training;
    this.input = input;
    itemIds = input.itemIds();
    session = itemIds.sparkSession();
  }

  /**
   * Makes the model. Its tables are kept until {@link GatedFederationModel#unpersist}, or until it
   * is no longer referred to; the training may be closed.
   *
   * @param metrics of all clients, by number
   * @param input gives the rows their ids
   */
  static GatedFederationModel of(
      String uid,
      GatedTraining training,
      List<ClientMetrics> metrics,
      FittingInput input,
      Source source) {
    return new GatedFederationModel(
        uid, new GatedModels(training, input).tables(metrics, training.plan(), source));
  }

  private GatedTables tables(List<ClientMetrics> metrics, FederationPlan plan, Source source) {
    ClientTables<?> models = training.models().tables();
    Dataset<Row> users = held("user", input.users(models));
    Dataset<Row> items = held("item", input.items(models));
    return new GatedTables(
        global(plan, source),
        facts(input, metrics, plan.capacities(), plan.joins(), users, items),
        users,
        items,
        layout(),
        null,
        input.places());
  }

  /** Returns what is known of each client, whose rows are in two tables of all clients. */
  static List<GatedClient> facts(
      FittingInput input,
      List<ClientMetrics> metrics,
      double[] capacities,
      Set<Integer> joins,
      Dataset<Row> users,
      Dataset<Row> items) {
    Map<Integer, long[]> userSizes = sizes(users);
    Map<Integer, long[]> itemSizes = sizes(items);
    List<GatedClient> clients = new ArrayList<>();
    List<String> names = input.clients().counts().names();
    for (ClientMetrics client : metrics) {
      long[] user = userSizes.getOrDefault(client.client(), new long[2]);
      long[] item = itemSizes.getOrDefault(client.client(), new long[2]);
      String name = names.get(client.client());
      clients.add(
          new GatedClient(
              name,
              ClientNames.directory(name),
              capacities[client.client()],
              joins.contains(client.client()),
              client.interactions(),
              user[0],
              user[1],
              item[0],
              item[1],
              client.kept()));
    }
    return clients;
  }

  private StoredModel global(FederationPlan plan, Source source) {
    GlobalState end = training.end();
    Census census = end.census();
    Dataset<Row> users = held("user", input.globalUsers(training.models().tables()));
    Row size =
        users
            .agg(
                functions.count(functions.lit(1)),
                functions.coalesce(
                    functions.sum(functions.size(functions.col(RowTable.DIMS))), functions.lit(0L)))
            .head();
    Dataset<Row> items =
        LocalModels.globalItems(session, end)
            .withColumnRenamed(RowTable.ID, "index")
            .join(indexed(itemIds), "index");
    AlsObjective objective = plan.settings().objective();
    long present = 0;
    for (int degree : census.degrees()) {
      present += degree > 0 ? 1 : 0;
    }
    ModelInfo info =
        new ModelInfo(
            end.items().rank(),
            source.density(),
            size.getLong(1),
            end.items().stored(),
            objective,
            census.confidenceScale(objective),
            (double) census.interactions() / Math.max(1, census.users()),
            (double) census.interactions() / Math.max(1, present),
            plan.settings().seed(),
            0,
            ByteAccount.of(size.getLong(0), size.getLong(1)),
            ByteAccount.of(end.items().rows(), end.items().stored()),
            source.fingerprint(),
            source.configuration(),
            Map.of());
    return new StoredModel(
        info,
        new RowTable("userRows", users),
        new RowTable("itemRows", items.select("id", "dims", "weights", "degree")));
  }

  private GatedLayout layout() {
    GlobalState end = training.end();
    List<Row> rows = new ArrayList<>();
    for (int item = 0; item < end.items().rows(); item++) {
      rows.add(RowFactory.create((long) item, end.layout().bucketOf()[item]));
    }
    StructType schema =
        new StructType()
            .add("index", DataTypes.LongType, false)
            .add("bucket", DataTypes.IntegerType, false);
    return new GatedLayout(
        end.layout().buckets(),
        end.layout().dimGroups(),
        end.layout().groupOf(),
        session
            .createDataFrame(rows, schema)
            .join(indexed(itemIds), "index")
            .select("index", "id", "bucket"),
        end.census().users(),
        end.census().interactions(),
        end.round());
  }

  static Dataset<Row> indexed(Dataset<Row> ids) {
    return ids.select(
        functions.col("index").cast(DataTypes.LongType).as("index"), functions.col("id"));
  }

  /** Rows that every id is known of, kept. */
  static Dataset<Row> held(String what, Dataset<Row> rows) {
    Dataset<Row> held = HeldRows.of(rows, LEVEL);
    long missing = held.where(functions.col(RowTable.ID).isNull()).count();
    if (missing > 0) {
      HeldRows.release(held);
      throw new IllegalArgumentException(
          "the "
              + what
              + " dictionary has no id for "
              + missing
              + " rows; give the dictionary of the data that the federation was trained on");
    }
    return held;
  }

  /** Returns rows and stored weights by client. */
  private static Map<Integer, long[]> sizes(Dataset<Row> rows) {
    Map<Integer, long[]> sizes = new HashMap<>();
    for (Row row :
        rows.groupBy(GatedTables.CLIENT)
            .agg(
                functions.count(functions.lit(1)),
                functions.sum(functions.size(functions.col(RowTable.DIMS))))
            .collectAsList()) {
      sizes.put(row.getInt(0), new long[] {row.getLong(1), row.getLong(2)});
    }
    return sizes;
  }
}
