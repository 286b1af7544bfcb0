package dev.coppice.spark.federate;

import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.federate.LocalPlan;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private final FederationSettings settings;
  private final Hush hush;

  LocalModels(
      JavaRDD<LocalModel> models,
      Broadcast<GlobalState> global,
      FederationSettings settings,
      Hush hush) {
    this.models = models;
    this.global = global;
    this.settings = settings;
    this.hush = hush;
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
   */
  public List<ClientMetrics> measure(
      JavaRDD<Tuple2<Integer, ClientRows>> wanted, AloneTraining alone) {
    Broadcast<GlobalState> state = global;
    // Copied, or the functions would take all of this object along.
    FederationSettings by = settings;
    JavaRDD<ClientMetrics> measured =
        wanted == null
            ? models.map(hush.of(model -> of(model, by, state.value(), null, null)))
            : models.zipPartitions(
                wanted,
                hush.of(
                    (own, pairs) -> {
                      Map<Integer, ClientRows> toFind = new HashMap<>();
                      pairs.forEachRemaining(pair -> toFind.put(pair._1(), pair._2()));
                      List<ClientMetrics> metrics = new ArrayList<>();
                      while (own.hasNext()) {
                        LocalModel model = own.next();
                        metrics.add(
                            of(model, by, state.value(), toFind.get(model.data().client()), alone));
                      }
                      return metrics.iterator();
                    }));
    return ClientMetrics.sorted(measured);
  }

  private static ClientMetrics of(
      LocalModel model,
      FederationSettings settings,
      GlobalState global,
      ClientRows wanted,
      AloneTraining alone) {
    double[] local = mean(model.data(), model.state().users(), model.state().items(), wanted);
    double[] whole = mean(model.data(), model.globalUsers(), global.items(), wanted);
    double[] own = {Double.NaN, Double.NaN, 0};
    if (alone != null && wanted != null) {
      AloneTraining.Tables tables = alone.train(model.data(), global.census().degrees());
      own = mean(model.data(), tables.users(), tables.items(), wanted);
    }
    return new ClientMetrics(
        model.data().client(),
        model.data().users().rows(),
        (int) local[2],
        model.data().samples(),
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
        Double.NaN,
        0);
  }

  private static double[] mean(
      ClientData data, SparseTable users, SparseTable items, ClientRows wanted) {
    Scorer scorer =
        new Scorer(
            ItemIndex.of(items.rank(), items.rowOffsets(), items.dims(), items.weights()),
            ClientMetrics.TOP);
    return ClientMetrics.mean(
        data,
        (user, seen) -> scorer.recommend(users.rowDims(user), users.rowWeights(user), seen),
        wanted);
  }

  @Override
  public void close() {
    models.unpersist();
  }
}
