package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.WholeTable;
import dev.coppice.spark.table.RowTable;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
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
 * them; where clients have neighbours, {@code pairs/} (Parquet: {@link GatedPairs}).
 */
public final class GatedStore {
  /** Marks a directory as a saved federation. */
  public static final String JSON = "federation.json";

  private static final String LAYOUT = "layout";
  private static final String GLOBAL = "model";
  private static final String CLIENTS = "clients";
  private static final String PAIRS = "pairs";
  private static final String REMEDY = "Save the federation again, or restore its files.";

  private static final SavedDirectory SAVED =
      new SavedDirectory(JSON, "saved federation", "federate or a GatedFederationModel");

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
   * The stages whose class, uid and Params are saved beside the tables.
   *
   * @param federation the whole
   * @param global the global model
   * @param clients the models of the clients, by number
   */
  public record Stages(Params federation, Params global, IntFunction<? extends Params> clients) {}

  /**
   * Saves a federation, whole or not at all.
   *
   * @param overwrite whether a federation that is there may be replaced
   * @throws IOException if something is there and must not be replaced, or the files cannot be
   *     written
   */
  public static void save(
      Stages stages, GatedTables tables, SparkSession session, String path, boolean overwrite)
      throws IOException {
    SavedDirectory.check(session, path, overwrite);
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    try (AtomicDirectory directory = new AtomicDirectory(hadoop, "path", path, overwrite, JSON)) {
      write(stages, tables, session, directory.temporary());
      directory.publish();
    }
  }

  /**
   * Writes the files into a directory that is not there yet, one by one.
   *
   * @param place nothing reads it before all is written
   */
  public static void write(Stages stages, GatedTables tables, SparkSession session, Path place)
      throws IOException {
    new DefaultParamsWriter(stages.federation()).save(place.toString());
    ModelStore.write(stages.global(), tables.global(), session, new Path(place, GLOBAL));
    List<GatedClient> clients = tables.clients();
    for (int number = 0; number < clients.size(); number++) {
      ModelStore.write(
          stages.clients().apply(number),
          tables.client(number),
          session,
          client(place, clients.get(number)));
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
    GatedJson.Pairs pairs = null;
    if (tables.pairs().isPresent()) {
      GatedPairs sent = tables.pairs().get();
      sent.rows().orderBy("item").coalesce(1).write().parquet(new Path(place, PAIRS).toString());
      pairs = new GatedJson.Pairs(sent.rows().count(), sent.historyDebias());
    }
    String json =
        GatedJson.write(
            new GatedJson.Content(
                tables.layout(), tables.global().items().size().rows(), tables.clients(), pairs));
    FileSystem files = place.getFileSystem(session.sparkContext().hadoopConfiguration());
    AtomicDirectory.writeText(files, new Path(place, JSON), json);
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @param type class of the federation's stage
   * @param model class of the stages of the models in it
   * @return all but the stages, see {@link #stage}
   * @throws BadInputException if the path holds no federation, or one of a newer format
   */
  public static GatedTables load(
      SparkSession session,
      String path,
      Class<? extends Params> type,
      Class<? extends Params> model) {
    Path place = new Path(path);
    Path file = new Path(place, JSON);
    GatedJson.Content content = GatedJson.read(file.toString(), SAVED.read(session, path));
    StageMetadata.require(session, path, type, REMEDY);
    StoredModel global = ModelStore.load(session, new Path(place, GLOBAL).toString(), model);
    Dataset<Row> users = null;
    Dataset<Row> items = null;
    List<GatedClient> clients = content.clients();
    for (int number = 0; number < clients.size(); number++) {
      StoredModel client =
          ModelStore.load(session, client(place, clients.get(number)).toString(), model);
      users = stacked(users, client.users().rows(), number);
      items = stacked(items, client.items().rows(), number);
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
                RowTable.ID, functions.col(RowTable.ID).cast(global.items().idType().sqlType())),
            known.users(),
            known.interactions(),
            known.rounds());
    GatedPairs pairs =
        content.pairs() == null
            ? null
            : new GatedPairs(
                WholeTable.read(
                    session,
                    GatedPairs.SCHEMA,
                    new Path(place, PAIRS),
                    content.pairs().rows(),
                    REMEDY),
                content.pairs().historyDebias());
    return new GatedTables(global, clients, users, items, layout, pairs);
  }

  /**
   * Makes the stage that a federation was saved with.
   *
   * @param path passed {@link #load}
   * @param type the class that was asked for there
   * @throws BadInputException if there are Params or values that its class does not know
   */
  public static <T extends Params> T stage(String path, Class<T> type) {
    return StageMetadata.stage(path, type, REMEDY);
  }

  private static Dataset<Row> stacked(Dataset<Row> above, Dataset<Row> rows, int client) {
    Dataset<Row> numbered = rows.withColumn(GatedTables.CLIENT, functions.lit(client));
    return above == null ? numbered : above.unionByName(numbered);
  }
}
