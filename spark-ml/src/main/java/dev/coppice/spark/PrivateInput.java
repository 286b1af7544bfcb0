package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.SettingException;
import dev.coppice.spark.federate.ClientSource;
import dev.coppice.spark.federate.ClientTables;
import dev.coppice.spark.federate.InitialTable;
import dev.coppice.spark.federate.PrivateClients;
import dev.coppice.spark.store.GatedTables;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Data whose rows stay in the partitions of their clients. */
final class PrivateInput implements FittingInput {
  /** What a private federation cannot start from, and what to do. */
  static final String REFUSAL =
      "private = true, and startTable = pooled trains a table on the interactions of all clients in"
          + " one place; set startTable = random, or start from a model by initialModel";

  private final PrivateData data;
  private final PrivateClients clients;

  private PrivateInput(PrivateData data, PrivateClients clients) {
    this.data = data;
    this.clients = clients;
  }

  static FittingInput open(PrivateData data, GatedFederation stage, Dataset<Row> items) {
    int wanted = stage.getNumPartitions();
    SparkSession session = data.rows().sparkSession();
    return new PrivateInput(
        data,
        PrivateClients.of(
            data.rows(),
            data.words(),
            data.measured(),
            items == null ? null : ids(items),
            wanted > 0 ? wanted : session.sparkContext().defaultParallelism(),
            stage.getMaxClientInteractions()));
  }

  private static String[] ids(Dataset<Row> items) {
    List<String> ids = new ArrayList<>();
    items
        .select(col("id").cast(DataTypes.StringType), col("index"))
        .orderBy("index")
        .collectAsList()
        .forEach(row -> ids.add(row.getString(0)));
    return ids.toArray(new String[0]);
  }

  @Override
  public ClientSource clients() {
    return clients;
  }

  @Override
  public InteractionCounts counts() {
    return clients.size();
  }

  @Override
  public Dataset<Row> itemIds() {
    List<Row> rows = new ArrayList<>();
    for (String id : clients.items()) {
      rows.add(RowFactory.create((long) rows.size(), id));
    }
    StructType schema =
        new StructType()
            .add("index", DataTypes.LongType, false)
            .add("id", DataTypes.StringType, false);
    return typed(clients.session().createDataFrame(rows, schema), data.itemType());
  }

  @Override
  public long leftOut() {
    return clients.leftOut();
  }

  /** The item rows alone: to find whose its user rows are, ids would have to leave the clients. */
  @Override
  public InitialTable initial(DynamicSparseALSModel model) {
    return InitialTable.of(
        PooledInput.numbered(model.itemTable(), itemIds()),
        null,
        clients.items().length,
        model.rank());
  }

  @Override
  public InitialTable pooled(DynamicSparseALS als, Set<Integer> joins) {
    throw new SettingException(REFUSAL, null);
  }

  @Override
  public Dataset<Row> users(ClientTables<?> tables) {
    return typed(clients.users(tables), data.userType());
  }

  @Override
  public Dataset<Row> items(ClientTables<?> tables) {
    return typed(clients.items(tables), data.itemType());
  }

  /** None: a row says what its user likes, and the global model is everybody's. */
  @Override
  public Dataset<Row> globalUsers(ClientTables<?> tables) {
    return typed(
            clients.session().createDataFrame(List.<Row>of(), tables.userForm()), data.userType())
        .drop(GatedTables.CLIENT);
  }

  private static Dataset<Row> typed(Dataset<Row> rows, IdType type) {
    return rows.withColumn(RowTable.ID, col(RowTable.ID).cast(type.sqlType()));
  }

  @Override
  public int[] places() {
    return clients.places();
  }

  @Override
  public String fingerprint() {
    return data.fingerprint();
  }

  @Override
  public Map<String, String> configuration() {
    return data.configuration();
  }
}
