package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.serving.IdKind;
import dev.coppice.core.serving.Neighbours;
import dev.coppice.core.serving.ServingInfo;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.spark.rank.FoldIn;
import dev.coppice.spark.rank.IdPair;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Streams a model to a {@link ServingWriter}. Executors sort the rows and number the seen items;
 * the driver takes one partition of sorted rows at a time and writes them out, so it holds the
 * largest partition and, where users are to be folded in, the Gramian. {@code
 * spark.sql.shuffle.partitions} makes partitions smaller.
 */
public final class ServingExport {
  private static final String ITEM_ROW = "itemRow";
  private static final String SEEN = "seen";

  private ServingExport() {}

  /**
   * Returns what a serving file says of a model.
   *
   * @param labels what else it is to say
   * @throws BadInputException if the links of the users have weights, which the file cannot hold
   */
  public static ServingInfo info(StoredModel model, Map<String, String> labels) {
    if (neighbours(model) && model.users().linkColumns().contains(RowTable.LINK_WEIGHTS)) {
      throw new BadInputException(
          "the user table has a column "
              + RowTable.LINK_WEIGHTS
              + ", and a serving file holds histories without weights; drop the column, or put its"
              + " weights into those of the items");
    }
    ModelInfo info = model.info();
    return new ServingInfo(
        info.rank(),
        info.density(),
        info.objective(),
        info.confidenceScale(),
        info.meanItemDegree(),
        IdKind.valueOf(model.users().idType().name()),
        IdKind.valueOf(model.items().idType().name()),
        info.dataFingerprint(),
        neighbours(model),
        labels);
  }

  private static boolean neighbours(StoredModel model) {
    return model.items().hasLinks();
  }

  /**
   * Adds all rows of a model.
   *
   * @param seen what users have seen, see {@link ScoringTables#pairs}, or null if the file is not
   *     to know; pairs of unknown ids are left out
   * @param foldIn whether the file is to fold users in
   */
  public static void addAll(
      ServingWriter writer, StoredModel model, Dataset<IdPair> seen, boolean foldIn)
      throws IOException {
    // Where the items hold no weights, users fold in by their histories alone.
    if (foldIn && model.info().objective().needsGramian() && model.items().size().stored() > 0) {
      writer.gramian(FoldIn.gramian(model.items(), model.info().rank()));
    }
    addItems(writer, model);
    addUsers(writer, model, seen);
  }

  private static void addItems(ServingWriter writer, StoredModel model) throws IOException {
    boolean strings = model.items().idType().isString();
    Iterator<ServingRow> rows = inOrder(model.items()).toLocalIterator();
    while (rows.hasNext()) {
      ServingRow row = rows.next();
      Neighbours of = neighbours(model) ? neighbours(row) : Neighbours.NONE;
      if (strings) {
        writer.addItem(row.getName(), row.getDegree(), row.getDims(), row.getWeights(), of);
      } else {
        writer.addItem(row.getNumber(), row.getDegree(), row.getDims(), row.getWeights(), of);
      }
    }
  }

  private static Neighbours neighbours(ServingRow row) {
    int[] codes = row.getLinks() == null ? new int[0] : row.getLinks();
    float[] weights = row.getLinkWeights();
    if (weights == null) {
      weights = new float[codes.length];
      Arrays.fill(weights, 1f);
    }
    return new Neighbours(row.getCode(), codes, weights);
  }

  private static void addUsers(ServingWriter writer, StoredModel model, Dataset<IdPair> seen)
      throws IOException {
    RowTable users = model.users();
    boolean strings = users.idType().isString();
    Dataset<Row> rows = keyed(users);
    if (seen == null) {
      rows = rows.withColumn(SEEN, noItems());
    } else {
      String id = strings ? "name" : "number";
      rows =
          rows.join(seenItems(model, seen).withColumnRenamed("key", id), id(strings), "left")
              .withColumn(SEEN, functions.coalesce(functions.col(SEEN), noItems()));
    }
    Iterator<ServingRow> sorted = inOrder(rows, strings).toLocalIterator();
    while (sorted.hasNext()) {
      ServingRow row = sorted.next();
      int[] items = seen == null ? null : row.getSeen();
      boolean linked = neighbours(model) && row.getLinks() != null;
      int[] history = linked ? row.getLinks() : new int[0];
      if (strings) {
        writer.addUser(row.getName(), row.getDims(), row.getWeights(), items, history);
      } else {
        writer.addUser(row.getNumber(), row.getDims(), row.getWeights(), items, history);
      }
    }
  }

  private static String[] id(boolean strings) {
    return new String[] {strings ? "name" : "number"};
  }

  private static Column noItems() {
    return functions.array().cast(DataTypes.createArrayType(DataTypes.IntegerType, false));
  }

  private static Dataset<Row> keyed(RowTable table) {
    Column id = table.idType().matchKey(RowTable.ID, table.idType());
    return table
        .rows()
        .select(
            table.idType().name(id).as("name"),
            table.idType().number(id).as("number"),
            functions.col(RowTable.DIMS),
            functions.col(RowTable.WEIGHTS),
            functions
                .coalesce(functions.col(RowTable.DEGREE), functions.lit(0))
                .as(RowTable.DEGREE),
            functions.coalesce(table.code(), functions.lit(-1)).as(RowTable.CODE),
            table.links(),
            table.linkWeights());
  }

  /** Returns the rows of a table in the order of their ids, with nothing seen. */
  static Dataset<ServingRow> inOrder(RowTable table) {
    return inOrder(keyed(table).withColumn(SEEN, noItems()), table.idType().isString());
  }

  private static Dataset<ServingRow> inOrder(Dataset<Row> rows, boolean strings) {
    return rows.orderBy(functions.col(id(strings)[0])).as(Encoders.bean(ServingRow.class));
  }

  /** Returns {@code key} (the user's name or number) and {@code seen}, ascending item rows. */
  private static Dataset<Row> seenItems(StoredModel model, Dataset<IdPair> seen) {
    boolean strings = model.users().idType().isString();
    String target = model.items().idType().isString() ? "targetName" : "targetNumber";
    return seen.toDF()
        .join(numbered(model.items(), target), new String[] {target})
        .groupBy(functions.col(id(strings)[0]).as("key"))
        .agg(functions.sort_array(functions.collect_set(functions.col(ITEM_ROW))).as(SEEN));
  }

  /** Numbers the items by the order of their ids, which is that of the rows in the file. */
  private static Dataset<Row> numbered(RowTable items, String column) {
    boolean strings = items.idType().isString();
    StructType schema =
        new StructType()
            .add(column, strings ? DataTypes.StringType : DataTypes.LongType, false)
            .add(ITEM_ROW, DataTypes.IntegerType, false);
    Dataset<Row> ids = keyed(items).select(id(strings)[0]).orderBy(functions.col(id(strings)[0]));
    JavaRDD<Row> rows =
        ids.javaRDD()
            .zipWithIndex()
            .map(entry -> RowFactory.create(entry._1().get(0), entry._2().intValue()));
    return ids.sparkSession().createDataFrame(rows, schema);
  }
}
