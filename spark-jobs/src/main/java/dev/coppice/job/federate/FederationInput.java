package dev.coppice.job.federate;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.federate.ClientRoster;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a federation learns from and is measured on, numbered as the global table is.
 *
 * @param part what is measured on; {@code none} if nothing is
 * @param roster the clients
 * @param wanted held-out pairs by client; null if nothing is measured
 * @param frozen the federation that the clients join; null if they train one of their own
 * @param itemIds {@code index} (row of the global table) and {@code id}
 * @param leftOut interactions with items that the frozen table does not have
 */
record FederationInput(
    CanonicalDataset data,
    String part,
    ClientRoster roster,
    Dataset<Row> wanted,
    GatedFederationModel frozen,
    Dataset<Row> itemIds,
    long leftOut) {

  static FederationInput of(JobContext context, ConfigValues values) throws Exception {
    CanonicalDataset data = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
    String part = values.get(FederateKeys.PART);
    Part measured = part.equals("test") ? Part.TEST : Part.VALIDATION;
    if (!part.equals("none") && data.manifest().rows(measured) == 0) {
      throw new BadInputException(
          "\"" + data.path() + "\" has no " + part + " part to measure on; set part = none");
    }
    Dataset<Row> learnt = part.equals("validation") ? data.train() : data.trainAndValidation();
    GatedFederationModel frozen =
        values.find(FederateKeys.JOIN).map(GatedFederationModel::load).orElse(null);
    Dataset<Row> itemIds = frozen == null ? data.items() : frozen.tables().layout().items();
    Dataset<Row> known = frozen == null ? learnt : numbered(learnt, data, itemIds, false);
    ClientRoster roster =
        context.phase("find clients", () -> JobClients.roster(values, data, known));
    Dataset<Row> wanted = null;
    if (!part.equals("none")) {
      Dataset<Row> heldOut = data.part(measured);
      wanted = roster.heldOut(frozen == null ? heldOut : numbered(heldOut, data, itemIds, true));
    }
    long leftOut = frozen == null ? 0 : learnt.count() - known.count();
    return new FederationInput(data, part, roster, wanted, frozen, itemIds, leftOut);
  }

  /**
   * Replaces the data set's item numbers by those of the global table.
   *
   * @param keep whether items that it does not have get numbers beyond its rows, or are left out
   */
  private static Dataset<Row> numbered(
      Dataset<Row> rows, CanonicalDataset data, Dataset<Row> itemIds, boolean keep) {
    Dataset<Row> numbers =
        data.items()
            .select(col("index").as("item"), col("id").as("itemId"))
            .join(
                itemIds.select(
                    col("index").cast("int").as("row"), col("id").cast("string").as("itemId")),
                "itemId")
            .select("item", "row");
    Dataset<Row> joined =
        rows.join(numbers, rows.col("item").equalTo(numbers.col("item")), "left")
            .drop(numbers.col("item"));
    Dataset<Row> numbered =
        keep
            ? joined.withColumn(
                "row",
                functions.coalesce(
                    col("row"), col("item").plus(functions.lit(itemIds.count())).cast("int")))
            : joined.where(col("row").isNotNull());
    return numbered.withColumn("item", col("row")).drop("row");
  }

  long learntRows() {
    return roster.interactions().values().stream().mapToLong(Long::longValue).sum();
  }
}
