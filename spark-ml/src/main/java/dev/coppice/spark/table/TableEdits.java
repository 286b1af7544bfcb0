package dev.coppice.spark.table;

import dev.coppice.core.als.AlsObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables made from tables. */
public final class TableEdits {
  private static final String NEIGHBOUR = "neighbour";
  private static final String WEIGHT = "weight";

  private TableEdits() {}

  /** Returns the rows whose ids a column holds, each once; ids without a row are left out. */
  public static RowTable subset(RowTable table, Dataset<?> ids, String column) {
    return filtered(table, ids, column, "left_semi");
  }

  /** As above, of a table and ids that lie in one partition: joined there, without a broadcast. */
  public static RowTable subsetTogether(RowTable table, Dataset<?> ids, String column) {
    return subset(table, ids.coalesce(1).hint("shuffle_hash"), column);
  }

  /** Returns the rows whose ids a column does not hold. */
  public static RowTable without(RowTable table, Dataset<?> ids, String column) {
    return filtered(table, ids, column, "left_anti");
  }

  private static RowTable filtered(RowTable table, Dataset<?> ids, String column, String join) {
    String key = "__coppice_key";
    Dataset<Row> wanted =
        ids.select(Schemas.matchKey(ids, column, table.idType()).as(key)).distinct();
    Dataset<Row> rows =
        table
            .rows()
            .withColumn(key, table.idType().matchKey(RowTable.ID, table.idType()))
            .join(wanted, new String[] {key}, join)
            .drop(key);
    return new RowTable("subset", rows);
  }

