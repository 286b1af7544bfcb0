package dev.coppice.spark.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
   */
  public record Size(long rows, long stored, long idBytes) {
    /** Returns the bytes of the table as it is broadcast. */
    public long bytes() {
      return 6 * stored + 4 * rows + idBytes;
    }
  }

  /**
   * Wraps a Dataset.
   *
   * @throws IllegalArgumentException if the columns are not those above; {@code degree} may be
   *     missing
   */
  public RowTable(String what, Dataset<Row> rows) {
    StructType schema = rows.schema();
    this.idType = Schemas.requireId(schema, what, ID);
    requireArray(schema, what, DIMS, DataTypes.ShortType);
    requireArray(schema, what, WEIGHTS, DataTypes.FloatType);
    Column degree =
        Arrays.asList(schema.fieldNames()).contains(DEGREE)
            ? functions.col(DEGREE).cast(DataTypes.IntegerType)
            : functions.lit(0);
    this.given = rows;
    if (Arrays.asList(schema.fieldNames()).contains(IMPORTANCE)) {
      requireArray(schema, what, IMPORTANCE, DataTypes.ByteType);
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
    if (Arrays.asList(rows.columns()).contains(IMPORTANCE)) {
      columns.add(functions.col(IMPORTANCE));
    }
    return rows.select(columns.toArray(new Column[0]));
  }

  /** Returns whether the table has a column of importances. */
  public boolean hasImportance() {
    return rows.columns().length > 4;
  }

  private static void requireArray(
      StructType schema, String what, String column, DataType element) {
    DataType type = Schemas.typeOf(schema, what, column);
    if (!(type instanceof ArrayType array) || !array.elementType().equals(element)) {
      throw new IllegalArgumentException(
          what
              + " column '"
              + column
              + "' is of type "
              + type.simpleString()
              + "; it must be array<"
              + element.simpleString()
              + ">");
    }
  }

  /** Returns the rows with the columns of this class. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** Frees the Dataset that was wrapped, if it was persisted. */
  public void unpersist() {
    given.unpersist();
  }

  /** Returns the type of the ids. */
  public IdType idType() {
    return idType;
  }

  /** Returns the size; counted with one job the first time. */
  public synchronized Size size() {
    if (size == null) {
      Column idBytes =
          idType.isString() ? functions.octet_length(functions.col(ID)) : functions.lit(8);
      Row counts =
          rows.agg(
                  functions.count(functions.lit(1)),
                  functions.sum(functions.size(functions.col(DIMS))),
                  functions.sum(idBytes))
              .head();
      size =
          new Size(
              counts.getLong(0),
              counts.isNullAt(1) ? 0 : counts.getLong(1),
              counts.isNullAt(2) ? 0 : counts.getLong(2));
    }
    return size;
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

  /** Returns the rows as beans. */
  public Dataset<SparseRow> beans() {
    Column id = idType.matchKey(ID, idType);
    return rows.select(
            idType.name(id).as("name"),
            idType.number(id).as("number"),
            functions.col(DIMS),
            functions.col(WEIGHTS))
        .as(Encoders.bean(SparseRow.class));
  }
}
