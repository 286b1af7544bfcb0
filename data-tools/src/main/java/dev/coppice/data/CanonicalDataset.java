package dev.coppice.data;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileFault;
import dev.coppice.files.WholeTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A prepared data set: a directory of
 *
 * <pre>
 * manifest.json                        counts, fingerprint, source, configuration
 * interactions/part=train|validation|test|candidates/   Parquet: INTERACTIONS
 * users/  items/                       Parquet: DICTIONARY, indices 0 .. n-1 each once
 * rejected/                            Parquet: reason, file, line, text; only if rows were bad
 * </pre>
 *
 * <p>A pair of user and item is in at most one of train, validation and test, and there once.
 */
public final class CanonicalDataset {
  /**
   * Columns of the parts: {@code user} and {@code item} are indices into the dictionaries, {@code
   * weight} is finite and at least 0, {@code time} is in epoch milliseconds.
   */
  public static final StructType INTERACTIONS =
      new StructType()
          .add("user", DataTypes.IntegerType, false)
          .add("item", DataTypes.IntegerType, false)
          .add("weight", DataTypes.FloatType, false)
          .add("time", DataTypes.LongType)
          .add("group", DataTypes.StringType);

  /** Columns of the dictionaries. */
  public static final StructType DICTIONARY =
      new StructType()
          .add("index", DataTypes.IntegerType, false)
          .add("id", DataTypes.StringType, false);

  /**
   * Rows of parts and dictionaries together up to which a data set, or what becomes one, is small.
   */
  public static final long SMALL = 200_000;

  private final SparkSession spark;
  private final Path root;
  private final Manifest manifest;
  private final Map<String, Dataset<Row>> tables = new HashMap<>();

  private CanonicalDataset(SparkSession spark, Path root, Manifest manifest) {
    this.spark = spark;
    this.root = root;
    this.manifest = manifest;
  }

  /**
   * Opens a data set; reads its manifest alone.
   *
   * @throws BadInputException if {@code path} is not a data set, or one of a newer format
   */
  public static CanonicalDataset open(SparkSession spark, String path) {
    Path root = new Path(path);
    Path file = new Path(root, Manifest.FILE);
    try {
      FileSystem fs = root.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (!fs.exists(root)) {
        throw new BadInputException(
            "\"" + path + "\" is not there. Give the output of prepare, or run prepare first.");
      }
      if (!fs.exists(file)) {
        throw new BadInputException(
            "\""
                + path
                + "\" is not a data set: it has no "
                + Manifest.FILE
                + ". Give the output of prepare, or run prepare first.");
      }
      try (InputStream in = fs.open(file)) {
        String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new CanonicalDataset(spark, root, Manifest.parse(json, file.toString()));
      }
    } catch (IOException e) {
      String message = "\"" + path + "\" cannot be read: " + e.getMessage();
      throw FileFault.explains(e)
          ? new BadInputException(message, e)
          : new UncheckedIOException(message, e);
    }
  }

  /** Where it lies. */
  public String path() {
    return root.toString();
  }

  /** Counts, fingerprint and origin. */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * Whether the data set is so small that Spark takes longer to plan and to start steps than the
   * steps take. Its tables have one partition each then: rows that lie together need no shuffle.
   */
  public boolean isSmall() {
    return manifest.users() + manifest.items() + interactions() <= SMALL;
  }

  /** The number of rows of all parts. */
  public long interactions() {
    return Arrays.stream(Part.values()).mapToLong(manifest::rows).sum();
  }

  /** Rows of the data set, such as two parts behind each other: in one partition if it is small. */
  public Dataset<Row> together(Dataset<Row> rows) {
    return together(List.of(this), rows);
  }

  /** As above, for rows of several data sets. */
  public static Dataset<Row> together(List<CanonicalDataset> sets, Dataset<Row> rows) {
    return areSmall(sets) ? rows.coalesce(1) : rows;
  }

  private static boolean areSmall(List<CanonicalDataset> sets) {
    return sets.stream().allMatch(CanonicalDataset::isSmall);
  }

  /**
   * Rows of the data set as the right side of a join: where it is small, Spark puts them into a
   * table of hashes in the task that joins, and has no job to broadcast them.
   */
  public Dataset<Row> toJoin(Dataset<Row> rows) {
    return isSmall() ? rows.hint("shuffle_hash") : rows;
  }

  /**
   * Joins rows of the data set: in one task and without a shuffle if it is small.
   *
   * @param how a join type of Spark, such as {@code inner}
   */
  public Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, String how, String... columns) {
    return join(List.of(this), left, right, how, columns);
  }

  /** As above, for rows of several data sets. */
  public static Dataset<Row> join(
      List<CanonicalDataset> sets,
      Dataset<Row> left,
      Dataset<Row> right,
      String how,
      String... columns) {
    // Also after another join: Spark does not see that its rows lie in one partition.
    return areSmall(sets)
        ? left.coalesce(1).join(right.coalesce(1).hint("shuffle_hash"), columns, how)
        : left.join(right, columns, how);
  }

  /** The train part, without validation. */
  public Dataset<Row> train() {
    return part(Part.TRAIN);
  }

  /** The validation part; empty if none was taken. */
  public Dataset<Row> validation() {
    return part(Part.VALIDATION);
  }

  /** Train and validation together, for the refit on all that may be learnt from. */
  public Dataset<Row> trainAndValidation() {
    return manifest.rows(Part.VALIDATION) == 0 ? train() : together(train().union(validation()));
  }

  /** The test part; empty if none was split off. */
  public Dataset<Row> test() {
    return part(Part.TEST);
  }

  /** Columns {@code user} and {@code item}: what each test item is ranked against; may be empty. */
  public Dataset<Row> candidates() {
    return part(Part.CANDIDATES).select("user", "item");
  }

  /**
   * A part, with the columns {@link #INTERACTIONS}.
   *
   * @throws BadInputException if its files are not whole
   */
  public Dataset<Row> part(Part part) {
    if (manifest.rows(part) == 0) {
      return spark.createDataFrame(List.of(), INTERACTIONS);
    }
    return table("interactions/part=" + part.key(), INTERACTIONS, manifest.rows(part));
  }

  /** The users: columns {@link #DICTIONARY}. */
  public Dataset<Row> users() {
    return table("users", DICTIONARY, manifest.users());
  }

  /** The items: columns {@link #DICTIONARY}. */
  public Dataset<Row> items() {
    return table("items", DICTIONARY, manifest.items());
  }

  /** A table, read and checked the first time only. */
  private synchronized Dataset<Row> table(String name, StructType schema, long rows) {
    return tables.computeIfAbsent(
        name,
        directory ->
            together(
                WholeTable.read(
                    spark, schema, new Path(root, directory), rows, "Prepare the data again.")));
  }

  /** Bad rows: columns {@code reason}, {@code file}, {@code line} (from 1) and {@code text}. */
  public Dataset<Row> rejected() {
    return manifest.rejectedRows() == 0
        ? spark.createDataFrame(List.of(), REJECTED)
        : table("rejected", REJECTED, manifest.rejectedRows());
  }

  /** Columns of rejected rows. */
  public static final StructType REJECTED =
      new StructType()
          .add("reason", DataTypes.StringType, false)
          .add("file", DataTypes.StringType, false)
          .add("line", DataTypes.LongType)
          .add("text", DataTypes.StringType);
}