  /**
   * Replaces integer ids by those of a dictionary.
   *
   * @param what {@code user} or {@code item}, for messages
   * @param dictionary columns {@code index} (long or int) and {@code id}
   * @throws IllegalArgumentException if an index is missing or there twice
   */
  public static RowTable withIds(String what, RowTable table, Dataset<Row> dictionary) {
    if (table.idType().isString()) {
      throw new IllegalArgumentException(
          "the " + what + " table has string ids already; only integer indices can be replaced");
    }
    String index = "__coppice_index";
    Schemas.requireId(dictionary.schema(), what + " dictionary", RowTable.ID);
    Dataset<Row> names =
        dictionary.select(
            Schemas.matchKey(dictionary, "index", IdType.LONG).as(index),
            functions.col(RowTable.ID).as("__coppice_id"));
    Dataset<Row> joined =
        table
            .rows()
            .withColumn(index, functions.col(RowTable.ID).cast("long"))
            .join(names, new String[] {index}, "left");
    // The size too, which whoever saves the table would otherwise join once more for.
    Column name = functions.col("__coppice_id");
    List<Column> sums =
        new ArrayList<>(
            RowTable.sizeSums(joined, functions.octet_length(name.cast(DataTypes.StringType))));
    int distinct = sums.size();
    sums.add(functions.countDistinct(functions.col(index)));
    sums.add(functions.min(functions.when(name.isNull(), functions.col(index))));
    Row check = joined.agg(sums.get(0), sums.subList(1, sums.size()).toArray(new Column[0])).head();
    if (!check.isNullAt(distinct + 1)) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " dictionary has no id for index "
              + check.get(distinct + 1)
              + ", which the model"
              + " holds; give the dictionary of the data that the model was trained on");
    }
    RowTable.Size size = RowTable.size(check);
    if (size.rows() != check.getLong(distinct)) {
      throw new IllegalArgumentException(
          "the " + what + " dictionary has an index twice; each index has one id");
    }
    table.withSize(size.withNumbers());
    RowTable named = new RowTable(what + " dictionary", RowTable.withId(joined, name));
    // Bytes of ids that are numbers are not those of their digits.
    return named.idType().isString() ? named.withSize(size) : named;
  }

  /**
   * Replaces ids by the indices of a dictionary; ids that it does not have, by {@link #stranger}.
   *
   * @param dictionary columns {@code index} (long or int) and {@code id}, each once
   */
  public static RowTable withIndices(RowTable table, Dataset<Row> dictionary) {
    Dataset<Row> indices =
        dictionary.select(
            functions.col(RowTable.ID), functions.col("index").cast("long").as("__coppice_index"));
    RowTable.Size known = table.knownSize();
    return new RowTable(
            "numbered rows",
            RowTable.withId(
                table.rows().join(indices, new String[] {RowTable.ID}, "left"),
                functions.coalesce(functions.col("__coppice_index"), stranger(RowTable.ID))))
        .withSize(known == null ? null : known.withNumbers());
  }

  /** Returns a number below 0 for an id that a dictionary does not have: a hash of it. */
  public static Column stranger(String column) {
    return functions.xxhash64(functions.col(column)).bitwiseOR(functions.lit(Long.MIN_VALUE));
  }

  /**
   * Returns a dictionary with the ids of more rows behind its own, in their order.
   *
   * @param dictionary columns {@code index} (long or int, 0 to n - 1) and {@code id}
   * @param size n
   * @param rows have a column {@code id} of strings
   * @return columns {@code index} (long) and {@code id}
   */
  public static Dataset<Row> extended(Dataset<Row> dictionary, long size, Dataset<Row> rows) {
    Dataset<Row> more =
        rows.select(RowTable.ID).join(dictionary, new String[] {RowTable.ID}, "left_anti");
    return dictionary
        .select(functions.col("index").cast("long").as("index"), functions.col(RowTable.ID))
        .union(
            numbered(more)
                .select(
                    functions.col("index").plus(functions.lit(size)), functions.col(RowTable.ID)));
  }

  /**
   * Numbers ids by their order.
   *
   * @param ids one column {@code id} of strings, each once
   * @return {@code index} (long, from 0) and {@code id}
   */
  public static Dataset<Row> numbered(Dataset<Row> ids) {
    StructType schema =
        new StructType()
            .add("index", DataTypes.LongType, false)
            .add("id", DataTypes.StringType, false);
    JavaRDD<Row> rows =
        ids.orderBy("id")
            .javaRDD()
            .zipWithIndex()
            .map(entry -> RowFactory.create(entry._2(), entry._1().getString(0)));
    return ids.sparkSession().createDataFrame(rows, schema);
  }

  /**
   * Returns the rows scaled to length 1, without links; rows of zeros stay as they are.
   *
   * @param bias whether the rows hold biases, which are left out: they tell how popular an item is,
   *     not what it is like
   */
  public static RowTable unitLength(RowTable table, boolean bias) {
    String id = table.idType().isString() ? "name" : "number";
    Dataset<SparseRow> scaled =
        table
            .beans()
            .map(
                (MapFunction<SparseRow, SparseRow>) row -> unit(bias ? withoutBias(row) : row),
                Encoders.bean(SparseRow.class));
    return new RowTable(
            "unit rows",
            scaled.select(
                functions.col(id).cast(table.idType().sqlType()).as(RowTable.ID),
                functions.col(RowTable.DIMS),
                functions.col(RowTable.WEIGHTS)))
        .withSize(bias || table.knownSize() == null ? null : table.knownSize().withoutLinks());
  }

  /** Returns each row as one that has no weights and the link to its own code alone. */
  public static RowTable ownCodes(RowTable table) {
    return new RowTable(
        "rows by code",
        table
            .rows()
            .select(
                functions.col(RowTable.ID),
                functions.array().cast("array<smallint>").as(RowTable.DIMS),
                functions.array().cast("array<float>").as(RowTable.WEIGHTS),
                functions
                    .when(
                        functions.col(RowTable.CODE).isNotNull(),
                        functions.array(functions.col(RowTable.CODE)))
                    .as(RowTable.LINKS)));
  }

  /**
   * Returns the links of a table to itself, by ids: one row a link.
   *
   * @param table has codes; without links there are no rows
   * @param id name of the column of the row's id
   * @return {@code id}, {@code neighbour} (of the same type), {@code weight} (float)
   */
  public static Dataset<Row> neighbours(RowTable table, String id) {
    Dataset<Row> rows = table.rows();
    Column one = functions.lit(1f);
    if (!table.hasLinks() || !table.hasCodes()) {
      return rows.limit(0)
          .select(
              functions.col(RowTable.ID).as(id),
              functions.col(RowTable.ID).as(NEIGHBOUR),
              one.as(WEIGHT));
    }
    Column links = functions.col(RowTable.LINKS);
    Column ones = functions.transform(links, link -> one);
    Column weights =
        table.linkColumns().contains(RowTable.LINK_WEIGHTS)
            ? functions.coalesce(functions.col(RowTable.LINK_WEIGHTS), ones)
            : ones;
    String code = "__coppice_code";
    Dataset<Row> linked =
        rows.select(
                functions.col(RowTable.ID).as("__coppice_id"),
                functions.explode(functions.arrays_zip(links.as("code"), weights.as(WEIGHT))))
            .select(
                functions.col("__coppice_id"),
                functions.col("col.code").as(code),
                functions.col("col." + WEIGHT).as(WEIGHT));
    return linked
        .join(
            rows.select(
                functions.col(RowTable.CODE).as(code), functions.col(RowTable.ID).as(NEIGHBOUR)),
            new String[] {code})
        .select(
            functions.col("__coppice_id").as(id), functions.col(NEIGHBOUR), functions.col(WEIGHT));
  }

  private static SparseRow withoutBias(SparseRow row) {
    short[] dims = row.getDims();
    if (dims.length > 0 && dims[0] == AlsObjective.BIAS_DIM) {
      row.setDims(Arrays.copyOfRange(dims, 1, dims.length));
      row.setWeights(Arrays.copyOfRange(row.getWeights(), 1, dims.length));
    }
    return row;
  }

  private static SparseRow unit(SparseRow row) {
    double squares = 0;
    for (float weight : row.getWeights()) {
      squares += (double) weight * weight;
    }
    if (squares > 0) {
      float[] weights = row.getWeights().clone();
      double length = Math.sqrt(squares);
      for (int p = 0; p < weights.length; p++) {
        weights[p] = (float) (weights[p] / length);
      }
      row.setWeights(weights);
    }
    return row;
  }
}
