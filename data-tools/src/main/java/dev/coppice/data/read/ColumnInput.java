package dev.coppice.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.error.BadInputException;
import dev.coppice.data.Part;
import dev.coppice.files.FileFault;
import dev.coppice.files.FileHeads;
import dev.coppice.files.FileHeads.FileHead;
import dev.coppice.files.FileKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tables with typed columns: rows of (user, item, weight, time, group, file, start of the split).
 * Strings come as their bytes, so that those that are no UTF-8 are seen.
 */
final class ColumnInput {
  private final SparkSession spark;
  private final ReadSettings settings;

  ColumnInput(SparkSession spark, ReadSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  ParseColumns parser(Part part, boolean numbered) {
    return new ParseColumns(part.code(), settings.fields(), numbered, settings.paths());
  }

  /** A table that the session knows by name. */
  Dataset<Row> table(Source source) {
    String name = String.join(",", source.paths());
    Dataset<Row> rows;
    try {
      rows = spark.table(name);
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one (AnalysisException).
      if (e instanceof AnalysisException) {
        throw new BadInputException(
            source.key() + " = \"" + name + "\": Spark finds no such table. Correct the name.", e);
      }
      throw e;
    }
    List<Column> chosen = chosen(rows.schema(), List.of());
    chosen.add(lit(name).as("file"));
    chosen.add(lit(0L).as("start"));
    return rows.select(chosen.toArray(Column[]::new));
  }

  /** Files, as one table for each schema that they have. */
  List<Dataset<Row>> files(Source source, List<Path> files) {
    List<Path> filled = filled(source, files);
    try {
      if (settings.format() == InputFormat.ORC) {
        return orc(source, filled);
      }
      List<Dataset<Row>> tables = new ArrayList<>();
      List<ParquetColumns> forms = ParquetColumns.of(configuration(), settings.columns(), filled);
      for (ParquetColumns form : forms) {
        String[] paths = paths(source, form.files(), forms.size() == 1);
        Dataset<Row> rows = reader().schema(form.schema()).parquet(paths);
        tables.add(located(rows, form.columns()));
      }
      return tables;
    } catch (Exception e) {
      // As above. Schemas are read by tasks, so a failure need not be that of a file.
      if (!FileFault.explains(e)) {
        throw e;
      }
      throw unreadable(source, InteractionsReader.firstLine(e) + " Correct format or the path.", e);
    }
  }

  /** As of Parquet: each file's own footer says what its columns are. */
  private List<Dataset<Row>> orc(Source source, List<Path> filled) {
    if (filled.isEmpty()) {
      // Files without a byte: Spark says what it makes of them.
      Dataset<Row> rows = reader().orc(paths(source, filled, true));
      return List.of(located(rows, chosen(rows.schema(), filled)));
    }
    Map<StructType, List<Path>> bySchema =
        Footers.sorted(filled, file -> OrcFooter.schema(configuration(), file), this::needed);
    List<Dataset<Row>> tables = new ArrayList<>();
    bySchema.forEach(
        (schema, files) -> {
          String[] paths = paths(source, files, bySchema.size() == 1);
          tables.add(located(reader().schema(schema).orc(paths), chosen(schema, files)));
        });
    return tables;
  }

  /** What Spark is told to read: all that was named, or some of its files alone. */
  private static String[] paths(Source source, List<Path> files, boolean all) {
    return all
        ? source.paths().toArray(String[]::new)
        : files.stream().map(ColumnInput::literal).toArray(String[]::new);
  }

  /** The outermost columns of a file that are needed; those that the path gives are left out. */
  private StructType needed(StructType schema, Path file) {
    chosen(schema, List.of(file));
    StructType needed = new StructType();
    for (StructField field : schema.fields()) {
      for (int n = 0; n < Columns.KEYS.size(); n++) {
        String name = settings.columns().named(n);
        boolean holds = name != null && find(new StructType().add(field), name, "").isPresent();
        if (holds && !Arrays.asList(needed.fieldNames()).contains(field.name())) {
          needed = needed.add(field);
        }
      }
    }
    return needed;
  }

  private DataFrameReader reader() {
    return spark.read().option("recursiveFileLookup", "true");
  }

  private Configuration configuration() {
    return spark.sparkContext().hadoopConfiguration();
  }

  /** The columns of files of one schema, and where their rows are from. */
  Dataset<Row> located(Dataset<Row> rows, StructType schema) {
    return located(rows, chosen(schema, List.of()));
  }

  private static Dataset<Row> located(Dataset<Row> rows, List<Column> chosen) {
    List<Column> all = new ArrayList<>(chosen);
    all.add(col("_metadata.file_path").as("file"));
    all.add(col("_metadata.file_block_start").as("start"));
    return rows.select(all.toArray(Column[]::new));
  }

  /** The files that hold anything, all of the configured format by their first bytes. */
  private List<Path> filled(Source source, List<Path> files) {
    FileKind expected = settings.format() == InputFormat.ORC ? FileKind.ORC : FileKind.PARQUET;
    List<Path> filled = new ArrayList<>();
    for (Optional<Path> file :
        FileHeads.map(configuration(), files, head -> checked(source, head, expected))) {
      file.ifPresent(filled::add);
    }
    return filled;
  }

  private Optional<Path> checked(Source source, FileHead head, FileKind expected) {
    if (head.bytes().length == 0) {
      return Optional.empty();
    }
    Optional<FileKind> kind = head.kind();
    if (kind.isEmpty()) {
      throw unreadable(
          source,
          head.file() + " looks like text. Set format to csv, tsv, delimited or jsonl.",
          null);
    }
    if (kind.get() != expected) {
      throw unreadable(
          source, head.file() + " is " + kind.get().what() + ". " + kind.get().remedy(), null);
    }
    return Optional.of(head.file());
  }

  private BadInputException unreadable(Source source, String why, Exception cause) {
    return new BadInputException(
        source.key()
            + " = \""
            + String.join(",", source.paths())
            + "\" cannot be read as "
            + settings.format()
            + ": "
            + why,
        cause);
  }

  /** A path that Spark does not take for a pattern. */
  private static String literal(Path file) {
    return file.toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
  }

  /** The five columns of a table whose schema Spark knows; those that the path gives are null. */
  private List<Column> chosen(StructType schema, List<Path> files) {
    List<Column> chosen = new ArrayList<>();
    for (int n = 0; n < Columns.KEYS.size(); n++) {
      String name = settings.columns().named(n);
      Optional<Column> found = name == null ? Optional.empty() : find(schema, name, "");
      if (name != null && found.isEmpty() && !inPaths(files, name)) {
        throw Columns.missing(Columns.KEYS.get(n), name, List.of(schema.fieldNames()));
      }
      chosen.add(found.orElse(nothing()).as(Columns.KEYS.get(n)));
    }
    return chosen;
  }

  private static boolean inPaths(List<Path> files, String name) {
    return !files.isEmpty()
        && files.stream().allMatch(file -> PathColumns.has(file.toString(), name));
  }

  static Column nothing() {
    return lit(null).cast("string");
  }

  /** The column of this name, or at the end of this path through structs. */
  private static Optional<Column> find(StructType schema, String name, String prefix) {
    for (StructField field : schema.fields()) {
      String quoted = prefix + quoted(field.name());
      if (field.name().equals(name)) {
        return Optional.of(bytes(col(quoted), field.dataType()));
      }
    }
    for (StructField field : schema.fields()) {
      if (field.dataType() instanceof StructType inner && name.startsWith(field.name() + ".")) {
        String rest = name.substring(field.name().length() + 1);
        Optional<Column> found = find(inner, rest, prefix + quoted(field.name()) + ".");
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static Column bytes(Column column, DataType type) {
    return type instanceof StringType ? column.cast("binary") : column;
  }
}
