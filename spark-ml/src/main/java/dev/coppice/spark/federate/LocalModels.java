package dev.coppice.spark.federate;

import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientLists;
import dev.coppice.core.federate.ClientState;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.federate.LocalPlan;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** The clients' own models, inside the executors. */
public final class LocalModels implements AutoCloseable {
  private final JavaRDD<LocalModel> models;
  private final Broadcast<GlobalState> global;
  private final FederationPlan plan;

  LocalModels(JavaRDD<LocalModel> models, Broadcast<GlobalState> global, FederationPlan plan) {
    this.models = models;
    this.global = global;
    this.plan = plan;
  }

  /** Returns in how many partitions the clients are. */
  public int partitions() {
    return models.getNumPartitions();
  }

  /**
   * Returns the clients' own models as rows. Item rows are those that hold a weight; their degrees
   * are those over all clients, by which the objective weighs.
   */
  public ClientTables<LocalModel> tables() {
    Broadcast<GlobalState> state = global;
    return new ClientTables<>(
        models,
        model -> users(model.state().users(), model.data()),
        model ->
            items(
                    model.data().client(),
                    model.state().items(),
                    state.value().census().degrees(),
                    false)
                .iterator(),
        model -> users(model.globalUsers(), model.data()),
        ClientTables.FORM,
        ClientTables.FORM);
  }

  /** Returns the global item rows; ids are row numbers, the client is -1. */
  public static Dataset<Row> globalItems(SparkSession session, GlobalState global) {
    return session.createDataFrame(
        items(-1, global.items(), global.census().degrees(), true), ClientTables.FORM);
  }

  static Iterator<Row> users(SparseTable table, ClientData data) {
    List<Row> rows = new ArrayList<>();
    int[] offsets = data.users().offsets();
    for (int r = 0; r < table.rows(); r++) {
      rows.add(row(data.client(), data.users().ids()[r], table, r, offsets[r + 1] - offsets[r]));
    }
    return rows.iterator();
  }

  static List<Row> items(int client, SparseTable table, int[] degrees, boolean empty) {
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      if (empty || table.stored(r) > 0) {
        rows.add(row(client, r, table, r, degrees[r]));
      }
    }
    return rows;
  }

  private static Row row(int client, long id, SparseTable table, int r, int degree) {
    short[] from = table.rowDims(r);
    float[] values = table.rowWeights(r);
    Short[] dims = new Short[from.length];
    Float[] weights = new Float[from.length];
    for (int i = 0; i < from.length; i++) {
      dims[i] = from[i];
      weights[i] = values[i];
    }
    return RowFactory.create(client, id, dims, weights, degree);
  }

  /**
   * Measures every client in its task.
   *
   * @param wanted what to find, each client in the partition of its model; null measures nothing
   * @param alone trains each client without the others, to compare with; null for no comparison
   *     with what is trained for it
   */
  public List<ClientMetrics> measure(
      JavaRDD<Tuple2<Integer, ClientRows>> wanted, AloneTraining alone) {
    Broadcast<GlobalState> state = global;
    // Copied, or the function would take all of this object along.
    FederationPlan by = plan;
    return ClientMetrics.measured(
        models,
        model -> model.data().client(),
        wanted,
        (model, pairs) -> of(model, by, state.value(), pairs, alone),
        plan.hush());
  }

  private static ClientMetrics of(
      LocalModel model,
      FederationPlan plan,
      GlobalState global,
      ClientRows wanted,
      AloneTraining alone) {
    ClientData data = model.data();
    FederationSettings settings = plan.settings();
    double[] local = mean(data, model.state().users(), model.state().items(), wanted);
    double[] whole = mean(data, model.globalUsers(), global.items(), wanted);
    double[] ownItems =
        ClientMetrics.mean(data, lists(data, model.globalUsers(), global.items(), true), wanted);
    double[] own = {Double.NaN, Double.NaN, 0};
    double[] pruned = own;
    if (alone != null && wanted != null) {
      AloneTraining.Tables tables = alone.train(data, global.census().degrees());
      own = mean(data, tables.users(), tables.items(), wanted);
      if (!plan.joins().contains(data.client()) || settings.ownModel().joinItems()) {
        ClientState state =
            new ClientStep(settings, global)
                .pruned(data, model.globalUsers(), plan.capacities()[data.client()]);
        pruned = mean(data, state.users(), state.items(), wanted);
      }
    }
    return new ClientMetrics(
        data.client(),
        data.users().rows(),
        (int) local[2],
        data.samples(),
        model.state().kept(),
        LocalPlan.of(settings, true)
            .get(model.state().plan())
            .gate()
            .name()
            .toLowerCase(Locale.ROOT),
        model.state().items().stored(),
        local[0],
        local[1],
        whole[0],
        whole[1],
        own[0],
        own[1],
        pruned[0],
        pruned[1],
        ownItems[0],
        ownItems[1],
        Double.NaN,
        0);
  }

  private static double[] mean(
      ClientData data, SparseTable users, SparseTable items, ClientRows wanted) {
    return ClientMetrics.mean(data, lists(data, users, items, false), wanted);
  }

  /**
   * Returns the lists of a client's users.
   *
   * @param own whether they have the client's own items alone
   */
  private static ClientLists lists(
      ClientData data, SparseTable users, SparseTable items, boolean own) {
    int[] numbers = new int[items.rows()];
    int[] offsets = new int[items.rows() + 1];
    short[] dims = new short[items.dims().length];
    float[] weights = new float[dims.length];
    int size = 0;
    for (int item = 0; item < items.rows(); item++) {
      if (!own || data.items().observations(item) > 0) {
        int stored = items.stored(item);
        System.arraycopy(items.rowDims(item), 0, dims, offsets[size], stored);
        System.arraycopy(items.rowWeights(item), 0, weights, offsets[size], stored);
        numbers[size] = item;
        offsets[size + 1] = offsets[size++] + stored;
      }
    }
    Scorer scorer =
        new Scorer(
            new ItemIndex.Builder(items.rank())
                .addRows(
                    Arrays.copyOf(numbers, size), Arrays.copyOf(offsets, size + 1), dims, weights)
                .build(),
            ClientMetrics.TOP);
    return (user, seen) -> scorer.recommend(users.rowDims(user), users.rowWeights(user), seen);
  }

  @Override
  public void close() {
    models.unpersist();
  }
}
