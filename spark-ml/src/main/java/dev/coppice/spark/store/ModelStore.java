package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.Leftovers;
import dev.coppice.files.WholeTable;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.RowTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files of a saved model (docs/design.md section 8): {@code metadata/} (Spark ML's own), {@code
 * coppice.json}, {@code users/} and {@code items/} (Parquet: {@code id} string, {@code dims},
 * {@code weights}, {@code degree}).
 *
 * <p>Written to a temporary sibling and renamed; an older model is moved aside until then, so that
 * a failure at any point leaves the old or the new one, whole.
 */
public final class ModelStore {
  private static final String JSON = "coppice.json";
  private static final String METADATA = "metadata";
  private static final String USERS = "users";
  private static final String ITEMS = "items";

  private static final String REMEDY = "Save the model again, or restore its files.";

  // Given, not inferred: inference sends schemas between processes.
  private static final StructType SCHEMA =
      new StructType()
          .add(RowTable.ID, DataTypes.StringType)
          .add(RowTable.DIMS, DataTypes.createArrayType(DataTypes.ShortType, false))
          .add(RowTable.WEIGHTS, DataTypes.createArrayType(DataTypes.FloatType, false))
          .add(RowTable.DEGREE, DataTypes.IntegerType);

  private static final StructType IMPORTANT =
      SCHEMA.add(RowTable.IMPORTANCE, DataTypes.createArrayType(DataTypes.ByteType, false));

  private ModelStore() {}

  /**
   * Saves a model.
   *
   * @param overwrite whether something that is there may be replaced
   * @throws IOException if something is there and must not be replaced, or the files cannot be
   *     written
   */
  public static void save(
      DynamicSparseALSModel model,
      RowTable users,
      RowTable items,
      SparkSession session,
      String path,
      boolean overwrite)
      throws IOException {
    FileSystem files = files(session, path);
    Path target = files.makeQualified(new Path(path));
    if (files.exists(target) && !overwrite) {
      throw new IOException(
          "Path "
              + path
              + " already exists; choose another, or replace it with"
              + " write().overwrite().save(path)");
    }
    Path temporary = sibling(target, "tmp");
    boolean published = false;
    try {
      new DefaultParamsWriter(model).save(temporary.toString());
      write(users, new Path(temporary, USERS));
      write(items, new Path(temporary, ITEMS));
      String json =
          ModelJson.write(
              new ModelJson.Content(
                  model.info(), users.idType(), items.idType(), users.size(), items.size()));
      try (FSDataOutputStream out = files.create(new Path(temporary, JSON), false)) {
        out.write(json.getBytes(StandardCharsets.UTF_8));
      }
      publish(files, temporary, target);
      published = true;
    } finally {
      // Not a catch: on local disks Hadoop tells of a full one by an Error.
      if (!published) {
        Leftovers.delete(files, temporary);
      }
    }
  }

  /**
   * Parquet lists the encodings of a column in the order of a set of enums, which is another one in
   * each process. Pages of version 2 without dictionaries have one encoding a column, so equal
   * models are equal files.
   */
  private static void write(RowTable table, Path path) {
    table
        .rows()
        .withColumn(RowTable.ID, functions.col(RowTable.ID).cast("string"))
        .write()
        .option("parquet.writer.version", "PARQUET_2_0")
        .option("parquet.enable.dictionary", "false")
        .option("compression", "zstd")
        .parquet(path.toString());
  }

  private static void publish(FileSystem files, Path temporary, Path target) throws IOException {
    Path aside = null;
    if (files.exists(target)) {
      aside = sibling(target, "old");
      rename(files, target, aside);
    }
    try {
      rename(files, temporary, target);
    } catch (IOException e) {
      if (aside != null) {
        rename(files, aside, target);
      }
      throw e;
    }
    if (aside != null) {
      files.delete(aside, true);
    }
  }

  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  private static Path sibling(Path path, String kind) {
    return new Path(path.getParent(), "." + path.getName() + "." + kind + "-" + UUID.randomUUID());
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @throws BadInputException if the path holds no model, or one of a newer format
   */
  public static DynamicSparseALSModel load(SparkSession session, String path) {
    ModelJson.Content content = ModelJson.read(path, json(session, path));
    DynamicSparseALSModel params = params(session, path);
    return params.withTables(
        content.info(),
        read(
            session,
            path,
            USERS,
            content.userIds(),
            content.users(),
            content.info().userBytes().importanceBytes() > 0),
        read(
            session,
            path,
            ITEMS,
            content.itemIds(),
            content.items(),
            content.info().itemBytes().importanceBytes() > 0));
  }

  private static DynamicSparseALSModel params(SparkSession session, String path) {
    try {
      // Asked first, because Spark logs a stack trace for a path that is not there.
      if (!files(session, path).exists(new Path(path, METADATA))) {
        throw new FileNotFoundException("it is missing");
      }
      return new DefaultParamsReader<DynamicSparseALSModel>().load(path);
    } catch (IOException | RuntimeException e) {
      throw new BadInputException(
          path + "/" + METADATA + " cannot be read: " + e.getMessage() + ". " + REMEDY, e);
    }
  }

  private static RowTable read(
      SparkSession session,
      String path,
      String part,
      IdType type,
      RowTable.Size size,
      boolean important) {
    StructType schema = important ? IMPORTANT : SCHEMA;
    Dataset<Row> rows = WholeTable.read(session, schema, new Path(path, part), size.rows(), REMEDY);
    return new RowTable(
            path + "/" + part,
            rows.withColumn(RowTable.ID, functions.col(RowTable.ID).cast(type.sqlType())))
        .withSize(size);
  }

  private static String json(SparkSession session, String path) {
    Path file = new Path(path, JSON);
    try {
      FileSystem files = files(session, path);
      try (FSDataInputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (FileNotFoundException e) {
        boolean there = files.exists(new Path(path));
        throw new BadInputException(
            path
                + (there
                    ? " holds no coppice.json: it is no saved Coppice model"
                    : " does not exist")
                + "; give the directory that a model was saved to",
            e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static FileSystem files(SparkSession session, String path) throws IOException {
    return new Path(path).getFileSystem(session.sparkContext().hadoopConfiguration());
  }
}
