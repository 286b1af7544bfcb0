package dev.coppice.spark;

import dev.coppice.core.linalg.HalfFloat;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.held.HeldRows;
import dev.coppice.spark.items.NeighbourSpec;
import dev.coppice.spark.items.NeighbourSummary;
import dev.coppice.spark.items.NeighbourTraining;
import dev.coppice.spark.items.TrainedNeighbours;
import dev.coppice.spark.table.RowTable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Trained neighbours on their way into a model's tables.
 *
 * @param users {@code id} and {@code links}, the items of each user by code
 * @param items {@code id}, {@code code}, {@code degree}, {@code links} and {@code linkWeights}
 * @param trained the same by number, held
 * @param storage how the model's tables are kept
 */
record LinkedTables(
    Dataset<Row> users, Dataset<Row> items, TrainedNeighbours trained, StorageLevel storage) {

  /**
   * Trains neighbours.
   *
   * @param pairs {@code user} and {@code item} by number
   * @param userIds what the numbers of users stand for
   * @param itemIds what the numbers of items stand for
   */
  static LinkedTables of(
      Dataset<Row> pairs,
      NeighbourSpec spec,
      NumberedIds userIds,
      NumberedIds itemIds,
      StorageLevel storage) {
    TrainedNeighbours trained =
        new NeighbourTraining(pairs.sparkSession(), spec, storage).train(pairs);
    return new LinkedTables(
        userIds.named(trained.histories()), itemIds.named(trained.items()), trained, storage);
  }

  NeighbourSummary summary() {
    return trained.summary();
  }

  /**
   * Returns what a training without latent rows did, as one with them tells it.
   *
   * @param rank the width that rows would have
   * @param popularity the validation metrics of the popularity baseline
   */
  TrainingSummary trainingSummary(int rank, Map<String, Double> popularity) {
    NeighbourSummary summary = summary();
    return new TrainingSummary(
        List.of(),
        0,
        summary.interactions(),
        (double) summary.interactions() / summary.users(),
        (double) summary.interactions() / summary.items(),
        new Budget(rank, summary.users(), 0),
        new Budget(rank, summary.items(), 0),
        ByteAccount.of(summary.users(), 0),
        ByteAccount.of(summary.items(), 0),
        Map.of(),
        "none",
        0,
        popularity,
        summary.seconds());
  }

  /** Returns the user table of a model without latent rows. */
  Dataset<Row> userRows() {
    Column links = functions.col(RowTable.LINKS);
    return stored(
        ordered(
            users.select(
                functions.col(RowTable.ID),
                none("short").as(RowTable.DIMS),
                none("float").as(RowTable.WEIGHTS),
                functions.size(links).as(RowTable.DEGREE),
                links)));
  }

  /** Returns the item table of a model without latent rows. */
  Dataset<Row> itemRows() {
    Dataset<Row> none =
        items.withColumn(RowTable.DIMS, none("short")).withColumn(RowTable.WEIGHTS, none("float"));
    return stored(scaled(none, 1));
  }

  private static Column none(String type) {
    return functions.array().cast("array<" + type + ">");
  }

  /** Returns latent user rows with their histories. */
  Dataset<Row> userRows(Dataset<Row> latent) {
    return stored(ordered(beside(latent, users)));
  }

  /** Returns latent item rows with their neighbours, not kept and at scale 1. */
  Dataset<Row> itemRows(Dataset<Row> latent) {
    return ordered(beside(latent, items.drop(RowTable.DEGREE)));
  }

  private static Dataset<Row> beside(Dataset<Row> latent, Dataset<Row> links) {
    return latent.join(links, new String[] {RowTable.ID}, "left");
  }

  /** Returns item rows with the weights of their neighbours multiplied, rounded to 16 bits. */
  static Dataset<Row> scaled(Dataset<Row> itemRows, double scale) {
    UserDefinedFunction multiplied =
        functions.udf(
            (UDF1<Float, Float>) weight -> HalfFloat.rounded((float) (weight * scale)),
            DataTypes.FloatType);
    return itemRows.withColumn(
        RowTable.LINK_WEIGHTS,
        functions.transform(
            functions.col(RowTable.LINK_WEIGHTS), weight -> multiplied.apply(weight)));
  }

  /** Puts rows into an order that depends on their ids alone. */
  private Dataset<Row> ordered(Dataset<Row> table) {
    NeighbourSummary summary = summary();
    if (RowTable.isSmall(
        Math.max(summary.users(), summary.items()), summary.interactions() + summary.weights())) {
      return RowTable.together(table);
    }
    int partitions = table.sparkSession().sparkContext().defaultParallelism();
    return table
        .repartition(partitions, functions.col(RowTable.ID))
        .sortWithinPartitions(RowTable.ID);
  }

  /** Keeps a table of a model. */
  Dataset<Row> stored(Dataset<Row> table) {
    return HeldRows.filled(storage, table);
  }

  /** Frees what was trained; tables that were made of it stay. */
  void release() {
    List.of(trained.histories(), trained.items()).forEach(HeldRows::release);
  }
}
