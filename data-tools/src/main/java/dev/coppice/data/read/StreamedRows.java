package dev.coppice.data.read;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.error.UsageException;
import dev.coppice.data.Part;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.types.StructType;

/**
 * Interactions as they come, in the columns of {@link ParsedRows}: by the rules that {@link
 * InteractionsReader} has for what is there already, but for what it finds out by looking at files
 * first. So the columns are told, and text is UTF-8.
 */
public final class StreamedRows {
  private final SparkSession spark;
  private final ReadSettings settings;
  private final List<String> names;

  /**
   * A reader.
   *
   * @param settings of a form that {@link #isStreamed}
   * @param names of the columns, in their order, for the delimited forms; with {@link
   *     ReadSettings#header} each file begins with them
   */
  public StreamedRows(SparkSession spark, ReadSettings settings, List<String> names) {
    this.spark = spark;
    this.settings = settings;
    this.names = List.copyOf(names);
  }

  /** Whether rows of a form can be told apart without having seen the files. */
  public static boolean isStreamed(InputFormat format) {
    return format.isDelimited()
        || format == InputFormat.JSONL
        || format == InputFormat.PARQUET
        || format == InputFormat.ORC;
  }

  /**
   * Finds the columns of the delimited forms.
   *
   * @throws UsageException if one is not among the names
   */
  public static Columns.Positions positions(Columns columns, List<String> names) {
    return columns.resolve(names, names.size(), name -> false);
  }

  /**
   * Reads the files of a directory, and those that are put there later.
   *
   * @param schema of Parquet and ORC files; not looked at for text
   * @param filesPerBatch files of a micro-batch at most
   */
  public Dataset<Row> files(String directory, StructType schema, int filesPerBatch) {
    DataStreamReader reader =
        spark
            .readStream()
            .option("recursiveFileLookup", "true")
            .option("maxFilesPerTrigger", filesPerBatch);
    if (settings.format().isText()) {
      return parsed(
          located(reader.text(directory).withColumn("value", col("value").cast("binary"))));
    }
    Dataset<Row> rows = reader.schema(schema).format(settings.format().name()).load(directory);
    ColumnInput columns = new ColumnInput(spark, settings);
    return columns
        .located(rows, schema)
        .mapPartitions(columns.parser(Part.TRAIN, true), ParsedRows.encoder());
  }

  private static Dataset<Row> located(Dataset<Row> rows) {
    return rows.select(
        col("value"),
        col("_metadata.file_path").as("file"),
        col("_metadata.file_block_start").as("start"));
  }

  /**
   * Reads messages, each a text of its own; without a value or blank, it is passed over.
   *
   * @param messages {@code value} (binary), {@code topic}, {@code partition}, {@code offset}, as of
   *     Kafka
   */
  public Dataset<Row> messages(Dataset<Row> messages) {
    // A message is to the parser what a split of a file is: nothing goes on in the next one. The
    // first one would be looked at for a header.
    return parsed(
        messages.select(
            coalesce(col("value"), lit(new byte[0])).as("value"),
            concat_ws("/", col("topic"), col("partition")).as("file"),
            col("offset").plus(1).as("start")));
  }

  private Dataset<Row> parsed(Dataset<Row> lines) {
    return lines.mapPartitions(
        new ParseLines(Part.TRAIN.code(), parsers(), TextEncoding.utf8(), Map.of()),
        ParsedRows.encoder());
  }

  private FileParsers parsers() {
    Fields fields = settings.fields();
    Columns columns = settings.columns();
    if (settings.format() == InputFormat.JSONL) {
      return file -> new JsonLineParser(columns, fields);
    }
    FieldSplitter splitter = new FieldSplitter(settings.delimiter(), settings.quote());
    DelimitedLineParser.Layout layout =
        new DelimitedLineParser.Layout(
            settings.header() ? names : null, names.size(), positions(columns, names));
    return file -> new DelimitedLineParser(splitter, layout, fields);
  }
}
