package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.SettingException;
import dev.coppice.core.federate.NeighbourSettings;
import dev.coppice.core.items.HistoryWeight;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.federate.ClientCounts;
import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientRows;
import dev.coppice.spark.federate.ClientShares;
import dev.coppice.spark.federate.ClientSource;
import dev.coppice.spark.federate.Hush;
import dev.coppice.spark.federate.NeighbourFederation;
import dev.coppice.spark.federate.NeighbourPlan;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.held.OnFailure;
import dev.coppice.spark.store.GatedLayout;
import dev.coppice.spark.store.GatedPairs;
import dev.coppice.spark.store.GatedTables;
import dev.coppice.spark.store.StoredModel;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Runs a federation of neighbours from its data to a model and a summary. */
final class NeighbourFitting {
  private static final Logger LOG = LoggerFactory.getLogger(NeighbourFitting.class);

  private final GatedFederation stage;
  private final FittingInput.Opener data;
  private final FederationListener listener;

  NeighbourFitting(GatedFederation stage, FittingInput.Opener data) {
    this.stage = stage;
    this.data = data;
    listener = stage.listener();
  }

  GatedFederationModel fit(DynamicSparseALSModel given) {
    if (given != null || !stage.getInitialModel().isEmpty()) {
      throw new SettingException(
          "family is items, and there is an initial model: neighbours start from pairs of items,"
              + " not from rows; leave the initial model out, or set family = latent",
          null);
    }
    FittingInput input = phase("find clients", () -> data.open(stage, null));
    ClientSource source = input.clients();
    ClientShares shares = GatedFitting.shares(stage, source);
    int items = Math.toIntExact(input.itemIds().count());
    Set<Integer> joins = GatedFitting.joins(stage, source);
    NeighbourPlan plan = plan(source, shares, joins, items, stage.getHistoryDebias());
    return model(
        phase("send pairs", () -> NeighbourFederation.of(plan, source, items)),
        plan,
        input,
        shares);
  }

  GatedFederationModel join(GatedFederationModel model) {
    GatedTables before = model.tables();
    GatedLayout layout = before.layout();
    GatedPairs sent = before.pairs().orElseThrow();
    FittingInput input = phase("find clients", () -> data.open(stage, layout.items()));
    ClientSource source = input.clients();
    if (input.leftOut() > 0) {
      LOG.warn("{} interactions are left out: no client had their items before", input.leftOut());
    }
    ClientShares shares = GatedFitting.shares(stage, source);
    Set<Integer> all = GatedFitting.everybody(source);
    int items = Math.toIntExact(layout.items().count());
    NeighbourPlan plan = plan(source, shares, all, items, sent.historyDebias());
    NeighbourFederation.Size size =
        new NeighbourFederation.Size(items, layout.users(), layout.interactions());
    return model(
        phase("join", () -> NeighbourFederation.join(plan, source, sent.totals(), size)),
        plan,
        input,
        shares);
  }

  /** The weights of users are those of the sums that they are added to. */
  private NeighbourPlan plan(
      ClientSource source,
      ClientShares shares,
      Set<Integer> joins,
      int items,
      double historyDebias) {
    return new NeighbourPlan(
        new NeighbourSettings(
            new HistoryWeight(historyDebias),
            stage.getNeighbourReg(),
            stage.getNeighbours(),
            AlsConfig.MOST_OVER_MEAN,
            stage.getMaxHistory(),
            stage.getMinPairUsers(),
            stage.isSet(stage.othersWeight) ? stage.getOthersWeight() : Double.NaN,
            stage.getOwnItems(),
            stage.getJoinItems(),
            stage.getSeed()),
        shares.capacities(),
        GatedFitting.fitting(() -> shares.neighbours(source.counts(), items)),
        joins,
        GatedFitting.partitions(stage, source),
        new Hush(stage.getPrivate()));
  }

  private <T> T phase(String name, Callable<T> work) {
    return GatedFitting.phase(listener, name, work);
  }

  private GatedFederationModel model(
      NeighbourFederation made, NeighbourPlan plan, FittingInput input, ClientShares shares) {
    return OnFailure.run(made::close, () -> gathered(made, plan, input, shares));
  }

  private GatedFederationModel gathered(
      NeighbourFederation made, NeighbourPlan plan, FittingInput input, ClientShares shares) {
    ClientCounts counts = input.clients().counts();
    JavaRDD<Tuple2<Integer, ClientRows>> wanted = input.clients().heldOut(made.partitions());
    List<ClientMetrics> metrics =
        phase("personalise and measure", () -> made.measure(wanted, stage.getAlone()));
    GatedTables tables = phase("gather the models", () -> tables(made, plan, input, metrics));
    GatedFederationModel model = new GatedFederationModel(stage.uid(), tables);
    model.hold(
        made::close,
        new FederationSummary(
            List.of(),
            metrics,
            0,
            0,
            made.globalWeights(),
            counts.total(),
            input.leftOut(),
            shares));
    return model;
  }

  private GatedTables tables(
      NeighbourFederation made,
      NeighbourPlan plan,
      FittingInput input,
      List<ClientMetrics> metrics) {
    Dataset<Row> users = GatedModels.held("user", input.users(made.tables()));
    Dataset<Row> items = GatedModels.held("item", input.items(made.tables()));
    Dataset<Row> ids = GatedModels.indexed(input.itemIds());
    NeighbourFederation.Size size = made.keptSize();
    GatedPairs pairs =
        GatedPairs.of(ids.sparkSession(), made.kept(), plan.settings().weight().exponent());
    return new GatedTables(
        global(made, input, ids),
        GatedModels.facts(input, metrics, plan.capacities(), plan.joins(), users, items),
        users,
        items,
        new GatedLayout(
            0,
            0,
            new int[0],
            ids.withColumn("bucket", functions.lit(0)).select("index", "id", "bucket"),
            size.users(),
            size.interactions(),
            0),
        new GatedPairs(
            HeldRows.of(pairs.rows(), StorageLevel.MEMORY_AND_DISK()), pairs.historyDebias()),
        input.places());
  }

  /** The global model: neighbours of all items by what was sent, and what all users have. */
  private StoredModel global(NeighbourFederation made, FittingInput input, Dataset<Row> ids) {
    Dataset<Row> users = GatedModels.held("user", input.globalUsers(made.tables()));
    Dataset<Row> rows = made.globalItems(ids.sparkSession());
    Dataset<Row> items =
        rows.withColumnRenamed(RowTable.ID, "index")
            .join(ids, "index")
            .select(
                "id",
                RowTable.DIMS,
                RowTable.WEIGHTS,
                RowTable.DEGREE,
                RowTable.CODE,
                RowTable.LINKS,
                RowTable.LINK_WEIGHTS);
    NeighbourFederation.Size size = made.size();
    ModelInfo info =
        new ModelInfo(
            1,
            1,
            0,
            0,
            AlsObjective.implicit(0, 0, 1, 0, 0),
            1,
            (double) size.interactions() / Math.max(1, size.users()),
            (double) size.interactions() / Math.max(1, size.items()),
            stage.getSeed(),
            0,
            ByteAccount.of(users.count(), 0),
            ByteAccount.of(size.items(), 0),
            input.fingerprint(),
            input.configuration() == null ? stage.texts() : input.configuration(),
            Map.of());
    return new StoredModel(info, new RowTable("userRows", users), new RowTable("itemRows", items));
  }
}
