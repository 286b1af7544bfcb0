package dev.coppice.spark;

import dev.coppice.core.federate.GlobalState;
import dev.coppice.spark.store.GatedClient;
import dev.coppice.spark.store.GatedStore;
import dev.coppice.spark.store.GatedTables;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One sparse model a client beside a global one, of {@link GatedFederation}. A client's own model
 * is an ordinary {@link DynamicSparseALSModel} ({@link #client}).
 *
 * @since 0.1.0
 */
public final class GatedFederationModel extends SparseModel<GatedFederationModel> {
  private static final long serialVersionUID = 1L;

  private static final String CLIENT = "__coppice_client";
  private static final String USER = "__coppice_gated_user";
  private static final String ITEM = "__coppice_gated_item";

  /** Column that says which client a row belongs to. */
  public final Param<String> clientCol = declared.text(ScoringKeys.CLIENT_COL);

  private transient GatedTables tables;
  private transient FederationSummary summary;
  private transient Runnable release;

  /** For Spark's readers: a model with a fresh uid and without tables. */
  public GatedFederationModel() {
    this(org.apache.spark.ml.util.Identifiable.randomUID("gatedFederation"));
  }

  /** For Spark's readers: a model without tables. */
  public GatedFederationModel(String uid) {
    super(uid);
  }

  /** A model of given tables. */
  public GatedFederationModel(String uid, GatedTables tables) {
    this(uid);
    this.tables = tables;
  }

  /** Returns the same Params over other tables; for readers. */
  public GatedFederationModel withTables(GatedTables newTables) {
    GatedFederationModel other = copyValues(new GatedFederationModel(uid()), new ParamMap());
    other.tables = newTables;
    return other.setParent(parent());
  }

  /** Returns what the federation did, if this model was trained in this session. */
  public Optional<FederationSummary> summary() {
    return Optional.ofNullable(summary);
  }

  /**
   * Takes over what the tables were made by: Spark may have to make parts of them again.
   *
   * @param made frees it
   */
  void hold(Runnable made, FederationSummary told) {
    release = made;
    summary = told;
  }

  /** Returns what is held. */
  public GatedTables tables() {
    return tables;
  }

  /** Returns the names of the clients, ascending. */
  public List<String> clients() {
    return tables.clients().stream().map(GatedClient::name).toList();
  }

  /** Returns what is known of each client, in the order of {@link #clients}. */
  public List<GatedClient> clientFacts() {
    return tables.clients();
  }

  /** Returns the global model: the whole item table, with the rows of all users on it. */
  public DynamicSparseALSModel global() {
    return withColumns(new DynamicSparseALSModel(uid(), tables.global()));
  }

  /**
   * Returns a client's own model.
   *
   * @throws IllegalArgumentException if there is no such client
   */
  public DynamicSparseALSModel client(String name) {
    return client(tables.number(name));
  }

  private DynamicSparseALSModel client(int number) {
    String clientUid = uid() + "_" + tables.clients().get(number).directory();
    return withColumns(new DynamicSparseALSModel(clientUid, tables.client(number)));
  }

  private DynamicSparseALSModel withColumns(DynamicSparseALSModel model) {
    return model
        .setUserCol(getUserCol())
        .setItemCol(getItemCol())
        .setPredictionCol(getPredictionCol())
        .setColdStartStrategy(getColdStartStrategy())
        .setNumPartitions(getNumPartitions());
  }

  /**
   * Returns what the rounds ended with, on the driver: what new clients join.
   *
   * @throws IllegalStateException if the clients have neighbours, for which there are no rounds
   */
  public GlobalState globalState() {
    if (tables.pairs().isPresent()) {
      throw new IllegalStateException(
          "the clients have neighbours of items, for which there are no rounds: what new clients"
              + " join are the sums of pairs, and join() knows them");
    }
    return tables.globalState();
  }

  /**
   * Adds {@code predictionCol}, the product of the pair's two rows in the model of the row's
   * client.
   *
   * @throws IllegalArgumentException if a column is missing, of a wrong type, or exists already
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> out = dataset.toDF();
    Dataset<Row> keyed =
        out.withColumn(USER, key(text(getClientCol()), text(getUserCol())))
            .withColumn(ITEM, key(text(getClientCol()), text(getItemCol())));
    // One table of all clients' rows: its ids are client and id together.
    return new DynamicSparseALSModel(
            uid(), tables.global().info(), stacked(tables.users()), stacked(tables.items()))
        .setUserCol(USER)
        .setItemCol(ITEM)
        .setPredictionCol(getPredictionCol())
        .setColdStartStrategy(getColdStartStrategy())
        .setNumPartitions(getNumPartitions())
        .transform(keyed)
        .drop(USER, ITEM);
  }

  private static Column text(String column) {
    return functions.col(Schemas.quoted(column)).cast(DataTypes.StringType);
  }

  /** The length goes first, so that no two pairs of client and id have the same key. */
  private static Column key(Column client, Column id) {
    return functions.concat(functions.length(client), functions.lit(":"), client, id);
  }

  private Dataset<Row> stacked(Dataset<Row> rows) {
    Dataset<Row> names = tables.names().withColumnRenamed("name", CLIENT);
    return rows.join(functions.broadcast(names), "client")
        .withColumn(RowTable.ID, key(functions.col(CLIENT), text(RowTable.ID)))
        .drop(CLIENT, GatedTables.CLIENT);
  }

  /**
   * Recommends to all users from their clients' own models. The plan grows with the clients: for
   * many hundreds of them, ask for {@link #client}'s one by one.
   *
   * @param k most items a user
   * @return {@code clientCol}, {@code userCol}, {@code recommendations}: array of ({@code itemCol},
   *     {@code rating}), best first
   */
  public Dataset<Row> recommendForAllUsers(int k) {
    return recommendForAllUsers(k, null);
  }

  /**
   * Recommends to all users what they have not seen.
   *
   * @param k most items a user
   * @param seenPairs has {@code userCol} and {@code itemCol}; null for none
   */
  public Dataset<Row> recommendForAllUsers(int k, Dataset<?> seenPairs) {
    Dataset<Row> all = null;
    for (String name : clients()) {
      Dataset<Row> lists =
          client(name)
              .recommendForAllUsers(k, seenPairs)
              .select(
                  functions.lit(name).as(getClientCol()),
                  functions.col(Schemas.quoted(getUserCol())),
                  functions.col("recommendations"));
      all = all == null ? lists : all.union(lists);
    }
    return all;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return transformed(schema, this, getClientCol());
  }

  static StructType transformed(StructType schema, ScoringParams<?> params, String clientCol) {
    Schemas.requireId(schema, "userCol", params.getUserCol());
    Schemas.requireId(schema, "itemCol", params.getItemCol());
    Schemas.requireId(schema, "clientCol", clientCol);
    Schemas.refuse(schema, "predictionCol", params.getPredictionCol());
    return schema.add(params.getPredictionCol(), DataTypes.FloatType, false);
  }

  @Override
  public GatedFederationModel copy(ParamMap extra) {
    GatedFederationModel other = new GatedFederationModel(uid(), tables);
    other.summary = summary;
    other.release = release;
    copyValues(other, extra);
    return other.setParent(parent());
  }

  /**
   * Writes what {@link #write} saves into a directory that is not there yet, one file after the
   * other: for callers that publish it with more in it.
   *
   * @param place nothing reads it before all is written
   * @throws IOException if the files cannot be written
   */
  public void writeTo(Path place) throws IOException {
    GatedStore.write(stages(), tables, tables.users().sparkSession(), place);
  }

  private GatedStore.Stages stages() {
    return new GatedStore.Stages(this, global(), this::client);
  }

  /** Frees the tables, if they were trained in this session and are still held. */
  public void unpersist() {
    tables.unpersist();
    if (release != null) {
      release.run();
      release = null;
    }
  }

  /**
   * Returns a writer of {@code model/} (the global one), {@code clients/NAME/}, each a saved model
   * of its own, and what binds them together. Nothing half-written is ever found under the path.
   */
  @Override
  public MLWriter write() {
    return new ModelWriter(this) {
      @Override
      public void save(String path) throws IOException {
        GatedStore.save(stages(), tables, sparkSession(), path, shouldOverwrite());
      }
    };
  }

  /** Reads saved models, and what the job {@code federate} wrote. */
  public static MLReader<GatedFederationModel> read() {
    return new Reader();
  }

  /**
   * Loads a saved model, or what the job {@code federate} wrote.
   *
   * @throws dev.coppice.core.error.BadInputException if the path holds none, or a newer format
   */
  public static GatedFederationModel load(String path) {
    return read().load(path);
  }

  /** Loads through {@link GatedStore}. */
  private static final class Reader extends ModelReader<GatedFederationModel> {
    Reader() {
      super(GatedFederationModel.class);
    }

    @Override
    public GatedFederationModel load(String path) {
      GatedTables loaded =
          GatedStore.load(
              sparkSession(), path, GatedFederationModel.class, DynamicSparseALSModel.class);
      return GatedStore.stage(path, GatedFederationModel.class).withTables(loaded);
    }
  }

  /** Sets {@link #clientCol}. */
  public GatedFederationModel setClientCol(String value) {
    ParamSet.put(this, clientCol, value);
    return this;
  }

  /** Returns the value of {@link #clientCol}. */
  public String getClientCol() {
    return getOrDefault(clientCol);
  }
}
