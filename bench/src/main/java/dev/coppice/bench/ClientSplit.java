package dev.coppice.bench;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.FederationData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The interactions of a data set by client: what is trained on and what is to be found. Ids are the
 * indices of the data set.
 *
 * @param names of the clients, ascending
 * @param items number of items
 * @param users indices of the users of each client, {@code int[clients][]}, ascending
 * @param train what each user has
 * @param wanted what is to be found for each user
 * @param rows what is trained on: the client's name, user, item and weight 1; held by Spark
 * @param userIds {@code index} and {@code id}, the same number twice
 * @param itemIds likewise
 */
record ClientSplit(
    List<String> names,
    int items,
    int[][] users,
    Interactions train,
    Interactions wanted,
    Dataset<Row> rows,
    Dataset<Row> userIds,
    Dataset<Row> itemIds) {
  /** Length of the lists. */
  static final int TOP = 20;

  private static final StructType CLIENTS =
      new StructType()
          .add("user", DataTypes.IntegerType, false)
          .add("name", DataTypes.StringType, false);

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
    Dataset<Row> learnt = onTest ? data.trainAndValidation() : data.train();
    Interactions train = lists(learnt, last + 1);
    Interactions wanted = lists(onTest ? data.test() : data.validation(), last + 1);
    List<String> names = new ArrayList<>();
    List<int[]> users = new ArrayList<>();
    List<Row> clients = new ArrayList<>();
    members.forEach(
        (name, rows) -> {
          int[] with =
              rows.stream()
                  .mapToInt(Integer::intValue)
                  .filter(u -> train.of(u).length > 0)
                  .sorted()
                  .toArray();
          if (with.length > 0) {
            names.add(name);
            users.add(with);
          }
          for (int user : with) {
            clients.add(RowFactory.create(user, name));
          }
        });
    SparkSession session = learnt.sparkSession();
    Dataset<Row> rows =
        learnt
            .join(functions.broadcast(session.createDataFrame(clients, CLIENTS)), "user")
            .select(
                functions.col("name"),
                functions.col("user").as(Trained.USER),
                functions.col("item").as(Trained.ITEM),
                functions.lit(1f).as(Trained.WEIGHT))
            .persist();
    return new ClientSplit(
        names,
        (int) data.items().count(),
        users.toArray(int[][]::new),
        train,
        wanted,
        rows,
        same(data.users()),
        same(data.items()));
  }

  private static Dataset<Row> same(Dataset<Row> dictionary) {
    return dictionary.select(functions.col("index"), functions.col("index").as("id"));
  }

  private static Interactions lists(Dataset<Row> pairs, int users) {
    List<List<Integer>> lists = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      lists.add(new ArrayList<>());
    }
    for (Row row : pairs.select("user", "item").collectAsList()) {
      lists.get(row.getInt(0)).add(row.getInt(1));
    }
    return Interactions.of(
        lists.stream().map(list -> list.stream().mapToInt(Integer::intValue).toArray()).toList());
  }

  int clients() {
    return names.size();
  }

  /** Returns the rows of one client. */
  Dataset<Row> of(int client) {
    return rows.where(functions.col("name").equalTo(names.get(client)));
  }

  /** Returns the rows of all clients but one. */
  Dataset<Row> without(int client) {
    return rows.where(functions.col("name").notEqual(names.get(client)));
  }

  /** Returns rows in the form that the estimator of federations takes. */
  FederationData federated(Dataset<Row> some) {
    return new FederationData(some, null, userIds, itemIds, "give it one", "", null);
  }

  /** Returns the share of a client's pairs to find whose item other clients learn from. */
  double shared(int client) {
    boolean[] elsewhere = new boolean[items];
    for (int other = 0; other < clients(); other++) {
      if (other != client) {
        for (int user : users[other]) {
          Arrays.stream(train.of(user)).forEach(item -> elsewhere[item] = true);
        }
      }
    }
    IntPredicate known = item -> elsewhere[item];
    long pairs = 0;
    long shared = 0;
    for (int user : users[client]) {
      pairs += wanted.of(user).length;
      shared += Arrays.stream(wanted.of(user)).filter(known).count();
    }
    return pairs == 0 ? 0 : (double) shared / pairs;
  }

  /**
   * What a model reaches for a client's users, full ranking over unseen items.
   *
   * @param ndcg mean NDCG@20
   * @param recall mean Recall@20
   * @param users NDCG@20 of each user with something to find
   */
  record Reached(double ndcg, double recall, double[] users) {}

  /** Measures a client's own model. */
  Reached measure(int client, DynamicSparseALSModel model) {
    return measure(client, factors(model));
  }

  /** Measures a model of all users, client by client. */
  Reached[] measureAll(DynamicSparseALSModel model) {
    Factors factors = factors(model);
    Reached[] reached = new Reached[clients()];
    Arrays.setAll(reached, client -> measure(client, factors));
    return reached;
  }

  private Factors factors(DynamicSparseALSModel model) {
    return Factors.collect(model.rank(), model.userRows(), model.itemRows(), train.users(), items);
  }

  /** Measures the rows of a client's users on item rows. */
  Reached measure(int client, Factors factors) {
    List<int[]> mine = new ArrayList<>();
    for (int user = 0; user < wanted.users(); user++) {
      boolean member = Arrays.binarySearch(users[client], user) >= 0;
      mine.add(member ? wanted.of(user) : new int[0]);
    }
    double[][] each = IndependentRanking.byUser(factors, train, Interactions.of(mine), TOP);
    double[] ndcg = Arrays.stream(each).mapToDouble(user -> user[1]).toArray();
    int n = Math.max(1, ndcg.length);
    return new Reached(
        Arrays.stream(ndcg).sum() / n,
        Arrays.stream(each).mapToDouble(user -> user[0]).sum() / n,
        ndcg);
  }
}
