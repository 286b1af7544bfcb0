package dev.coppice.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.FileFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that are read of Parquet files of one schema. Only these are looked at, so that it
 * does not matter whether Spark knows the types of all others; each file's own footer says what
 * they are.
 *
 * @param files the files of this schema
 * @param leaves what each column is, in the order of {@link Columns#KEYS}; null for none
 */
record ParquetColumns(List<Path> files, List<Leaf> leaves) {
  /**
   * A column.
   *
   * @param path its names, from the outermost
   * @param type the type that Spark reads it as
   * @param form what the values mean beyond their type
   */
  record Leaf(List<String> path, DataType type, Form form) {}

  private enum Form {
    PLAIN,
    /** Nanoseconds since 1970, which Spark reads as a number alone. */
    NANOS,
    /** 16 bytes. */
    UUID
  }

  /**
   * Sorts files by the types of the columns.
   *
   * @throws UsageException if the first file does not have a column, or has it of a type that is
   *     neither text, a number nor a time
   * @throws BadInputException if this is so of another file
   */
  static List<ParquetColumns> of(Configuration configuration, Columns columns, List<Path> files) {
    Map<List<Leaf>, List<Path>> bySchema =
        Footers.sorted(
            files,
            file -> schema(configuration, file),
            (schema, file) -> leaves(columns, schema, file));
    if (bySchema.isEmpty()) {
      // Files without a byte: rows of nothing.
      List<Leaf> none = new ArrayList<>();
      Columns.KEYS.forEach(key -> none.add(null));
      bySchema.put(none, files);
    }
    return bySchema.entrySet().stream()
        .map(entry -> new ParquetColumns(entry.getValue(), entry.getKey()))
        .toList();
  }

  private static MessageType schema(Configuration configuration, Path file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      return reader.getFileMetaData().getSchema();
    } catch (IOException | RuntimeException e) {
      throw FileFault.damaged(file, e);
    }
  }

  private static List<Leaf> leaves(Columns columns, MessageType schema, Path file) {
    List<Leaf> leaves = new ArrayList<>();
    for (int n = 0; n < Columns.KEYS.size(); n++) {
      String name = columns.named(n);
      List<Type> path = name == null ? List.of() : find(schema, name);
      if (path.isEmpty() && name != null && !PathColumns.has(file.toString(), name)) {
        throw Columns.missing(
            Columns.KEYS.get(n), name, schema.getFields().stream().map(Type::getName).toList());
      }
      leaves.add(path.isEmpty() ? null : leaf(Columns.KEYS.get(n), name, path));
    }
    return leaves;
  }

  /** The fields from the outermost to the one of this name; none if there is none. */
  private static List<Type> find(GroupType group, String name) {
    if (group.containsField(name)) {
      return List.of(group.getType(name));
    }
    for (Type field : group.getFields()) {
      boolean struct = !field.isPrimitive() && field.getLogicalTypeAnnotation() == null;
      if (struct && name.startsWith(field.getName() + ".")) {
        List<Type> inner = find(field.asGroupType(), name.substring(field.getName().length() + 1));
        if (!inner.isEmpty()) {
          List<Type> path = new ArrayList<>(List.of(field));
          path.addAll(inner);
          return path;
        }
      }
    }
    return List.of();
  }

  private static Leaf leaf(String key, String name, List<Type> path) {
    Type last = path.get(path.size() - 1);
    boolean repeated = path.stream().anyMatch(type -> type.isRepetition(Type.Repetition.REPEATED));
    Leaf leaf = last.isPrimitive() && !repeated ? leaf(path, last.asPrimitiveType()) : null;
    if (leaf == null) {
      String inner =
          last.isPrimitive() || last.getLogicalTypeAnnotation() != null
              ? ""
              : " Its members are named "
                  + name
                  + "."
                  + last.asGroupType().getFields().get(0).getName()
                  + " and so on.";
      throw new UsageException(
          key
              + " = \""
              + name
              + "\" is a column of the type \""
              + last.toString().replaceAll("\\s+", " ")
              + "\", which is neither text, a number nor a time."
              + inner
              + " Give another column.");
    }
    return leaf;
  }

  private static Leaf leaf(List<Type> path, PrimitiveType primitive) {
    List<String> names = path.stream().map(Type::getName).toList();
    LogicalTypeAnnotation means = primitive.getLogicalTypeAnnotation();
    if (means instanceof UUIDLogicalTypeAnnotation) {
      return new Leaf(names, DataTypes.BinaryType, Form.UUID);
    }
    if (means instanceof TimestampLogicalTypeAnnotation time
        && time.getUnit() == LogicalTypeAnnotation.TimeUnit.NANOS) {
      return new Leaf(names, DataTypes.LongType, Form.NANOS);
    }
    DataType type =
        means instanceof DecimalLogicalTypeAnnotation decimal
            ? DataTypes.createDecimalType(decimal.getPrecision(), decimal.getScale())
            : type(primitive, means);
    return type == null ? null : new Leaf(names, type, Form.PLAIN);
  }

  /** The type that Spark reads a value as; null for those that are no text, number or time. */
  private static DataType type(PrimitiveType primitive, LogicalTypeAnnotation means) {
    boolean unsigned = means instanceof IntLogicalTypeAnnotation number && !number.isSigned();
    boolean plain = means == null || means instanceof IntLogicalTypeAnnotation;
    return switch (primitive.getPrimitiveTypeName()) {
      case INT32 ->
          means instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation
              ? DataTypes.DateType
              : plain ? unsigned ? DataTypes.LongType : DataTypes.IntegerType : null;
      case INT64 ->
          means instanceof TimestampLogicalTypeAnnotation time
              ? time.isAdjustedToUTC() ? DataTypes.TimestampType : DataTypes.TimestampNTZType
              : plain ? unsigned ? DataTypes.createDecimalType(20, 0) : DataTypes.LongType : null;
      case INT96 -> DataTypes.TimestampType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case BOOLEAN -> DataTypes.BooleanType;
      case BINARY -> DataTypes.BinaryType;
      case FIXED_LEN_BYTE_ARRAY -> means == null ? DataTypes.BinaryType : null;
    };
  }

  /** The schema to read: the columns, each once, in the structs that they lie in. */
  StructType schema() {
    StructType schema = new StructType();
    for (Leaf leaf : leaves) {
      schema = leaf == null ? schema : with(schema, leaf.path(), leaf.type());
    }
    return schema;
  }

  private static StructType with(StructType struct, List<String> path, DataType type) {
    String name = path.get(0);
    List<StructField> fields = new ArrayList<>(List.of(struct.fields()));
    int at = List.of(struct.fieldNames()).indexOf(name);
    DataType inner = type;
    if (path.size() > 1) {
      StructType known = at < 0 ? new StructType() : (StructType) fields.get(at).dataType();
      inner = with(known, path.subList(1, path.size()), type);
    }
    StructField field = DataTypes.createStructField(name, inner, true);
    if (at < 0) {
      fields.add(field);
    } else {
      fields.set(at, field);
    }
    return DataTypes.createStructType(fields);
  }

  /** The five columns; those that the path gives are null. */
  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (int n = 0; n < leaves.size(); n++) {
      Leaf leaf = leaves.get(n);
      columns.add((leaf == null ? ColumnInput.nothing() : column(leaf)).as(Columns.KEYS.get(n)));
    }
    return columns;
  }

  private static Column column(Leaf leaf) {
    String name = String.join(".", leaf.path().stream().map(ColumnInput::quoted).toList());
    return switch (leaf.form()) {
      case PLAIN -> col(name);
      case NANOS -> expr("timestamp_micros(" + name + " div 1000)");
      case UUID ->
          expr(
              "regexp_replace(lower(hex("
                  + name
                  + ")), '(.{8})(.{4})(.{4})(.{4})(.{12})', '$1-$2-$3-$4-$5')");
    };
  }
}
