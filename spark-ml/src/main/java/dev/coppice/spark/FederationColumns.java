package dev.coppice.spark;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.federate.RowWords;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Reads the columns that a {@link GatedFederation} names, and numbers the ids. */
final class FederationColumns {
  private static final String HELD_OUT = "heldOut";

  private final GatedFederation stage;
  private final Dataset<Row> rows;

  private FederationColumns(GatedFederation stage, Dataset<?> data) {
    this.stage = stage;
    rows = columns(data);
  }

  /**
   * Reads a Dataset.
   *
   * @throws BadInputException if ids are missing, or weights are missing, below 0 or not finite
   */
  static FederationData read(GatedFederation stage, Dataset<?> data) {
    IdType users = Schemas.requireId(data.schema(), "userCol", stage.getUserCol());
    IdType items = Schemas.requireId(data.schema(), "itemCol", stage.getItemCol());
    FederationColumns columns = new FederationColumns(stage, data);
    columns.check();
    return columns.numbered(users, items);
  }

  /**
   * Reads a Dataset for a private federation: nothing is looked at yet.
   *
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   */
  static PrivateData raw(GatedFederation stage, Dataset<?> data) {
    IdType users = Schemas.requireId(data.schema(), "userCol", stage.getUserCol());
    IdType items = Schemas.requireId(data.schema(), "itemCol", stage.getItemCol());
    FederationColumns columns = new FederationColumns(stage, data);
    return new PrivateData(
        columns.rows.select("name", "user", "item", "weight", HELD_OUT),
        users,
        items,
        !stage.getValidationCol().isEmpty(),
        columns.words(),
        "",
        null);
  }

  private RowWords words() {
    return new RowWords(
        "userCol '" + stage.getUserCol() + "'",
        "itemCol '" + stage.getItemCol() + "'",
        "ratingCol '" + stage.getRatingCol() + "'",
        remedy());
  }

  private String remedy() {
    return "fill column '" + stage.getClientCol() + "', or leave these rows out";
  }

  private Dataset<Row> columns(Dataset<?> data) {
    Column weight =
        stage.getRatingCol().isEmpty()
            ? functions.lit(1f)
            : col(Schemas.quoted(stage.getRatingCol())).cast(DataTypes.FloatType);
    Column heldOut =
        stage.getValidationCol().isEmpty()
            ? functions.lit(false)
            : functions.coalesce(
                col(Schemas.quoted(stage.getValidationCol())), functions.lit(false));
    return data.select(
        text(stage.getUserCol()).as("user"),
        text(stage.getItemCol()).as("item"),
        text(stage.getClientCol()).as("name"),
        weight.as("weight"),
        heldOut.as(HELD_OUT));
  }

  private static Column text(String column) {
    return col(Schemas.quoted(column)).cast(DataTypes.StringType);
  }

  private void check() {
    Column weight = col("weight");
    Column bad =
        weight
            .isNull()
            .or(functions.isnan(weight))
            .or(weight.lt(functions.lit(0)))
            .or(weight.gt(functions.lit(Float.MAX_VALUE)));
    Row counts =
        rows.agg(
                functions.count_if(col("user").isNull()),
                functions.count_if(col("item").isNull()),
                functions.count_if(bad))
            .head();
    words().requireNone(counts.getLong(0), counts.getLong(1), counts.getLong(2));
  }

  private FederationData numbered(IdType users, IdType items) {
    Dataset<Row> learnt = rows.where(functions.not(col(HELD_OUT))).drop(HELD_OUT);
    Dataset<Row> userIds = ids(learnt, "user");
    Dataset<Row> itemIds = ids(learnt, "item");
    Dataset<Row> heldOut = null;
    if (!stage.getValidationCol().isEmpty()) {
      // An item that is only held out has a number beyond all others, so that it is missed.
      heldOut =
          rows.where(col(HELD_OUT))
              .join(numbers(userIds, "user"), "user")
              .join(numbers(itemIds, "item"), new String[] {"item"}, "left")
              .select(
                  col("userIndex").as("user"),
                  functions.coalesce(col("itemIndex"), functions.lit(Integer.MAX_VALUE)).as("item"),
                  col("weight"));
    }
    return new FederationData(
        learnt
            .join(numbers(userIds, "user"), "user")
            .join(numbers(itemIds, "item"), "item")
            .select(
                col("name"),
                col("userIndex").as("user"),
                col("itemIndex").as("item"),
                col("weight")),
        heldOut,
        typed(userIds, users),
        typed(itemIds, items),
        remedy(),
        "",
        null);
  }

  private static Dataset<Row> ids(Dataset<Row> rows, String column) {
    return TableEdits.numbered(rows.select(col(column).as("id")).distinct());
  }

  private static Dataset<Row> numbers(Dataset<Row> ids, String column) {
    return ids.select(
        col("id").cast(DataTypes.StringType).as(column), col("index").as(column + "Index"));
  }

  private static Dataset<Row> typed(Dataset<Row> ids, IdType type) {
    return ids.select(col("index"), col("id").cast(type.sqlType()).as("id"));
  }
}
