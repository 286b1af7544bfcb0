package dev.coppice.spark.job;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.spark.federate.SparkClients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Who the clients are: numbered by ascending name.
 *
 * @param interactions by name
 * @param users by name
 * @param members every user of the data and the number of its client, both int
 * @param rows what is learnt from: client int, user long, item int, weight float
 */
record ClientRoster(
    Map<String, Long> interactions,
    Map<String, Long> users,
    Dataset<Row> members,
    Dataset<Row> rows) {
  private static final StructType NUMBERS =
      new StructType()
          .add("name", DataTypes.StringType, false)
          .add("client", DataTypes.IntegerType, false);

  static ClientRoster of(ConfigValues values, CanonicalDataset data, Dataset<Row> learnt) {
    Dataset<Row> named = named(values, data, learnt);
    Map<String, Long> interactions = new LinkedHashMap<>();
    Map<String, Long> users = new LinkedHashMap<>();
    for (Row row :
        named
            .groupBy("name")
            .agg(functions.count(functions.lit(1)), functions.countDistinct("user"))
            .orderBy("name")
            .collectAsList()) {
      if (row.isNullAt(0)) {
        throw new BadInputException(
            row.getLong(1)
                + " interactions have no group; prepare the data with groupCol, or set clientBy ="
                + " prefix or hash");
      }
      interactions.put(row.getString(0), row.getLong(1));
      users.put(row.getString(0), row.getLong(2));
    }
    SparkClients.requireSizes(interactions, values.get(FederateKeys.MAX_CLIENT));
    List<Row> numbers = new ArrayList<>();
    interactions.keySet().forEach(name -> numbers.add(RowFactory.create(name, numbers.size())));
    Dataset<Row> numbered =
        named.join(
            functions.broadcast(named.sparkSession().createDataFrame(numbers, NUMBERS)), "name");
    Dataset<Row> members = numbered.select("user", "client").distinct();
    long twice = members.groupBy("user").count().where("count > 1").count();
    if (twice > 0) {
      throw new BadInputException(
          twice
              + " users have interactions in more than one client; a user's row belongs to one"
              + " client: give them ids that differ by client, or choose another clientBy");
    }
    return new ClientRoster(interactions, users, members, pairs(numbered));
  }

  private static Dataset<Row> pairs(Dataset<Row> rows) {
    return rows.select(
        col("client"),
        col("user").cast(DataTypes.LongType),
        col("item").cast(DataTypes.IntegerType),
        functions.coalesce(col("weight").cast(DataTypes.FloatType), functions.lit(1f)));
  }

  private static Dataset<Row> named(
      ConfigValues values, CanonicalDataset data, Dataset<Row> learnt) {
    return switch (values.get(FederateKeys.CLIENT_BY)) {
      case "group" -> learnt.withColumn("name", col("group"));
      case "hash" -> {
        Column group =
            functions.pmod(
                functions.xxhash64(col("user"), functions.lit(values.get(TrainKeys.SEED))),
                functions.lit(values.get(FederateKeys.CLIENT_GROUPS)));
        yield learnt.withColumn("name", functions.format_string("group-%05d", group));
      }
      default -> {
        Column prefix = functions.substring(col("id"), 1, values.get(FederateKeys.CLIENT_PREFIX));
        Dataset<Row> names = data.users().select(col("index").as("user"), prefix.as("name"));
        yield learnt.join(names, "user");
      }
    };
  }

  /** Returns the held-out pairs of the clients' users, in the columns of {@link #rows}. */
  Dataset<Row> heldOut(Dataset<Row> part) {
    return pairs(part.join(members, "user"));
  }

  List<String> names() {
    return List.copyOf(interactions.keySet());
  }

  /**
   * Returns the share of each client.
   *
   * @throws UsageException if an entry is no CLIENT=SHARE, or names nobody
   */
  double[] capacities(ConfigValues values) {
    double[] shares = new double[interactions.size()];
    Arrays.fill(shares, values.get(FederateKeys.CAPACITY));
    for (String entry : values.find(FederateKeys.CAPACITIES).orElse(List.of())) {
      int equals = entry.lastIndexOf('=');
      double share = equals < 0 ? Double.NaN : share(entry.substring(equals + 1));
      if (!(share > 0 && share <= 1)) {
        throw new UsageException(
            "capacities has \""
                + entry
                + "\"; it must be CLIENT=SHARE, the share above 0 and at most 1");
      }
      shares[number(entry.substring(0, equals), "capacities")] = share;
    }
    return shares;
  }

  private static double share(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  int number(String name, String key) {
    int number = names().indexOf(name.trim());
    if (number < 0) {
      throw new UsageException(
          key + " names the client \"" + name.trim() + "\", which the data has not");
    }
    return number;
  }
}
