package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

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
