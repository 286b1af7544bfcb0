package dev.coppice.spark.table;

import dev.coppice.spark.held.HeldRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A distributed sparse table: {@code id} (string, long or int), {@code dims} array of short
 * (ascending, unsigned), {@code weights} array of float, and {@code degree} int (observations of
 * the row in the training data; 0 where unknown). Perhaps {@code importance} array of byte, one a
 * weight, see {@link dev.coppice.core.mask.ImportanceCode}.
 *
 * <p>Rows that have links beside their dimensions (docs/design.md section 3, "Neighbours") hold
 * them in {@code links}, array of int (keys of 0 or more, ascending), and, unless every weight is
 * 1, in {@code linkWeights}, array of float; null in a row stands for no links, or for weights of
 * 1. {@code code} int is the key by which rows of the other table link to a row, null if none can.
 */
public final class RowTable {
  /** Column of the ids. */
  public static final String ID = "id";

  /** Column of the dimensions. */
  public static final String DIMS = "dims";

  /** Column of the weights. */
  public static final String WEIGHTS = "weights";

  /** Column of the degrees. */
  public static final String DEGREE = "degree";

  /** Column of how important the weights were. */
  public static final String IMPORTANCE = "importance";

  /** Column of the keys by which rows of the other table link to these. */
  public static final String CODE = "code";

  /** Column of the keys of the links. */
  public static final String LINKS = "links";

  /** Column of the weights of the links. */
  public static final String LINK_WEIGHTS = "linkWeights";

  /** The columns that a table may have or not, with their types. */
  private static final Map<String, DataType> OPTIONAL = optional();

  /** Rows up to which a table is small. */
  private static final long SMALL_ROWS = 200_000;

  /** Weights and links up to which it is. */
  private static final long SMALL_WEIGHTS = 4_000_000;

  private static final List<String> LINK_COLUMNS = List.of(CODE, LINKS, LINK_WEIGHTS);

  private final Dataset<Row> given;
  private final Dataset<Row> rows;
  private final IdType idType;
  private Size size;

  /**
   * What a table takes.
   *
   * @param rows number of rows
   * @param stored number of stored weights
   * @param idBytes bytes of the ids
   * @param links number of links
   * @param linkWeights number of links whose weight is stored; the weight of the others is 1
   */
  public record Size(long rows, long stored, long idBytes, long links, long linkWeights) {
    /** The size of a table without links. */
    public Size(long rows, long stored, long idBytes) {
      this(rows, stored, idBytes, 0, 0);
    }

    /** Returns the bytes of the table as it is broadcast. */
    public long bytes() {
      long offsets = links > 0 ? 2 : 1;
      return 6 * stored + 4 * offsets * rows + idBytes + 4 * links + 4 * linkWeights;
    }

    /** Returns the size of the same table with numbers for ids. */
    Size withNumbers() {
      return new Size(rows, stored, 8 * rows, links, linkWeights);
    }

    /** Returns the size of the same table without its links. */
    Size withoutLinks() {
      return new Size(rows, stored, idBytes);
    }
  }

  /**
   * Returns whether a table is so small that it lies in one partition: Spark takes longer to start
   * several tasks than one takes, and rows that lie together need no shuffle.
   *
   * @param weights number of stored weights and links
   */
  public static boolean isSmall(long rows, long weights) {
    return rows <= SMALL_ROWS && weights <= SMALL_WEIGHTS;
  }

  /** Returns the rows of a small table in one partition, in the order of their ids. */
  public static Dataset<Row> together(Dataset<Row> rows) {
    return rows.coalesce(1).sortWithinPartitions(ID);
  }

  private static Map<String, DataType> optional() {
    Map<String, DataType> types = new LinkedHashMap<>();
    types.put(IMPORTANCE, new ArrayType(DataTypes.ByteType, true));
    types.put(CODE, DataTypes.IntegerType);
    types.put(LINKS, new ArrayType(DataTypes.IntegerType, true));
    types.put(LINK_WEIGHTS, new ArrayType(DataTypes.FloatType, true));
    return types;
  }

