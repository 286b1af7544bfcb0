package dev.coppice.spark;

import dev.coppice.spark.als.TrainingSummary;
import dev.coppice.spark.items.NeighbourSummary;
import dev.coppice.spark.rank.FoldIn;
import dev.coppice.spark.rank.Predictions;
import dev.coppice.spark.rank.ScoringSettings;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.rank.Targets;
import dev.coppice.spark.rank.TopRow;
import dev.coppice.spark.rank.TopTargets;
import dev.coppice.spark.store.ModelStore;
import dev.coppice.spark.store.StoredModel;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.TableEdits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Two sparse tables, and what is recommended from them. Made by {@link DynamicSparseALS}.
 *
 * <p>Rankings are over all rows of the other table but the pairs given as seen; equal scores are
 * ordered by id (numbers by value, strings by their UTF-8 bytes). They are computed in bounded
 * memory: the target table is broadcast while it takes no more than {@code broadcastLimit} bytes,
 * else blocks of both tables are shuffled. Neither that choice nor the number of partitions changes
 * a bit of a result.
 *
 * @since 0.1.0
 */
public final class DynamicSparseALSModel extends SparseModel<DynamicSparseALSModel>
    implements RankingParams<DynamicSparseALSModel> {
  private static final long serialVersionUID = 1L;

  /** Column that receives the position of a row's item; see {@link SparseRankingEvaluator}. */
  public final Param<String> positionCol = declared.text(ScoringKeys.POSITION_COL);

  /** How far down a ranking positions are looked for. */
  public final IntParam positionDepth = declared.integer(ScoringKeys.POSITION_DEPTH);

  /** Length of the lists that {@code transform} makes of users. */
  public final IntParam listLength = declared.integer(ScoringKeys.LIST_LENGTH);

  /** Rows scored together. */
  public final IntParam blockSize = declared.integer(ScoringKeys.BLOCK_SIZE);

  /** Largest table, in bytes, that is sent to every executor as a whole. */
  public final LongParam broadcastLimit = declared.whole(ScoringKeys.BROADCAST_LIMIT);

  private transient ModelInfo info;
  private transient RowTable users;
  private transient RowTable items;
  private transient Dataset<?> seen;
  private transient FitRecord fit = FitRecord.NONE;

  /** For Spark's readers: a model without tables. */
  public DynamicSparseALSModel() {
    this(Identifiable.randomUID("dynamicSparseALS"));
  }

  /** For Spark's readers: a model without tables. */
  public DynamicSparseALSModel(String uid) {
    super(uid);
  }

  /**
   * A model of two tables, each with columns {@code id} (string, long, int), {@code dims} (array of
   * short, ascending, unsigned), {@code weights} (array of float) and perhaps {@code degree} (int,
   * training interactions of the row). Where rows have neighbours or a history beside their
   * weights, they hold them in {@code links} (array of int, ascending) and {@code linkWeights}
   * (array of float; 1 each where missing), and item rows their own key in {@code code} (int): see
   * {@link RowTable}.
   *
   * @throws IllegalArgumentException if a table has other columns
   */
  public DynamicSparseALSModel(
      String uid, ModelInfo info, Dataset<Row> userRows, Dataset<Row> itemRows) {
    this(uid);
    this.info = info;
    users = new RowTable("userRows", userRows);
    items = new RowTable("itemRows", itemRows);
  }

  DynamicSparseALSModel(String uid, StoredModel stored) {
    this(uid);
    info = stored.info();
    users = stored.users();
    items = stored.items();
  }

  /** Sets how many items {@code transform} lists for each user of the rows; 0: it scores rows. */
  public DynamicSparseALSModel setListLength(int value) {
    return ParamSet.set(this, ScoringKeys.LIST_LENGTH, value);
  }

  /**
   * Returns how many items {@code transform} lists for each user of the rows; 0: it scores rows.
   */
  public int getListLength() {
    return ParamSet.get(this, ScoringKeys.LIST_LENGTH);
  }

  /** Returns where the model comes from and what it takes. */
  public ModelInfo info() {
    return info;
  }

  /** Returns what the training run did, if this model was trained in this session. */
  public Optional<TrainingSummary> summary() {
    return Optional.ofNullable(fit.training());
  }

  /** Returns what the training of neighbours did, if there are any, trained in this session. */
  public Optional<NeighbourSummary> neighbourSummary() {
    return Optional.ofNullable(fit.neighbours());
  }

  /** Returns which parts the model has: {@code latent}, {@code items} or {@code hybrid}. */
  public String family() {
    if (!items.hasLinks()) {
      return Family.LATENT.word();
    }
    return (items.size().stored() == 0 ? Family.ITEMS : Family.HYBRID).word();
  }

  /** Returns what was chosen from the data, if the model was trained in this session. */
  public List<Choice> choices() {
    return fit.choices();
  }

  void setFit(FitRecord value) {
    fit = value;
  }

  /** Returns d, the width of the rows. */
  public int rank() {
    return info.rank();
  }

  /** Returns the user table: {@code id, dims, weights, degree}, and links where it has them. */
  public Dataset<Row> userRows() {
    return users.rows();
  }

  /** Returns the item table: {@code id, dims, weights, degree}, and links where it has them. */
  public Dataset<Row> itemRows() {
    return items.rows();
  }

  /** Returns {@code itemCol}, {@code neighbour}, {@code weight}: a row for each of an item's. */
  public Dataset<Row> neighbours() {
    return TableEdits.neighbours(items, getItemCol());
  }

  /**
   * Frees what Spark keeps of the tables, if the model was trained in this session; without a call,
   * that happens once the model is no longer referred to. A model that is used again reads or
   * computes its tables again.
   */
  public void unpersist() {
    users.unpersist();
    items.unpersist();
  }

  /** Returns the user table. */
  public RowTable userTable() {
    return users;
  }

  /** Returns the item table. */
  public RowTable itemTable() {
    return items;
  }

  /** Returns what is saved but for the Params. */
  public StoredModel stored() {
    return new StoredModel(info, users, items);
  }

  /** Returns the same Params over other tables; for readers. */
  public DynamicSparseALSModel withTables(ModelInfo newInfo, RowTable newUsers, RowTable newItems) {
    DynamicSparseALSModel other = copyValues(new DynamicSparseALSModel(uid()), new ParamMap());
    other.info = newInfo;
    other.users = newUsers;
    other.items = newItems;
    other.seen = seen;
    other.fit = fit;
    other.setParent(parent());
    return other;
  }

  /** Returns the same model with other provenance. */
  public DynamicSparseALSModel withInfo(ModelInfo newInfo) {
    return withTables(newInfo, users, items);
  }

  /**
   * Returns the same model with ids from dictionaries instead of integer indices.
   *
   * @param userIds columns {@code index} (long or int) and {@code id}
   * @param itemIds the same for items
   * @throws IllegalArgumentException if a row's index is not in the dictionary, or is there twice
   */
  public DynamicSparseALSModel withIds(Dataset<Row> userIds, Dataset<Row> itemIds) {
    return withTables(
        info,
        TableEdits.withIds("user", users, userIds),
        TableEdits.withIds("item", items, itemIds));
  }

  /**
   * Returns the same model with the integer indices of dictionaries instead of ids: what {@link
   * #withIds} undoes. An id that a dictionary does not have gets a number of its own below 0.
   *
   * @param userIds columns {@code index} (long or int) and {@code id}, each once
   * @param itemIds the same for items
   */
  public DynamicSparseALSModel withIndices(Dataset<Row> userIds, Dataset<Row> itemIds) {
    return withTables(
        info, TableEdits.withIndices(users, userIds), TableEdits.withIndices(items, itemIds));
  }

  /**
   * Returns the same model with the pairs it was trained on, which {@code positionCol} leaves out
   * of the rankings. {@code fit} does this; they are not saved.
   *
   * @param pairs has {@code userCol} and {@code itemCol}; kept as a plan, not copied
   */
  public DynamicSparseALSModel withSeen(Dataset<?> pairs) {
    DynamicSparseALSModel other = withTables(info, users, items);
    other.seen = pairs;
    return other;
  }

  /**
   * Adds {@code predictionCol}, the score of the pair's two rows (float), and, if set, {@code
   * positionCol}. Ids are matched by value; where the model has strings and the data numbers, or
   * the other way round, by how the number is written.
   *
   * <p>With {@code listLength} the lists of the users of the rows instead, for where no other
   * method can be called, as through Spark Connect: {@code userCol} and {@code recommendations}, as
   * {@link #recommendForUserSubset(Dataset, int)} gives them, without the pairs of the rows where
   * these have {@code itemCol}.
   *
   * @throws IllegalArgumentException if a column is missing, of a wrong type, or exists already
   * @throws IllegalStateException if positions are wanted and the training pairs are not known
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    if (getListLength() > 0) {
      return lists().ofRows(dataset, getListLength());
    }
    Dataset<Row> out = dataset.toDF();
    if (!getPredictionCol().isEmpty()) {
      out =
          Predictions.predict(
              out, scoringTables(), getPredictionCol(), getColdStartStrategy().equals("drop"));
    }
    if (!getPositionCol().isEmpty()) {
      if (seen == null) {
        throw new IllegalStateException(
            "positionCol is '"
                + getPositionCol()
                + "', but the pairs that the model was trained on are not known (they are not"
                + " saved): give them with withSeen(pairs), or clear positionCol");
      }
      RowTable known = TableEdits.subset(users, dataset, getUserCol());
      Dataset<TopRow> ranked =
          TopTargets.best(
              known,
              Targets.of(items, scoring()),
              scoringTables().pairs(seen),
              getPositionDepth(),
              false,
              scoring());
      out =
          Predictions.positions(out, ranked, scoringTables(), getPositionCol(), getPositionDepth());
    }
    return out;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return getListLength() > 0
        ? lists().schema(schema)
        : Schemas.transformed(
            schema, getUserCol(), getItemCol(), getPredictionCol(), getPositionCol());
  }

  /**
   * Recommends to all users.
   *
   * @param k most items a user
   * @return {@code userCol}, {@code recommendations}: array of ({@code itemCol}, {@code rating}),
   *     best first
   */
  public Dataset<Row> recommendForAllUsers(int k) {
    return lists().ofUsers(users, ListRules.any(), k);
  }

  /** Recommends to all users what they have not seen; {@code seenPairs} has both id columns. */
  public Dataset<Row> recommendForAllUsers(int k, Dataset<?> seenPairs) {
    return lists().ofUsers(users, ListRules.any().withoutSeen(seenPairs), k);
  }

  /** Recommends to all users what some rules allow. */
  public Dataset<Row> recommendForAllUsers(int k, ListRules rules) {
    return lists().ofUsers(users, rules, k);
  }

  /**
   * Recommends to some users.
   *
   * @param subset has {@code userCol}; ids may come more than once, unknown ones get no row
   * @param k most items a user
   */
  public Dataset<Row> recommendForUserSubset(Dataset<?> subset, int k) {
    return recommendForUserSubset(subset, k, ListRules.any());
  }

  /** Recommends to some users what they have not seen. */
  public Dataset<Row> recommendForUserSubset(Dataset<?> subset, int k, Dataset<?> seenPairs) {
    return recommendForUserSubset(subset, k, ListRules.any().withoutSeen(seenPairs));
  }

  /** Recommends to some users what some rules allow. */
  public Dataset<Row> recommendForUserSubset(Dataset<?> subset, int k, ListRules rules) {
    return lists().ofUsers(TableEdits.subset(users, subset, getUserCol()), rules, k);
  }

  /**
   * Finds the best users of every item.
   *
   * @param k most users an item
   * @return {@code itemCol}, {@code recommendations}: array of ({@code userCol}, {@code rating})
   */
  public Dataset<Row> recommendForAllItems(int k) {
    return lists().ofItems(items, null, k);
  }

  /** Finds the best users of every item among those who have not seen it. */
  public Dataset<Row> recommendForAllItems(int k, Dataset<?> seenPairs) {
    return lists().ofItems(items, seenPairs, k);
  }

  /** Finds the best users of some items; unknown items get no row. */
  public Dataset<Row> recommendForItemSubset(Dataset<?> subset, int k) {
    return lists().ofItems(TableEdits.subset(items, subset, getItemCol()), null, k);
  }

  /** Finds the best users of some items among those who have not seen them. */
  public Dataset<Row> recommendForItemSubset(Dataset<?> subset, int k, Dataset<?> seenPairs) {
    return lists().ofItems(TableEdits.subset(items, subset, getItemCol()), seenPairs, k);
  }

  /**
   * Finds the items most similar to every item, by the cosine of their rows without their biases;
   * where the items have links alone, by what each adds to the score of a user who has this item.
   *
   * @param k most items
   * @return {@code itemCol}, {@code similar}: array of ({@code itemCol}, {@code similarity}),
   *     without the item itself
   */
  public Dataset<Row> similarItems(int k) {
    return lists().similar(items, k);
  }

  /** Finds the items most similar to some items; unknown items get no row. */
  public Dataset<Row> similarItems(Dataset<?> subset, int k) {
    return lists().similar(TableEdits.subset(items, subset, getItemCol()), k);
  }

  /**
   * Solves the rows of users that the model does not know, from their items, with the model's own
   * objective: see {@link FoldIn}. The item rows stay as they are.
   *
   * @param interactions one row a pair: {@code userCol}, {@code itemCol}, and {@code ratingCol} if
   *     the last argument names one; items unknown to the model are left out
   * @param ratingCol column of weights or ratings; null or empty: every interaction weighs 1
   * @return a model whose user table holds these users alone, in the type of their column
   */
  public DynamicSparseALSModel foldIn(Dataset<?> interactions, String ratingCol) {
    return foldIn(interactions, ratingCol, FoldIn.needed(items, info));
  }

  /** With G of the items at hand. */
  DynamicSparseALSModel foldIn(Dataset<?> interactions, String ratingCol, double[] gramian) {
    RowTable solved =
        FoldIn.solve(
            interactions, getUserCol(), getItemCol(), ratingCol, items, info, gramian, scoring());
    return withTables(info, solved, items).withSeen(interactions);
  }

  /** As {@link #foldIn(Dataset, String)}, every interaction weighing 1. */
  public DynamicSparseALSModel foldIn(Dataset<?> interactions) {
    return foldIn(interactions, null);
  }

  /** Solves the rows of unknown users from their items, and recommends what is not among these. */
  public Dataset<Row> recommendForNewUsers(Dataset<?> interactions, int k) {
    return foldIn(interactions).recommendForAllUsers(k, interactions);
  }

  /** Returns what is scored and how, for evaluation and export. */
  public ScoringTables scoringTables() {
    return new ScoringTables(users, items, getUserCol(), getItemCol(), scoring());
  }

  private ScoringSettings scoring() {
    return AlsConfig.scoring(this, rank());
  }

  private ModelLists lists() {
    return new ModelLists(scoringTables(), info.objective().itemBias());
  }

  @Override
  public DynamicSparseALSModel copy(ParamMap extra) {
    DynamicSparseALSModel other = new DynamicSparseALSModel(uid());
    other.info = info;
    other.users = users;
    other.items = items;
    other.seen = seen;
    other.fit = fit;
    copyValues(other, extra);
    return other.setParent(parent());
  }

  /**
   * Returns a writer of the layout of docs/design.md section 8. It writes beside the given path and
   * renames at the end, so nothing half-written is ever found there.
   */
  @Override
  public MLWriter write() {
    return new ModelWriter(this) {
      @Override
      public void save(String path) throws IOException {
        ModelStore.save(
            DynamicSparseALSModel.this, stored(), sparkSession(), path, shouldOverwrite());
      }
    };
  }

  /** Reads saved models. */
  public static MLReader<DynamicSparseALSModel> read() {
    return new Reader();
  }

  /**
   * Loads a saved model.
   *
   * @throws dev.coppice.core.error.BadInputException if the path holds none, or a newer format
   */
  public static DynamicSparseALSModel load(String path) {
    return read().load(path);
  }

  /** Loads through {@link ModelStore}. */
  private static final class Reader extends ModelReader<DynamicSparseALSModel> {
    Reader() {
      super(DynamicSparseALSModel.class);
    }

    @Override
    public DynamicSparseALSModel load(String path) {
      StoredModel stored = ModelStore.load(sparkSession(), path, DynamicSparseALSModel.class);
      return ModelStore.stage(path, DynamicSparseALSModel.class)
          .withTables(stored.info(), stored.users(), stored.items());
    }
  }
}
