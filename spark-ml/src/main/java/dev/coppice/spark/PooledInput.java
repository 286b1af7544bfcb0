package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.spark.federate.ClientRoster;
import dev.coppice.spark.federate.ClientSource;
import dev.coppice.spark.federate.ClientTables;
import dev.coppice.spark.federate.InitialTable;
import dev.coppice.spark.store.GatedTables;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.TableEdits;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Data in tables of all clients together. */
final class PooledInput implements FittingInput {
  private final FederationData data;
  private final ClientRoster roster;
  private final long leftOut;

  private PooledInput(FederationData data, ClientRoster roster, long leftOut) {
    this.data = data;
    this.roster = roster;
    this.leftOut = leftOut;
  }

  static FittingInput open(FederationData given, GatedFederation stage, Dataset<Row> items) {
    FederationData data = items == null ? given : given.onItems(items);
    ClientRoster roster =
        ClientRoster.of(
            data.rows(),
            data.heldOut(),
            stage.getMaxClientInteractions(),
            stage.getSharedUsers().equals(FederationKeys.HOME),
            data.remedy());
    return new PooledInput(
        data, roster, items == null ? 0 : given.rows().count() - data.rows().count());
  }

  @Override
  public ClientSource clients() {
    return roster;
  }

  @Override
  public InteractionCounts counts() {
    return AutoParams.counts(data.rows());
  }

  @Override
  public Dataset<Row> itemIds() {
    return data.itemIds();
  }

  @Override
  public long leftOut() {
    return leftOut;
  }

  @Override
  public InitialTable initial(DynamicSparseALSModel model) {
    return InitialTable.of(
        numbered(model.itemTable(), data.itemIds()),
        numbered(model.userTable(), data.userIds()),
        Math.toIntExact(data.itemIds().count()),
        model.rank());
  }

  /** Returns rows with the numbers of a dictionary instead of ids. */
  static Dataset<Row> numbered(RowTable table, Dataset<Row> ids) {
    RowTable texts =
        new RowTable(
            "initial rows",
            table.rows().withColumn(RowTable.ID, col(RowTable.ID).cast(DataTypes.StringType)));
    return TableEdits.withIndices(
            texts, ids.select(col("index"), col("id").cast(DataTypes.StringType).as("id")))
        .rows();
  }

  @Override
  public InitialTable pooled(DynamicSparseALS als, Set<Integer> joins) {
    return PooledTable.of(als, roster, joins, Math.toIntExact(data.itemIds().count()));
  }

  @Override
  public Dataset<Row> users(ClientTables<?> tables) {
    return named(tables.users(session()), data.userIds());
  }

  @Override
  public Dataset<Row> items(ClientTables<?> tables) {
    return named(tables.items(session()), data.itemIds());
  }

  @Override
  public Dataset<Row> globalUsers(ClientTables<?> tables) {
    return named(tables.globalUsers(session()), data.userIds()).drop(GatedTables.CLIENT);
  }

  private SparkSession session() {
    return data.rows().sparkSession();
  }

  /** Rows with the ids of a dictionary instead of numbers, null where it has none. */
  private static Dataset<Row> named(Dataset<Row> rows, Dataset<Row> ids) {
    Column[] columns = Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new);
    return rows.withColumnRenamed(RowTable.ID, "index")
        .join(GatedModels.indexed(ids), new String[] {"index"}, "left")
        .select(columns);
  }

  @Override
  public int[] places() {
    return null;
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
