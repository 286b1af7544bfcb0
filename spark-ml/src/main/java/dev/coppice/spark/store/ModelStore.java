package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.WholeTable;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.io.IOException;
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
 * The files of a saved model (docs/design.md section 8): {@code metadata/} (Spark ML's own), {@code
 * coppice.json}, {@code users/} and {@code items/} (Parquet: {@code id} string, {@code dims},
 * {@code weights}, {@code degree}, and with neighbours the columns of links). Saving is all or
 * nothing, see {@link AtomicDirectory}.
 */
public final class ModelStore {
  private static final String JSON = "coppice.json";
  private static final String USERS = "users";
  private static final String ITEMS = "items";

  private static final String REMEDY = "Save the model again, or restore its files.";

  private static final SavedDirectory SAVED =
      new SavedDirectory(JSON, "saved Coppice model", "a model");

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
   * Saves a model, whole or not at all.
   *
   * @param stage of the model's class, with its uid and Params
   * @param overwrite whether something that is there may be replaced
   * @throws IOException if something is there and must not be replaced, or the files cannot be
   *     written
   */
  public static void save(
      Params stage, StoredModel model, SparkSession session, String path, boolean overwrite)
      throws IOException {
    SavedDirectory.check(session, path, overwrite);
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    try (AtomicDirectory directory = new AtomicDirectory(hadoop, "path", path, overwrite)) {
      write(stage, model, session, directory.temporary());
      directory.publish();
    }
  }

  /**
   * Writes the files into a directory that is not there yet, one by one.
   *
   * @param place nothing reads it before all is written
   */
  static void write(Params stage, StoredModel model, SparkSession session, Path place)
      throws IOException {
    RowTable users = model.users();
    RowTable items = model.items();
    new DefaultParamsWriter(stage).save(place.toString());
    write(users, new Path(place, USERS));
    write(items, new Path(place, ITEMS));
    String json =
        ModelJson.write(
            new ModelJson.Content(
                model.info(), ModelJson.Table.of(users), ModelJson.Table.of(items)));
    FileSystem files = place.getFileSystem(session.sparkContext().hadoopConfiguration());
    AtomicDirectory.writeText(files, new Path(place, JSON), json);
  }

  private static void write(RowTable table, Path path) {
    EqualFiles.write(
        table.rows().withColumn(RowTable.ID, functions.col(RowTable.ID).cast("string")),
        path.toString());
  }

  /**
   * Loads what {@link #save} wrote.
   *
   * @param type class of the stage that was saved
   * @return all but that stage, see {@link #stage}
   * @throws BadInputException if the path holds no model, or one of a newer format
   */
  public static StoredModel load(SparkSession session, String path, Class<? extends Params> type) {
    ModelJson.Content content = ModelJson.read(path, SAVED.read(session, path));
    StageMetadata.require(session, path, type, REMEDY);
    ModelInfo info = content.info();
    boolean userImportance = info.userBytes().importanceBytes() > 0;
    boolean itemImportance = info.itemBytes().importanceBytes() > 0;
    return new StoredModel(
        info,
        read(session, path, USERS, content.users(), userImportance),
        read(session, path, ITEMS, content.items(), itemImportance));
  }

  /**
   * Makes the stage that a model was saved with.
   *
   * @param path passed {@link #load}
   * @param type the class that was asked for there
   * @throws BadInputException if there are Params or values that its class does not know
   */
  public static <T extends Params> T stage(String path, Class<T> type) {
    return StageMetadata.stage(path, type, REMEDY);
  }

  private static RowTable read(
      SparkSession session, String path, String part, ModelJson.Table table, boolean important) {
    StructType schema = RowTable.withLinks(important ? IMPORTANT : SCHEMA, table.linkColumns());
    Dataset<Row> rows =
        WholeTable.read(session, schema, new Path(path, part), table.size().rows(), REMEDY);
    RowTable.Size size = table.size();
    Dataset<Row> all =
        RowTable.isSmall(size.rows(), size.stored() + size.links()) ? rows.coalesce(1) : rows;
    return new RowTable(
            path + "/" + part,
            all.withColumn(RowTable.ID, functions.col(RowTable.ID).cast(table.ids().sqlType())))
        .withSize(table.size());
  }
}
