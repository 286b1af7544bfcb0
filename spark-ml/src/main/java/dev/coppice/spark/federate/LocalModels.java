package dev.coppice.spark.federate;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.federate.AloneTraining;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.core.federate.LocalPlan;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** The clients' own models, inside the executors. */
public final class LocalModels implements AutoCloseable {
  /** Lists are as long as this. */
  private static final int TOP = 20;

  private static final StructType TABLE =
      new StructType()
          .add("client", DataTypes.IntegerType, false)
          .add("id", DataTypes.LongType, false)
          .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
          .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("degree", DataTypes.IntegerType, false);

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

  /** Returns the models as they are kept. */
  JavaRDD<LocalModel> kept() {
    return models;
  }

  Broadcast<GlobalState> global() {
    return global;
  }

  /** Returns in how many partitions the clients are. */
  public int partitions() {
    return models.getNumPartitions();
  }

  /**
   * Returns the user rows of the clients' own models: {@code client, id, dims, weights, degree}.
   * They go from executors to executors, or to storage.
   */
  public Dataset<Row> users(SparkSession session) {
    return session.createDataFrame(
        models.flatMap(model -> users(model.state().users(), model.data())), TABLE);
  }

  /**
   * Returns the item rows of the clients' own models that hold a weight; ids are row numbers, and
   * degrees those over all clients, by which the objective weighs.
   */
  public Dataset<Row> items(SparkSession session) {
    Broadcast<GlobalState> state = global;
    return session.createDataFrame(
        models.flatMap(
            model ->
                items(
                        model.data().client(),
                        model.state().items(),
                        state.value().census().degrees(),
                        false)
                    .iterator()),
        TABLE);
  }

  /** Returns the rows of all users on the global table. */
  public Dataset<Row> globalUsers(SparkSession session) {
    return session.createDataFrame(
        models.flatMap(model -> users(model.globalUsers(), model.data())), TABLE);
  }

  /** Returns the global item rows; ids are row numbers, the client is -1. */
  public static Dataset<Row> globalItems(SparkSession session, GlobalState global) {
    return session.createDataFrame(
        items(-1, global.items(), global.census().degrees(), true), TABLE);
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
    List<ClientMetrics> all = new ArrayList<>(measured.collect());
    all.sort(Comparator.comparingInt(ClientMetrics::client));
    return all;
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
        own[1]);
  }

  /** Returns mean NDCG, mean recall, and over how many users. */
  private static double[] mean(
      ClientData data, SparseTable users, SparseTable items, ClientRows wanted) {
    if (wanted == null) {
      return new double[] {Double.NaN, Double.NaN, 0};
    }
    RankingMetrics metrics =
        new RankingMetrics(
            List.of(MetricKey.parse("ndcg@" + TOP), MetricKey.parse("recall@" + TOP)));
    Scorer scorer =
        new Scorer(
            ItemIndex.of(items.rank(), items.rowOffsets(), items.dims(), items.weights()), TOP);
    long[] ids = wanted.distinctUsers();
    int[] offsets = wanted.offsets();
    double[] values = new double[2];
    double[] sums = new double[2];
    for (int i = 0; i < ids.length; i++) {
      int row = Arrays.binarySearch(data.users().ids(), ids[i]);
      if (row < 0) {
        // A user the client does not know finds nothing.
        continue;
      }
      int[] seen =
          Arrays.copyOfRange(
              data.users().codes(), data.users().offsets()[row], data.users().offsets()[row + 1]);
      int[] find = Arrays.copyOfRange(wanted.items(), offsets[i], offsets[i + 1]);
      int[] top = scorer.recommend(users.rowDims(row), users.rowWeights(row), seen);
      metrics.evaluate(top, top.length, find, values);
      sums[0] += values[0];
      sums[1] += values[1];
    }
    return new double[] {sums[0] / ids.length, sums[1] / ids.length, ids.length};
  }

  @Override
  public void close() {
    models.unpersist();
  }
}
