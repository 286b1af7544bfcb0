package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.spark.federate.CapacityTable;
import dev.coppice.spark.federate.ClientRoster;
import dev.coppice.spark.federate.ClientShares;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.GatedTraining;
import dev.coppice.spark.federate.StartTable;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a Dataset into the form that {@link GatedTraining} takes, and its tables into a model. */
final class GatedFitting {
  private static final Logger LOG = LoggerFactory.getLogger(GatedFitting.class);

  private final GatedFederation stage;
  private final GatedConfig config;
  private final Dataset<Row> rows;
  private final SparkSession session;
  private final IdType userType;
  private final IdType itemType;
  private final Dataset<Row> userIds;

  GatedFitting(GatedFederation stage, Dataset<?> data) {
    this.stage = stage;
    config = GatedConfig.of(stage);
    userType = Schemas.requireId(data.schema(), "userCol", stage.getUserCol());
    itemType = Schemas.requireId(data.schema(), "itemCol", stage.getItemCol());
    session = data.sparkSession();
    rows = columns(data);
    check();
    userIds = TableEdits.numbered(rows.select(col("user").as("id")).distinct());
  }

  private Dataset<Row> columns(Dataset<?> data) {
    Column weight =
        stage.getRatingCol().isEmpty()
            ? functions.lit(1f)
            : functions.col(Schemas.quoted(stage.getRatingCol())).cast(DataTypes.FloatType);
    return data.select(
        text(stage.getUserCol()).as("user"),
        text(stage.getItemCol()).as("item"),
        text(stage.getClientCol()).as("name"),
        weight.as("weight"));
  }

  private static Column text(String column) {
    return col(Schemas.quoted(column)).cast(DataTypes.StringType);
  }

  private void check() {
    Column weight = col("weight");
    Column bad =
        weight
            .isNull()
            .or(functions.isnan(weight))
            .or(weight.lt(functions.lit(0)))
            .or(weight.gt(functions.lit(Float.MAX_VALUE)));
    Row counts =
        rows.agg(
                functions.count_if(col("user").isNull()),
                functions.count_if(col("item").isNull()),
                functions.count_if(bad))
            .head();
    refuse(counts.getLong(0), "userCol '" + stage.getUserCol() + "' no id");
    refuse(counts.getLong(1), "itemCol '" + stage.getItemCol() + "' no id");
    refuse(
        counts.getLong(2),
        "ratingCol '" + stage.getRatingCol() + "' a weight that is missing, below 0 or not finite");
  }

  private static void refuse(long count, String what) {
    if (count > 0) {
      throw new BadInputException(
          count + " rows have in " + what + "; leave these rows out or repair them");
    }
  }

  /** Returns name, user, item, weight by number; rows of other items are left out. */
  private Dataset<Row> coded(Dataset<Row> itemIds) {
    return rows.join(numbers(userIds, "user"), "user")
        .join(numbers(itemIds, "item"), "item")
        .select(
            col("name"), col("userIndex").as("user"), col("itemIndex").as("item"), col("weight"));
  }

  private static Dataset<Row> numbers(Dataset<Row> ids, String column) {
    return ids.select(
        col("id").cast(DataTypes.StringType).as(column), col("index").as(column + "Index"));
  }

  GatedFederationModel fit(DynamicSparseALSModel given) {
    Dataset<Row> itemIds = TableEdits.numbered(rows.select(col("item").as("id")).distinct());
    ClientRoster roster = roster(coded(itemIds));
    ClientShares shares = shares(roster);
    Set<Integer> joins = new TreeSet<>();
    for (String name : stage.getJoins()) {
      joins.add(roster.number(name, "joins"));
    }
    int items = Math.toIntExact(itemIds.count());
    StartTable start = start(given, roster, joins, itemIds, items);
    ClientShares fitted =
        shares.fitted(roster, start.items(), config.settings().rows().userWeights());
    FederationPlan plan = config.plan(fitted.capacities(), joins, partitions(roster));
    try (GatedTraining training = GatedTraining.run(plan, roster, start, stage.listener())) {
      return model(training, roster, plan, itemIds);
    }
  }

  private StartTable start(
      DynamicSparseALSModel given,
      ClientRoster roster,
      Set<Integer> joins,
      Dataset<Row> itemIds,
      int items) {
    DynamicSparseALSModel initial = given;
    if (initial == null && !stage.getInitialModel().isEmpty()) {
      initial = EarlierModel.load(stage.getInitialModel());
    }
    if (initial != null) {
      EarlierModel.refuseBias(initial);
      return StartTable.of(
          numbered(initial.itemTable(), itemIds),
          numbered(initial.userTable(), userIds),
          items,
          initial.rank());
    }
    if (stage.getStartTable().equals("random")) {
      return StartTable.random(stage.getDensity(), stage.getRank(), items, stage.getSeed());
    }
    return PooledStart.of(config.als(), roster, joins, items);
  }

  private static Dataset<Row> numbered(RowTable table, Dataset<Row> ids) {
    RowTable texts =
        new RowTable(
            "initial rows",
            table.rows().withColumn(RowTable.ID, col(RowTable.ID).cast(DataTypes.StringType)));
    return TableEdits.withIndices(texts, ids).rows();
  }

  GatedFederationModel join(GatedFederationModel model) {
    Dataset<Row> itemIds = model.tables().layout().items();
    Dataset<Row> coded = coded(itemIds);
    long lost = rows.count() - coded.count();
    if (lost > 0) {
      LOG.warn("{} interactions are left out: the global table does not have their items", lost);
    }
    ClientRoster roster = roster(coded);
    GlobalState frozen = model.globalState();
    GatedConfig joining = config.withObjective(model.tables().global().info().objective());
    ClientShares shares =
        shares(roster).fitted(roster, frozen.items(), joining.settings().rows().userWeights());
    Set<Integer> all =
        IntStream.range(0, roster.names().size()).boxed().collect(Collectors.toSet());
    FederationPlan plan = joining.plan(shares.capacities(), all, partitions(roster));
    try (GatedTraining training = GatedTraining.join(plan, roster, frozen)) {
      return model(training, roster, plan, itemIds);
    }
  }

  private GatedFederationModel model(
      GatedTraining training, ClientRoster roster, FederationPlan plan, Dataset<Row> itemIds) {
    return GatedModels.of(
        stage.uid(),
        training,
        training.models().measure(null, null),
        roster,
        plan,
        typed(userIds, userType),
        typed(itemIds, itemType),
        new GatedModels.Source(stage.getDensity(), "", config.asText()));
  }

  private static Dataset<Row> typed(Dataset<Row> ids, IdType type) {
    return ids.select(col("index"), col("id").cast(type.sqlType()).as("id"));
  }

  private ClientRoster roster(Dataset<Row> named) {
    return ClientRoster.of(
        named,
        stage.getMaxClientInteractions(),
        "fill column '" + stage.getClientCol() + "', or leave these rows out");
  }

  private ClientShares shares(ClientRoster roster) {
    CapacityTable table =
        stage.getCapacityTable().isEmpty()
            ? CapacityTable.empty()
            : CapacityTable.read(session, stage.getCapacityTable());
    List<String> entries = Arrays.asList(stage.getCapacities());
    return ClientShares.of(roster, stage.getCapacity(), entries, table, stage.getMemoryLimit());
  }

  private int partitions(ClientRoster roster) {
    int wanted = stage.getNumPartitions();
    int chosen = wanted > 0 ? wanted : session.sparkContext().defaultParallelism();
    return Math.max(1, Math.min(chosen, roster.names().size()));
  }
}
