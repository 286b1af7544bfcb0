package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.spark.federate.RowWords;
import dev.coppice.spark.table.Schemas;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * What a federation learns from and is measured on, its ids replaced by numbers from 0.
 *
 * @param rows what is learnt from: {@code name} (of the client, string), {@code user} and {@code
 *     item} (numbers), {@code weight} (1 where it is null)
 * @param heldOut what is measured on: {@code user}, {@code item}, {@code weight}; null if nothing
 *     is
 * @param userIds dictionary of the users: {@code index}, {@code id}
 * @param itemIds dictionary of the items: {@code index}, {@code id}
 * @param remedy what to do about rows without a client, for messages
 * @param fingerprint of the data, for the model; empty where it is unknown
 * @param configuration the settings that the model tells; null for the Params
 */
public record FederationData(
    Dataset<Row> rows,
    Dataset<Row> heldOut,
    Dataset<Row> userIds,
    Dataset<Row> itemIds,
    String remedy,
    String fingerprint,
    Map<String, String> configuration) {

  /**
   * Returns the same with the item numbers of another dictionary. Rows to learn from are left out
   * if it does not have their item; such items get numbers beyond its own where they are held out,
   * so that they are missed.
   *
   * @param others {@code index}, {@code id}
   */
  FederationData onItems(Dataset<Row> others) {
    Dataset<Row> numbers =
        itemIds
            .select(col("index").as("item"), text("id").as("itemId"))
            .join(
                others.select(
                    col("index").cast(DataTypes.IntegerType).as("row"), text("id").as("itemId")),
                "itemId")
            .select("item", "row");
    Dataset<Row> known = numbered(rows, numbers).where(col("row").isNotNull());
    Dataset<Row> wanted =
        heldOut == null
            ? null
            : numbered(heldOut, numbers)
                .withColumn(
                    "row",
                    functions.coalesce(
                        col("row"),
                        col("item")
                            .plus(functions.lit(others.count()))
                            .cast(DataTypes.IntegerType)));
    return new FederationData(
        renamed(known),
        wanted == null ? null : renamed(wanted),
        userIds,
        others,
        remedy,
        fingerprint,
        configuration);
  }

  /**
   * Returns the same by ids, for a private federation. Tables of all clients are put together by
   * shuffles: none of it is collected or broadcast.
   */
  PrivateData byIds() {
    Dataset<Row> all =
        rows.select("name", "user", "item", "weight").withColumn("heldOut", functions.lit(false));
    if (heldOut != null) {
      Dataset<Row> members = rows.select("user", "name").distinct().hint("merge");
      all =
          all.union(
              heldOut
                  .join(members, "user")
                  .select("name", "user", "item", "weight")
                  .withColumn("heldOut", functions.lit(true)));
    }
    Dataset<Row> named =
        all.join(ids(userIds, "user"), "user")
            .join(ids(itemIds, "item"), new String[] {"item"}, "left")
            .select(
                col("name").cast(DataTypes.StringType),
                col("userId"),
                // An item without an id is one that only held-out rows have.
                functions.coalesce(
                    col("itemId"), functions.concat(functions.lit("\0"), col("item"))),
                functions.coalesce(col("weight").cast(DataTypes.FloatType), functions.lit(1f)),
                col("heldOut"));
    return new PrivateData(
        named,
        Schemas.requireId(userIds.schema(), "userIds", "id"),
        Schemas.requireId(itemIds.schema(), "itemIds", "id"),
        heldOut != null,
        new RowWords("user", "item", "weight", remedy),
        fingerprint,
        configuration);
  }

  private static Dataset<Row> ids(Dataset<Row> dictionary, String column) {
    return dictionary.select(col("index").as(column), text("id").as(column + "Id")).hint("merge");
  }

  private static Dataset<Row> numbered(Dataset<Row> rows, Dataset<Row> numbers) {
    return rows.join(numbers, rows.col("item").equalTo(numbers.col("item")), "left")
        .drop(numbers.col("item"));
  }

  private static Dataset<Row> renamed(Dataset<Row> rows) {
    return rows.withColumn("item", col("row")).drop("row");
  }

  private static Column text(String column) {
    return col(column).cast(DataTypes.StringType);
  }
}
