package dev.coppice.spark.federate;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.BadInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Clients whose rows are in tables of all clients together, and are brought to them by shuffles.
 *
 * @param counts who they are
 * @param members every user and the number of its client: user long, client int
 * @param rows what is learnt from: client int, user long, item int, weight float
 * @param wanted what is measured on, in the same columns; null if nothing is
 */
public record ClientRoster(
    ClientCounts counts, Dataset<Row> members, Dataset<Row> rows, Dataset<Row> wanted)
    implements ClientSource {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRoster.class);

  private static final StructType NUMBERS =
      new StructType()
          .add("name", DataTypes.StringType, false)
          .add("client", DataTypes.IntegerType, false);

  /**
   * Counts and numbers the clients.
   *
   * @param named columns name (of the client, string), user and item (numbers), and weight (1 where
   *     it is null)
   * @param heldOut {@code user}, {@code item}, {@code weight}; null if nothing is measured
   * @param largest interactions above which a client is refused
   * @param moves whether a user in several clients belongs to the one with most of the user's
   *     interactions, and of equal ones to the first by name; else such users are refused
   * @param remedy what to do about rows without a client
   * @throws BadInputException if a row has no client, a client is too large, or a user is in two
   */
  public static ClientRoster of(
      Dataset<Row> named, Dataset<Row> heldOut, long largest, boolean moves, String remedy) {
    long nobody = named.where(col("name").isNull()).count();
    if (nobody > 0) {
      throw new BadInputException(nobody + " interactions have no client; " + remedy);
    }
    Dataset<Row> homes = homes(named);
    long several = homes.count();
    if (several > 0 && !moves) {
      throw new BadInputException(
          several
              + " users have interactions in more than one client; a user's row belongs to one"
              + " client: give them ids that differ by client, choose other clients, or set"
              + " sharedUsers = home");
    }
    if (several > 0) {
      LOG.warn(
          "{} users have interactions in more than one client; all {} of them count for the client"
              + " that has most of the user's",
          several,
          homes.agg(functions.sum("all")).head().getLong(0));
    }
    return numbered(several > 0 ? moved(named, homes) : named, heldOut, largest);
  }

  /** Returns {@code user}, {@code home} (a client) and {@code all} of users in several clients. */
  private static Dataset<Row> homes(Dataset<Row> named) {
    return named
        .groupBy("user", "name")
        .agg(functions.count(functions.lit(1)).as("n"))
        .groupBy("user")
        .agg(
            functions.count(functions.lit(1)).as("clients"),
            functions
                .min(functions.struct(functions.negate(col("n")).as("less"), col("name")))
                .as("first"),
            functions.sum("n").as("all"))
        .where("clients > 1")
        .select(col("user"), col("first.name").as("home"), col("all"));
  }

  private static Dataset<Row> moved(Dataset<Row> named, Dataset<Row> homes) {
    return named
        .join(homes.select("user", "home"), new String[] {"user"}, "left")
        .withColumn("name", functions.coalesce(col("home"), col("name")))
        .drop("home");
  }

  private static ClientRoster numbered(Dataset<Row> named, Dataset<Row> heldOut, long largest) {
    Map<String, Long> interactions = new LinkedHashMap<>();
    Map<String, Long> users = new LinkedHashMap<>();
    for (Row row :
        named
            .groupBy("name")
            .agg(functions.count(functions.lit(1)), functions.countDistinct("user"))
            .orderBy("name")
            .collectAsList()) {
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
    return new ClientRoster(
        new ClientCounts(interactions, users),
        members,
        pairs(numbered),
        heldOut == null ? null : pairs(heldOut.join(members, "user")));
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

  @Override
  public SparkSession session() {
    return rows.sparkSession();
  }

  @Override
  public JavaRDD<Tuple2<Integer, ClientRows>> learnt(int partitions) {
    return ClientRows.gathered(rows, partitions);
  }

  @Override
  public JavaRDD<Tuple2<Integer, ClientRows>> heldOut(int partitions) {
    return wanted == null ? null : ClientRows.gathered(wanted, partitions);
  }

  @Override
  public Dataset<Row> begins(Dataset<Row> initial) {
    return initial
        .select(col("id").cast(DataTypes.LongType).as("user"), col("dims"), col("weights"))
        .join(members, "user")
        .select("client", "user", "dims", "weights");
  }
}
