package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.WholeTable;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.GatedFederationModel;
import dev.coppice.spark.table.RowTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
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
 * The files of a saved federation: {@code metadata/} (Spark ML's own), {@code federation.json}
 * ({@link GatedJson}), {@code layout/} (Parquet: {@code index}, {@code id} string, {@code bucket}),
 * {@code model/} (the global one) and {@code clients/NAME/}, these two as {@link ModelStore} has
 * them.
 */
public final class GatedStore {
  /** Marks a directory as a saved federation. */
  public static final String JSON = "federation.json";

  private static final String LAYOUT = "layout";
  private static final String GLOBAL = "model";
  private static final String CLIENTS = "clients";
  private static final String REMEDY = "Save the federation again, or restore its files.";

  private static final StructType LAYOUT_SCHEMA =
      new StructType()
          .add("index", DataTypes.LongType)
          .add(RowTable.ID, DataTypes.StringType)
          .add("bucket", DataTypes.IntegerType);

  private GatedStore() {}

  /** Returns where a client's model lies under a federation's directory. */
  public static Path client(Path federation, GatedClient client) {
    return new Path(new Path(federation, CLIENTS), client.directory());
  }

  /**
   * Saves a federation, whole or not at all.
   *
   * @param overwrite whether a federation that is there may be replaced
   * @throws IOException if something is there and must not be replaced, or the files cannot be
   *     written
   */
  public static void save(
      GatedFederationModel model, SparkSession session, String path, boolean overwrite)
      throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    if (!overwrite && new Path(path).getFileSystem(hadoop).exists(new Path(path))) {
      throw new IOException(
          "Path "
              + path
              + " already exists; choose another, or replace it with"
              + " write().overwrite().save(path)");
    }
    try (AtomicDirectory directory = new AtomicDirectory(hadoop, "path", path, overwrite, JSON)) {
      write(model, session, directory.temporary());
      directory.publish();
    }
  }

  /**
   * Writes the files into a directory that is not there yet, one by one.
   *
   * @param place nothing reads it before all is written
   */
  public static void write(GatedFederationModel model, SparkSession session, Path place)
      throws IOException {
    GatedTables tables = model.tables();
    new DefaultParamsWriter(model).save(place.toString());
    model.global().write().save(new Path(place, GLOBAL).toString());
    for (GatedClient client : tables.clients()) {
      model.client(client.name()).write().save(client(place, client).toString());
    }
    Dataset<Row> layout =
        tables
            .layout()
            .items()
            .select(
                functions.col("index"),
                functions.col(RowTable.ID).cast(DataTypes.StringType),
                functions.col("bucket"));
    layout.orderBy("index").coalesce(1).write().parquet(new Path(place, LAYOUT).toString());
    String json =
        GatedJson.write(
            new GatedJson.Content(
                tables.layout(), tables.global().itemTable().size().rows(), tables.clients()));
    FileSystem files = place.getFileSystem(session.sparkContext().hadoopConfiguration());
    try (FSDataOutputStream out = files.create(new Path(place, JSON), false)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @throws BadInputException if the path holds no federation, or one of a newer format
   */
  public static GatedFederationModel load(SparkSession session, String path) {
    Path place = new Path(path);
    Path file = new Path(place, JSON);
    GatedJson.Content content = GatedJson.read(file.toString(), json(session, path, file));
    DynamicSparseALSModel global = ModelStore.load(session, new Path(place, GLOBAL).toString());
    Dataset<Row> users = null;
    Dataset<Row> items = null;
    List<GatedClient> clients = content.clients();
    for (int number = 0; number < clients.size(); number++) {
      DynamicSparseALSModel client =
          ModelStore.load(session, client(place, clients.get(number)).toString());
      users = stacked(users, client.userRows(), number);
      items = stacked(items, client.itemRows(), number);
    }
    if (users == null) {
      throw new BadInputException(file + " names no client. " + REMEDY);
    }
    Dataset<Row> rows =
        WholeTable.read(session, LAYOUT_SCHEMA, new Path(place, LAYOUT), content.items(), REMEDY);
    GatedLayout known = content.layout();
    GatedLayout layout =
        new GatedLayout(
            known.buckets(),
            known.dimGroups(),
            known.groupOf(),
            rows.withColumn(
                RowTable.ID,
                functions.col(RowTable.ID).cast(global.itemTable().idType().sqlType())),
            known.users(),
            known.interactions(),
            known.rounds());
    return params(path).withTables(new GatedTables(global, clients, users, items, layout));
  }

  private static GatedFederationModel params(String path) {
    try {
      return new DefaultParamsReader<GatedFederationModel>().load(path);
    } catch (RuntimeException e) {
      throw new BadInputException(
          path + "/metadata cannot be read: " + e.getMessage() + ". " + REMEDY, e);
    }
  }

  private static Dataset<Row> stacked(Dataset<Row> above, Dataset<Row> rows, int client) {
    Dataset<Row> numbered =
        rows.select(
            functions.lit(client).as(GatedTables.CLIENT),
            functions.col(RowTable.ID),
            functions.col(RowTable.DIMS),
            functions.col(RowTable.WEIGHTS),
            functions.col(RowTable.DEGREE));
    return above == null ? numbered : above.union(numbered);
  }

  private static String json(SparkSession session, String path, Path file) {
    try {
      FileSystem files = file.getFileSystem(session.sparkContext().hadoopConfiguration());
      try (FSDataInputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (FileNotFoundException e) {
        throw new BadInputException(
            path
                + (files.exists(new Path(path))
                    ? " holds no federation.json: it is no saved federation"
                    : " does not exist")
                + "; give the directory that federate or a GatedFederationModel was saved to",
            e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
