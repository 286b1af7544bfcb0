package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.federate.Census;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import dev.coppice.data.CanonicalDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The interactions of a data set by client: what is trained on and what is to be found.
 *
 * @param names of the clients, ascending
 * @param items number of item rows
 * @param users rows of the users of each client, {@code int[clients][]}, ascending
 * @param train items of each user, {@code int[users][]}, ascending
 * @param wanted items to find of each user
 */
record ClientSplit(List<String> names, int items, int[][] users, int[][] train, int[][] wanted) {
  private static final RankingMetrics METRICS =
      new RankingMetrics(List.of(MetricKey.parse("ndcg@20"), MetricKey.parse("recall@20")));
  private static final int TOP = 20;

  /** Reads a prepared data set. */
  static ClientSplit read(CanonicalDataset data, ClientRule rule, Path files, boolean onTest)
      throws IOException {
    List<Row> dictionary = data.users().select("index", "id").collectAsList();
    Map<String, String> clientOf =
        rule.clients(files, dictionary.stream().map(row -> row.getString(1)).toList());
    TreeMap<String, List<Integer>> members = new TreeMap<>();
    int last = -1;
    for (Row row : dictionary) {
      members
          .computeIfAbsent(clientOf.getOrDefault(row.getString(1), "other"), c -> new ArrayList<>())
          .add(row.getInt(0));
      last = Math.max(last, row.getInt(0));
    }
    int[][] train = lists(onTest ? data.trainAndValidation() : data.train(), last + 1);
    int[][] wanted = lists(onTest ? data.test() : data.validation(), last + 1);
    List<String> names = new ArrayList<>();
    List<int[]> users = new ArrayList<>();
    members.forEach(
        (name, rows) -> {
          int[] with =
              rows.stream()
                  .mapToInt(Integer::intValue)
                  .filter(u -> train[u].length > 0)
                  .sorted()
                  .toArray();
          if (with.length > 0) {
            names.add(name);
            users.add(with);
          }
        });
    return new ClientSplit(
        names, (int) data.items().count(), users.toArray(int[][]::new), train, wanted);
  }

  private static int[][] lists(Dataset<Row> pairs, int users) {
    List<List<Integer>> lists = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      lists.add(new ArrayList<>());
    }
    for (Row row : pairs.select("user", "item").collectAsList()) {
      lists.get(row.getInt(0)).add(row.getInt(1));
    }
    return lists.stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).sorted().distinct().toArray())
        .toArray(int[][]::new);
  }

  int clients() {
    return names.size();
  }

  /** Returns the counts of all clients. */
  Census census() {
    Census sum = Census.none(items);
    for (int c = 0; c < clients(); c++) {
      sum = sum.plus(Census.of(c, users[c].length, codes(c), items));
    }
    return sum;
  }

  private int[] codes(int client) {
    return Arrays.stream(users[client]).flatMap(user -> Arrays.stream(train[user])).toArray();
  }

  /** Returns the share of a client's pairs to find whose item other clients learn from. */
  double shared(int client, Census all) {
    int[] own = Census.of(client, users[client].length, codes(client), items).degrees();
    long pairs = 0;
    long shared = 0;
    for (int user : users[client]) {
      pairs += wanted[user].length;
      shared += Arrays.stream(wanted[user]).filter(item -> all.degrees()[item] > own[item]).count();
    }
    return pairs == 0 ? 0 : (double) shared / pairs;
  }

  /** Lays out the clients' interactions. */
  List<ClientData> data(Census census, AlsObjective objective) {
    List<ClientData> all = new ArrayList<>();
    for (int c = 0; c < clients(); c++) {
      int[] offsets = new int[users[c].length + 1];
      for (int r = 0; r < users[c].length; r++) {
        offsets[r + 1] = offsets[r] + train[users[c][r]].length;
      }
      all.add(
          ClientData.of(
              c,
              Arrays.stream(users[c]).asLongStream().toArray(),
              offsets,
              codes(c),
              null,
              census.degrees(),
              objective));
    }
    return all;
  }

  /**
   * What a model reaches for a client's users, full ranking over unseen items.
   *
   * @param ndcg mean NDCG@20
   * @param recall mean Recall@20
   * @param users NDCG@20 of each user with something to find
   */
  record Reached(double ndcg, double recall, double[] users) {}

  /** Measures a client's rows; {@code rows} has one row a user of the client, in order. */
  Reached measure(int client, SparseTable rows, SparseTable itemRows) {
    Scorer scorer =
        new Scorer(
            ItemIndex.of(
                itemRows.rank(), itemRows.rowOffsets(), itemRows.dims(), itemRows.weights()),
            TOP);
    double[] values = new double[2];
    double recall = 0;
    List<Double> ndcg = new ArrayList<>();
    for (int r = 0; r < users[client].length; r++) {
      int user = users[client][r];
      if (wanted[user].length == 0) {
        continue;
      }
      int[] top = scorer.recommend(rows.rowDims(r), rows.rowWeights(r), train[user]);
      METRICS.evaluate(top, top.length, wanted[user], values);
      ndcg.add(values[0]);
      recall += values[1];
    }
    double[] each = ndcg.stream().mapToDouble(Double::doubleValue).toArray();
    int n = Math.max(1, each.length);
    return new Reached(Arrays.stream(each).sum() / n, recall / n, each);
  }
}
