package dev.coppice.spark;

import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.Schemas;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Interactions in the form that training takes.
 *
 * @param columns where they are
 * @param explicit whether weights are ratings, which may be below 0
 * @param userIds type of the user ids
 * @param itemIds type of the item ids
 */
record InteractionColumns(
    AlsConfig.Columns columns, boolean explicit, IdType userIds, IdType itemIds) {
  static final String USER = "user";
  static final String ITEM = "item";
  static final String WEIGHT = "weight";
  static final String HELD_OUT = "heldOut";

  /**
   * Looks at the columns of data.
   *
   * @throws IllegalArgumentException if ids are missing or of a wrong type
   */
  static InteractionColumns in(Dataset<?> data, AlsConfig.Columns columns, boolean explicit) {
    return new InteractionColumns(
        columns,
        explicit,
        Schemas.requireId(data.schema(), "userCol", columns.user()),
        Schemas.requireId(data.schema(), "itemCol", columns.item()));
  }

  /** Returns user, item, weight and whether the row is held out. */
  Dataset<Row> of(Dataset<?> data) {
    Column weight =
        columns
            .rating()
            .map(column -> functions.col(Schemas.quoted(column)).cast(DataTypes.FloatType))
            .orElse(functions.lit(1f));
    Column heldOut =
        columns
            .validation()
            .map(
                column ->
                    functions.coalesce(functions.col(Schemas.quoted(column)), functions.lit(false)))
            .orElse(functions.lit(false));
    return data.select(
        key(columns.user(), userIds).as(USER),
        key(columns.item(), itemIds).as(ITEM),
        weight.as(WEIGHT),
        heldOut.as(HELD_OUT));
  }

  private static Column key(String column, IdType type) {
    return functions
        .col(Schemas.quoted(column))
        .cast(type.isString() ? DataTypes.StringType : DataTypes.LongType);
  }

  /**
   * Checks the rows that {@link #of} returns.
   *
   * @throws BadInputException if some cannot be trained on, with their number
   */
  void check(Dataset<Row> rows) {
    Column weight = functions.col(WEIGHT);
    double least = explicit ? -Float.MAX_VALUE : 0;
    Column bad =
        weight
            .isNull()
            .or(functions.isnan(weight))
            .or(weight.lt(functions.lit(least)))
            .or(weight.gt(functions.lit(Float.MAX_VALUE)));
    Row counts =
        rows.agg(
                functions.count_if(functions.col(USER).isNull()),
                functions.count_if(functions.col(ITEM).isNull()),
                functions.count_if(bad))
            .head();
    refuse(counts.getLong(0), "userCol '" + columns.user() + "'", "no id");
    refuse(counts.getLong(1), "itemCol '" + columns.item() + "'", "no id");
    refuse(
        counts.getLong(2),
        "ratingCol '" + columns.rating().orElse("") + "'",
        least == 0 ? "a weight that is missing, below 0 or not finite" : "no finite rating");
  }

  private static void refuse(long count, String column, String what) {
    if (count > 0) {
      throw new BadInputException(
          count + " rows have in " + column + " " + what + "; leave these rows out or repair them");
    }
  }
}
