package dev.coppice.spark.federate;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.BadInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param members every user and the number of its client: user long, client int
 * @param rows what is learnt from: client int, user long, item int, weight float
 */
public record ClientRoster(
    Map<String, Long> interactions,
    Map<String, Long> users,
    Dataset<Row> members,
    Dataset<Row> rows) {
  private static final StructType NUMBERS =
      new StructType()
          .add("name", DataTypes.StringType, false)
          .add("client", DataTypes.IntegerType, false);

  /**
   * Counts and numbers the clients.
   *
   * @param named columns name (of the client, string), user and item (numbers), and weight (1 where
   *     it is null)
   * @param largest interactions above which a client is refused
   * @param remedy what to do about rows without a client
   * @throws BadInputException if a row has no client, a client is too large, or a user is in two
   */
  public static ClientRoster of(Dataset<Row> named, long largest, String remedy) {
    Map<String, Long> interactions = new LinkedHashMap<>();
    Map<String, Long> users = new LinkedHashMap<>();
    for (Row row :
        named
            .groupBy("name")
            .agg(functions.count(functions.lit(1)), functions.countDistinct("user"))
            .orderBy("name")
            .collectAsList()) {
      if (row.isNullAt(0)) {
        throw new BadInputException(row.getLong(1) + " interactions have no client; " + remedy);
      }
      interactions.put(row.getString(0), row.getLong(1));
      users.put(row.getString(0), row.getLong(2));
    }
    SparkClients.requireSizes(interactions, largest);
    List<Row> numbers = new ArrayList<>();
    interactions.keySet().forEach(name -> numbers.add(RowFactory.create(name, numbers.size())));
    Dataset<Row> numbered =
        named.join(
            functions.broadcast(named.sparkSession().createDataFrame(numbers, NUMBERS)), "name");
    Dataset<Row> members =
        numbered.select(col("user").cast(DataTypes.LongType).as("user"), col("client")).distinct();
    long twice = members.groupBy("user").count().where("count > 1").count();
    if (twice > 0) {
      throw new BadInputException(
          twice
              + " users have interactions in more than one client; a user's row belongs to one"
              + " client: give them ids that differ by client, or choose other clients");
    }
    return new ClientRoster(interactions, users, members, pairs(numbered));
  }

  private static Dataset<Row> pairs(Dataset<Row> rows) {
    return rows.select(
        col("client"),
        col("user").cast(DataTypes.LongType).as("user"),
        col("item").cast(DataTypes.IntegerType).as("item"),
        functions
            .coalesce(col("weight").cast(DataTypes.FloatType), functions.lit(1f))
            .as("weight"));
  }

  /**
   * Returns the held-out pairs of the clients' users, in the columns of {@link #rows}.
   *
   * @param part {@code user}, {@code item}, {@code weight}
   */
  public Dataset<Row> heldOut(Dataset<Row> part) {
    return pairs(part.join(members, "user"));
  }

  /** Returns the names by number. */
  public List<String> names() {
    return List.copyOf(interactions.keySet());
  }

  /**
   * Returns the number of a client.
   *
   * @param key where it was named, for the message
   * @throws IllegalArgumentException if the data have no such client
   */
  public int number(String name, String key) {
    int number = names().indexOf(name.trim());
    if (number < 0) {
      throw new IllegalArgumentException(
          key + " names the client \"" + name.trim() + "\", which the data has not");
    }
    return number;
  }
}
