package dev.coppice.spark.rank;

import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/** Adds predictions and positions to pairs of ids. */
public final class Predictions {
  /** Key of the column metadata that says how far down positions were looked for. */
  public static final String DEPTH = "coppice.positionDepth";

  private static final String USER = "__coppice_user";
  private static final String ITEM = "__coppice_item";
  private static final String USER_ROW = "__coppice_user_row";
  private static final String ITEM_ROW = "__coppice_item_row";
  private static final String USER_LINKS = "__coppice_user_links";
  private static final String ITEM_LINKS = "__coppice_item_links";
  private static final String POSITION = "__coppice_position";

  private Predictions() {}

  /**
   * Returns the data with the prediction column.
   *
   * @param dropUnknown whether rows of unknown ids are left out; else their prediction is NaN
   */
  public static Dataset<Row> predict(
      Dataset<?> data, ScoringTables tables, String predictionCol, boolean dropUnknown) {
    boolean linked = tables.users().hasLinks() && tables.items().hasLinks();
    Column score = PackedRows.product(functions.col(USER_ROW), functions.col(ITEM_ROW));
    if (linked) {
      score = score.plus(PackedRows.linked(functions.col(USER_LINKS), functions.col(ITEM_LINKS)));
    }
    Dataset<Row> users = packed(tables.users(), USER, USER_ROW, linked ? USER_LINKS : null);
    Dataset<Row> items = packed(tables.items(), ITEM, ITEM_ROW, linked ? ITEM_LINKS : null);
    Dataset<Row> joined =
        withKeys(data, tables)
            .join(users, new String[] {USER}, "left")
            .join(items, new String[] {ITEM}, "left")
            .withColumn(predictionCol, score)
            .drop(USER, ITEM, USER_ROW, ITEM_ROW, USER_LINKS, ITEM_LINKS);
    if (dropUnknown) {
      return joined.where(
          functions.not(functions.isnan(joined.col(Schemas.quoted(predictionCol)))));
    }
    return joined;
  }

  /**
   * Returns the data with the position column.
   *
   * @param ranked lists by id for at least the users of the data
   * @param depth how far down they go
   */
  public static Dataset<Row> positions(
      Dataset<Row> data,
      Dataset<TopRow> ranked,
      ScoringTables tables,
      String positionCol,
      int depth) {
    IdType users = tables.users().idType();
    IdType items = tables.items().idType();
    Column targets = functions.col(items.isString() ? "targetNames" : "targetNumbers");
    Dataset<Row> positions =
        ranked
            .select(
                functions.col(users.isString() ? "name" : "number").as(USER),
                functions.posexplode(targets).as(new String[] {POSITION, ITEM}))
            .withColumn(POSITION, functions.col(POSITION).plus(1).cast(DataTypes.IntegerType));
    Metadata metadata = new MetadataBuilder().putLong(DEPTH, depth).build();
    return withKeys(data, tables)
        .join(positions, new String[] {USER, ITEM}, "left")
        .withColumn(positionCol, functions.col(POSITION).as(POSITION, metadata))
        .drop(USER, ITEM, POSITION);
  }

  private static Dataset<Row> withKeys(Dataset<?> data, ScoringTables tables) {
    return data.withColumn(USER, Schemas.matchKey(data, tables.userCol(), tables.users().idType()))
        .withColumn(ITEM, Schemas.matchKey(data, tables.itemCol(), tables.items().idType()));
  }

  /** The packed rows of a table by id, with their links where a name is given for them. */
  private static Dataset<Row> packed(RowTable table, String id, String row, String links) {
    Column key = table.idType().matchKey(RowTable.ID, table.idType()).as(id);
    Column dims = functions.col(RowTable.DIMS);
    Column packed = PackedRows.pack(dims, functions.col(RowTable.WEIGHTS)).as(row);
    return links == null
        ? table.rows().select(key, packed)
        : table
            .rows()
            .select(
                key,
                packed,
                PackedRows.packLinks(functions.col(RowTable.LINKS), table.linkWeights()).as(links));
  }
}