  /**
   * Wraps a Dataset.
   *
   * @throws IllegalArgumentException if the columns are not those above; {@code degree} and those
   *     after it may be missing
   */
  public RowTable(String what, Dataset<Row> rows) {
    StructType schema = rows.schema();
    this.idType = Schemas.requireId(schema, what, ID);
    require(schema, what, DIMS, new ArrayType(DataTypes.ShortType, true));
    require(schema, what, WEIGHTS, new ArrayType(DataTypes.FloatType, true));
    Column degree =
        Arrays.asList(schema.fieldNames()).contains(DEGREE)
            ? functions.col(DEGREE).cast(DataTypes.IntegerType)
            : functions.lit(0);
    this.given = rows;
    for (Map.Entry<String, DataType> column : OPTIONAL.entrySet()) {
      if (has(rows, column.getKey())) {
        require(schema, what, column.getKey(), column.getValue());
      }
    }
    if (has(rows, LINK_WEIGHTS) && !has(rows, LINKS)) {
      throw new IllegalArgumentException(
          what + " has a column '" + LINK_WEIGHTS + "' but none '" + LINKS + "'; give both");
    }
    this.rows = selected(rows, functions.col(ID).cast(idType.sqlType()), degree);
  }

  /** Returns the columns of this class, with another id. */
  static Dataset<Row> withId(Dataset<Row> rows, Column id) {
    return selected(rows, id, functions.col(DEGREE));
  }

  private static Dataset<Row> selected(Dataset<Row> rows, Column id, Column degree) {
    List<Column> columns = new ArrayList<>();
    columns.add(id.as(ID));
    columns.add(functions.col(DIMS));
    columns.add(functions.col(WEIGHTS));
    columns.add(degree.as(DEGREE));
    for (String column : OPTIONAL.keySet()) {
      if (has(rows, column)) {
        columns.add(functions.col(column));
      }
    }
    return rows.select(columns.toArray(new Column[0]));
  }

  /** Returns whether the table has a column of importances. */
  public boolean hasImportance() {
    return has(rows, IMPORTANCE);
  }

  /** Returns whether the table has a column of links. */
  public boolean hasLinks() {
    return has(rows, LINKS);
  }

  /** Returns whether the table has a column of codes that rows of the other table link by. */
  public boolean hasCodes() {
    return has(rows, CODE);
  }

  /** Returns which of the columns {@code code, links, linkWeights} the table has. */
  public List<String> linkColumns() {
    return LINK_COLUMNS.stream().filter(column -> has(rows, column)).toList();
  }

  /**
   * Returns a schema with columns of links behind its own.
   *
   * @param columns what {@link #linkColumns} returned
   * @throws IllegalArgumentException if there is none of that name
   */
  public static StructType withLinks(StructType schema, List<String> columns) {
    StructType all = schema;
    for (String column : columns) {
      if (!LINK_COLUMNS.contains(column)) {
        throw new IllegalArgumentException(
            "there is no column of links '" + column + "'; allowed: " + LINK_COLUMNS);
      }
      all = all.add(column, OPTIONAL.get(column));
    }
    return all;
  }

  private static boolean has(Dataset<Row> rows, String column) {
    return Arrays.asList(rows.columns()).contains(column);
  }

  private static void require(StructType schema, String what, String column, DataType wanted) {
    DataType type = Schemas.typeOf(schema, what, column);
    // Whether an array may hold nulls depends on where the rows come from.
    DataType found =
        type instanceof ArrayType array ? new ArrayType(array.elementType(), true) : type;
    if (!found.equals(wanted)) {
      throw new IllegalArgumentException(
          what
              + " column '"
              + column
              + "' is of type "
              + type.simpleString()
              + "; it must be "
              + wanted.simpleString());
    }
  }

