package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * A user row that a client starts from.
 *
 * @param user id
 * @param dims {@code short[n]}, ascending
 * @param weights {@code float[n]}
 */
record InitialUserRow(int client, long user, short[] dims, float[] weights)
    implements Serializable {

  static JavaRDD<InitialUserRow> byClient(Dataset<Row> rows, int partitions) {
    return rows.toJavaRDD()
        .mapToPair(row -> new Tuple2<>(row.getInt(0), of(row)))
        .partitionBy(new HashPartitioner(partitions))
        .values();
  }

  private static InitialUserRow of(Row row) {
    List<Short> dims = row.getList(2);
    List<Float> weights = row.getList(3);
    short[] dimArray = new short[dims.size()];
    float[] weightArray = new float[dimArray.length];
    for (int i = 0; i < dimArray.length; i++) {
      dimArray[i] = dims.get(i);
      weightArray[i] = weights.get(i);
    }
    return new InitialUserRow(row.getInt(0), row.getLong(1), dimArray, weightArray);
  }

  /** Returns the clients of a partition with the rows that are given to them. */
  static Iterator<HeldClient> held(
      Iterator<ClientData> clients, Iterator<InitialUserRow> given, int rank) {
    Map<Integer, Map<Long, InitialUserRow>> byClient = new HashMap<>();
    given.forEachRemaining(
        row -> byClient.computeIfAbsent(row.client(), c -> new HashMap<>()).put(row.user(), row));
    List<HeldClient> held = new ArrayList<>();
    while (clients.hasNext()) {
      ClientData client = clients.next();
      Map<Long, InitialUserRow> rows = byClient.getOrDefault(client.client(), Map.of());
      held.add(
          HeldClient.fresh(client.client(), rows.isEmpty() ? null : table(client, rows, rank)));
    }
    return held.iterator();
  }

  /** Returns the given rows; empty ones of users with interactions are found from nothing. */
  static SparseTable completed(SparseTable given, ClientData data, ClientStep step) {
    int empty = 0;
    for (int user = 0; user < given.rows(); user++) {
      empty += missing(given, data, user) ? 1 : 0;
    }
    if (empty == 0) {
      return given;
    }
    SparseTable fresh = step.start(data).users();
    int[] offsets = new int[given.rows() + 1];
    short[] dims = new short[given.stored() + fresh.stored()];
    float[] weights = new float[dims.length];
    int n = 0;
    for (int user = 0; user < given.rows(); user++) {
      SparseTable from = missing(given, data, user) ? fresh : given;
      int size = from.stored(user);
      System.arraycopy(from.dims(), from.begin(user), dims, n, size);
      System.arraycopy(from.weights(), from.begin(user), weights, n, size);
      n += size;
      offsets[user + 1] = n;
    }
    return new SparseTable(
        given.rank(), offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
  }

  private static boolean missing(SparseTable given, ClientData data, int user) {
    return given.stored(user) == 0 && data.users().observations(user) > 0;
  }

  private static SparseTable table(ClientData client, Map<Long, InitialUserRow> rows, int rank) {
    int users = client.users().rows();
    int[] offsets = new int[users + 1];
    int total = rows.values().stream().mapToInt(row -> row.dims().length).sum();
    short[] dims = new short[total];
    float[] weights = new float[total];
    int n = 0;
    for (int user = 0; user < users; user++) {
      InitialUserRow row = rows.get(client.users().ids()[user]);
      if (row != null) {
        System.arraycopy(row.dims(), 0, dims, n, row.dims().length);
        System.arraycopy(row.weights(), 0, weights, n, row.dims().length);
        n += row.dims().length;
      }
      offsets[user + 1] = n;
    }
    return new SparseTable(rank, offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
  }
}
