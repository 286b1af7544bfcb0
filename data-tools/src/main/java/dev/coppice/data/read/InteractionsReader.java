package dev.coppice.data.read;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.Part;
import dev.coppice.files.FileHeads;
import dev.coppice.files.InputFiles;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the inputs of all parts into one table of {@link ParsedRows}. */
public final class InteractionsReader {
  private final SparkSession spark;
  private final ReadSettings settings;
  // (file, start) of every input of files, to count lines if a bad row asks for it.
  private final List<Dataset<Row>> located = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
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
    if (settings.format().isText()) {
      List<Path> files = list(source);
      if (settings.format() == InputFormat.CITEULIKE && files.size() > 1) {
        throw new UsageException(
            source.key()
                + ": the line number is the user in format citeulike, so it takes one file, and "
                + files.size()
                + " were found. Give one file.");
      }
      List<TextLook> looks = look(files);
      append(parse(part, source, looks, parsers(looks)));
      return;
    }
    ColumnInput columns = new ColumnInput(spark, settings);
    List<Dataset<Row>> tables =
        settings.format() == InputFormat.TABLE
            ? List.of(columns.table(source))
            : columns.files(source, list(source));
    boolean numbered = settings.format() != InputFormat.TABLE;
    for (Dataset<Row> rows : tables) {
      if (numbered) {
        located.add(rows.select("file", "start"));
      }
      append(rows.mapPartitions(columns.parser(part, numbered), ParsedRows.encoder()));
    }
  }

  /** Adds lists of negatives in the NCF form as {@link Part#CANDIDATES}. */
  public void addNegatives(Source source) {
    List<TextLook> looks = look(InputFiles.list(configuration(), source.key(), source.paths()));
    append(parse(Part.CANDIDATES, source, looks, file -> new NegativesLineParser()));
  }

  /** All rows of all inputs, in the columns of {@link ParsedRows#SCHEMA}. */
  public Dataset<Row> rows() {
    return parsed;
  }

  /** What the user should know of the files. */
  public List<String> remarks() {
    return List.copyOf(remarks);
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

  /** The files of a source, all with a group if the path is to give it. */
  private List<Path> list(Source source) {
    List<Path> files = InputFiles.list(configuration(), source.key(), source.paths());
    for (Path file : files) {
      if (settings.groupFromPath() != null && settings.paths().group(file.toString()) == null) {
        throw new BadInputException(
            source.key()
                + ": groupFromPath = \""
                + settings.groupFromPath()
                + "\" is not in the path "
                + file
                + ". Correct it, or give the files that it is in.");
      }
    }
    return files;
  }

  private List<TextLook> look(List<Path> files) {
    return FileHeads.map(configuration(), files, head -> TextLook.of(head, settings)).stream()
        .filter(look -> !look.lines().isEmpty())
        .toList();
  }

  private FileParsers parsers(List<TextLook> looks) {
    PathColumns paths = settings.paths();
    return switch (settings.format()) {
      case JSONL -> jsonParsers(settings.columns(), settings.fields(), paths);
      case LIGHTGCN, CITEULIKE -> {
        boolean counted = settings.format() == InputFormat.CITEULIKE;
        looks.forEach(look -> refuseHeader(look, counted));
        yield new ListFiles(counted, paths);
      }
      // Without a line there is nothing to parse either.
      default ->
          looks.isEmpty()
              ? file -> new NegativesLineParser()
              : DelimitedFiles.resolve(settings, paths, looks, remarks);
    };
  }

  private static FileParsers jsonParsers(Columns columns, Fields fields, PathColumns paths) {
    return file -> new JsonLineParser(columns, fields, paths.values(file));
  }

  private void refuseHeader(TextLook look, boolean counted) {
    List<String[]> ids =
        look.lines().stream()
            .map(line -> line.strip().split("[ \t]+"))
            .filter(words -> words.length > 1)
            .toList();
    if (!counted) {
      look.refuseHeader(ids, false, "Remove the line: this format has no header", remarks);
    }
  }

  /** The parsers of a form of one line a user. */
  private record ListFiles(boolean counted, PathColumns paths) implements FileParsers {
    @Override
    public LineParser of(String file) {
      return new ItemsPerUserLineParser(counted, paths.group(file));
    }

    @Override
    public boolean needsLineNumbers() {
      return counted;
    }
  }

  private Dataset<Row> parse(Part part, Source source, List<TextLook> looks, FileParsers parsers) {
    TextEncoding encoding = encoding(looks);
    Dataset<Row> lines = lines(source, encoding);
    located.add(lines.select("file", "start"));
    Map<String, Long> before =
        parsers.needsLineNumbers() ? SplitOffsets.count(lines).asMap() : Map.of();
    return lines.mapPartitions(
        new ParseLines(part.code(), parsers, encoding, before), ParsedRows.encoder());
  }

  /** The one encoding of the files. */
  private static TextEncoding encoding(List<TextLook> looks) {
    if (looks.isEmpty()) {
      return TextEncoding.utf8();
    }
    TextLook first = looks.get(0);
    for (TextLook look : looks) {
      if (!look.encoding().equals(first.encoding())) {
        throw new BadInputException(
            look.file()
                + " is in "
                + look.encoding()
                + ", and "
                + first.file()
                + " in "
                + first.encoding()
                + ". Prepare them one by one, or convert them.");
      }
    }
    return first.encoding();
  }

  private Dataset<Row> lines(Source source, TextEncoding encoding) {
    DataFrameReader reader = spark.read().option("recursiveFileLookup", "true");
    if (encoding.isWide()) {
      // A byte of a character may be the same as one of a line break.
      reader = reader.option("encoding", encoding.name()).option("lineSep", "\n");
    }
    return reader
        .text(source.paths().toArray(String[]::new))
        .select(
            col("value").cast("binary").as("value"),
            col("_metadata.file_path").as("file"),
            col("_metadata.file_block_start").as("start"));
  }

  /** The text of {@code file} as a person would write it: Spark escapes it like a web address. */
  public static String readable(String file) {
    try {
      return new Path(new URI(file)).toString();
    } catch (URISyntaxException e) {
      return file;
    }
  }

  /** The first line of a message. */
  static String firstLine(Exception e) {
    return Arrays.stream(String.valueOf(e.getMessage()).split("\n", 2)).findFirst().orElse("");
  }
}
