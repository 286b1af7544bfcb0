package dev.coppice.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.Part;
import dev.coppice.files.FileFault;
import dev.coppice.files.InputFiles;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the inputs of all parts into one table of {@link ParsedRows}. */
public final class InteractionsReader {
  private final SparkSession spark;
  private final ReadSettings settings;
  // (value, file, start) of every text input, to count lines if a bad row asks for it.
  private final List<Dataset<Row>> located = new ArrayList<>();
  private Dataset<Row> parsed;

  /** A reader of inputs that share one form. */
  public InteractionsReader(SparkSession spark, ReadSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Adds an input.
   *
   * @throws BadInputException if it is not there
   * @throws UsageException if a named column is not in it
   */
  public void add(Part part, Source source) {
    Dataset<Row> rows =
        settings.format().isText() ? readLines(part, source) : readColumns(part, source);
    append(rows);
  }

  /** Adds lists of negatives in the NCF form as {@link Part#CANDIDATES}. */
  public void addNegatives(Source source) {
    InputFiles.list(configuration(), source.key(), source.paths());
    append(parse(Part.CANDIDATES, lines(source), new NegativesLineParser()));
  }

  /** All rows of all inputs, in the columns of {@link ParsedRows#SCHEMA}. */
  public Dataset<Row> rows() {
    return parsed;
  }

  /** Lines before each split; reads the inputs once more. */
  public SplitOffsets countLines() {
    return located.stream()
        .reduce(Dataset::union)
        .map(SplitOffsets::count)
        .orElseGet(() -> new SplitOffsets(List.of()));
  }

  private void append(Dataset<Row> rows) {
    parsed = parsed == null ? rows : parsed.union(rows);
  }

  private Configuration configuration() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private Dataset<Row> readLines(Part part, Source source) {
    List<Path> files = InputFiles.list(configuration(), source.key(), source.paths());
    if (settings.format() == InputFormat.CITEULIKE && files.size() > 1) {
      throw new UsageException(
          source.key()
              + ": the line number is the user in format citeulike, so it takes one file, and "
              + files.size()
              + " were found. Give one file.");
    }
    return parse(part, lines(source), parser(files));
  }

  private Dataset<Row> lines(Source source) {
    return spark
        .read()
        .option("recursiveFileLookup", "true")
        .text(source.paths().toArray(String[]::new))
        .select(
            col("value"),
            col("_metadata.file_path").as("file"),
            col("_metadata.file_block_start").as("start"));
  }

  private Dataset<Row> parse(Part part, Dataset<Row> lines, LineParser parser) {
    located.add(lines.select("file", "start"));
    Map<String, Long> before =
        parser.needsLineNumbers() ? SplitOffsets.count(lines).asMap() : Map.of();
    return lines.mapPartitions(new ParseLines(part.code(), parser, before), ParsedRows.encoder());
  }

  private LineParser parser(List<Path> files) {
    return switch (settings.format()) {
      case JSONL -> new JsonLineParser(settings.columns(), settings.fields());
      case LIGHTGCN -> new ItemsPerUserLineParser(false);
      case CITEULIKE -> new ItemsPerUserLineParser(true);
      default -> delimitedParser(files);
    };
  }

  private LineParser delimitedParser(List<Path> files) {
    FieldSplitter splitter = new FieldSplitter(settings.delimiter(), settings.quote());
    // Without a first line there is nothing to parse either.
    String first = InputFiles.firstLine(configuration(), files).orElse("");
    List<String> names = splitter.split(first);
    if (names == null) {
      throw new BadInputException(
          files.get(0)
              + ", line 1: a quote is not closed. Correct the file, or set quote (none for no"
              + " quotes).");
    }
    if (first.isEmpty()) {
      return new DelimitedLineParser(
          splitter, new Columns.Positions(0, 0, -1, -1, -1), 1, settings.fields(), null);
    }
    Columns.Positions positions =
        settings.columns().resolve(settings.header() ? names : null, names.size());
    return new DelimitedLineParser(
        splitter, positions, names.size(), settings.fields(), settings.header() ? first : null);
  }

  private Dataset<Row> readColumns(Part part, Source source) {
    boolean table = settings.format() == InputFormat.TABLE;
    Dataset<Row> rows = table ? readTable(source) : readFiles(source);
    Columns columns = settings.columns();
    Dataset<Row> chosen =
        rows.select(
            column(rows, "userCol", columns.user()),
            column(rows, "itemCol", columns.item()),
            column(rows, "weightCol", columns.weight()),
            column(rows, "timeCol", columns.time()),
            column(rows, "groupCol", columns.group()),
            (table ? lit(source.paths().get(0)) : col("_metadata.file_path")).as("file"),
            (table ? lit(0L) : col("_metadata.file_block_start")).as("start"));
    if (!table) {
      located.add(chosen.select("file", "start"));
    }
    return chosen.mapPartitions(
        new ParseColumns(part.code(), settings.fields(), !table), ParsedRows.encoder());
  }

  private Dataset<Row> readTable(Source source) {
    String name = String.join(",", source.paths());
    try {
      return spark.table(name);
    } catch (Exception e) {
      // Spark declares no checked exception here, yet throws one (AnalysisException).
      if (e instanceof AnalysisException) {
        throw new BadInputException(
            source.key() + " = \"" + name + "\": Spark finds no such table. Correct the name.", e);
      }
      throw e;
    }
  }

  private Dataset<Row> readFiles(Source source) {
    InputFiles.list(configuration(), source.key(), source.paths());
    String[] paths = source.paths().toArray(String[]::new);
    try {
      return settings.format() == InputFormat.ORC
          ? spark.read().orc(paths)
          : spark.read().parquet(paths);
    } catch (Exception e) {
      // As above. Schemas are read by tasks, so a failure need not be that of a file.
      if (!FileFault.explains(e)) {
        throw e;
      }
      throw new BadInputException(
          source.key()
              + " = \""
              + String.join(",", paths)
              + "\" cannot be read as "
              + settings.format()
              + ": "
              + firstLine(e)
              + " Correct format or the path.",
          e);
    }
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static Column column(Dataset<Row> rows, String key, String name) {
    if (name == null) {
      return lit(null).cast("string").as(key);
    }
    List<String> names = Arrays.asList(rows.columns());
    if (!names.contains(name)) {
      throw Columns.missing(key, name, names);
    }
    return col("`" + name.replace("`", "``") + "`").as(key);
  }

  /** The text of {@code file} as a person would write it: Spark escapes it like a web address. */
  public static String readable(String file) {
    try {
      return new Path(new URI(file)).toString();
    } catch (URISyntaxException e) {
      return file;
    }
  }
}