  /** Returns the rows with the columns of this class. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** Frees the Dataset that was wrapped, if it is kept. */
  public void unpersist() {
    HeldRows.release(given);
  }

  /** Returns the type of the ids. */
  public IdType idType() {
    return idType;
  }

  /** Returns whether a row holds a weight below 0; asks all rows with one job. */
  public boolean hasNegative() {
    return !rows.where(functions.array_min(functions.col(WEIGHTS)).lt(0)).isEmpty();
  }

  /** Returns the size; counted with one job the first time. */
  public synchronized Size size() {
    if (size == null) {
      Column idBytes =
          idType.isString() ? functions.octet_length(functions.col(ID)) : functions.lit(8);
      List<Column> sums = sizeSums(rows, idBytes);
      size =
          size(rows.agg(sums.get(0), sums.subList(1, sums.size()).toArray(new Column[0])).head());
    }
    return size;
  }

  /**
   * Returns the sums from whose row {@link #size(Row)} makes a size.
   *
   * @param rows have the columns of this class but for the id
   * @param idBytes bytes of the id
   */
  static List<Column> sizeSums(Dataset<Row> rows, Column idBytes) {
    return List.of(
        functions.count(functions.lit(1)),
        functions.sum(functions.size(functions.col(DIMS))),
        functions.sum(idBytes),
        functions.sum(lengths(rows, LINKS)),
        functions.sum(lengths(rows, LINK_WEIGHTS)));
  }

  /** Returns the size that the first columns of a row of {@link #sizeSums} tell. */
  static Size size(Row sums) {
    return new Size(sums.getLong(0), sum(sums, 1), sum(sums, 2), sum(sums, 3), sum(sums, 4));
  }

  /** Lengths of the arrays of a column that may be missing, or null in a row. */
  private static Column lengths(Dataset<Row> rows, String column) {
    return has(rows, column)
        ? functions.when(functions.col(column).isNotNull(), functions.size(functions.col(column)))
        : functions.lit(0);
  }

  /** A sum over no rows is null. */
  private static long sum(Row counts, int at) {
    return counts.isNullAt(at) ? 0 : counts.getLong(at);
  }

  /** Returns the size if it was counted already, else null. */
  synchronized Size knownSize() {
    return size;
  }

  /** Returns this table with its size already known, or null. */
  public RowTable withSize(Size known) {
    synchronized (this) {
      size = known;
    }
    return this;
  }

  /** Returns the rows as beans, without their links. */
  public Dataset<SparseRow> beans() {
    return rows.select(latent().toArray(new Column[0])).as(Encoders.bean(SparseRow.class));
  }

  /** Returns the rows with their links, if they have any, as beans. */
  public Dataset<LinkedRow> linkedBeans() {
    List<Column> columns = latent();
    columns.add(given(LINKS));
    columns.add(given(LINK_WEIGHTS));
    return rows.select(columns.toArray(new Column[0])).as(Encoders.bean(LinkedRow.class));
  }

  /** Returns the keys by which rows of the other table link to these; null where none can. */
  public Column code() {
    return given(CODE);
  }

  /** Returns the keys of the links; null where there are none. */
  public Column links() {
    return given(LINKS);
  }

  /** Returns the weights of the links; null where each is 1. */
  public Column linkWeights() {
    return given(LINK_WEIGHTS);
  }

  /** Returns a column that the table may lack; then null. */
  private Column given(String column) {
    Column values = has(rows, column) ? functions.col(column) : functions.lit(null);
    return values.cast(OPTIONAL.get(column)).as(column);
  }

  private List<Column> latent() {
    Column id = idType.matchKey(ID, idType);
    return new ArrayList<>(
        List.of(
            idType.name(id).as("name"),
            idType.number(id).as("number"),
            functions.col(DIMS),
            functions.col(WEIGHTS)));
  }
}
