package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.Schemas;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Neighbours of items alone, as a Spark ML estimator: a sparse item-item table of {@code
 * neighbours} weights an item on the mean, solved in closed form (docs/design.md section 5,
 * "Neighbours"). A user's score of an item is the sum of the weights of those of its neighbours
 * that the user has. No user has a row of weights, so new users are served from their items as
 * known ones are.
 *
 * <p>{@link SparseRecommender} trains them beside latent rows.
 *
 * <p>Interactions count once, whatever their weight. Ids are as in {@link DynamicSparseALS}.
 *
 * @since 0.1.0
 */
public final class DynamicSparseItems
    extends SparseEstimator<DynamicSparseALSModel, DynamicSparseItems>
    implements RankingParams<DynamicSparseItems>, NeighbourParams<DynamicSparseItems> {
  private static final long serialVersionUID = 1L;

  /** Neighbours an item on the mean. */
  public final DoubleParam neighbours = declared.number(NeighbourKeys.NEIGHBOURS);

  /** L2 strength of the neighbours' weights. */
  public final DoubleParam neighbourReg = declared.number(NeighbourKeys.NEIGHBOUR_REG);

  /** How much less the co-occurrences in a long history count. */
  public final DoubleParam historyDebias = declared.number(NeighbourKeys.HISTORY_DEBIAS);

  /** Most items of a user that co-occurrences are counted of. */
  public final IntParam maxHistory = declared.integer(NeighbourKeys.MAX_HISTORY);

  /** Storage level of the model's tables. */
  public final Param<String> finalStorageLevel = declared.text(AlsKeys.FINAL_STORAGE_LEVEL);

  /** Column that receives the position of a row's item; see {@link SparseRankingEvaluator}. */
  public final Param<String> positionCol = declared.text(ScoringKeys.POSITION_COL);

  /** How far down a ranking positions are looked for. */
  public final IntParam positionDepth = declared.integer(ScoringKeys.POSITION_DEPTH);

  /** Rows scored together. */
  public final IntParam blockSize = declared.integer(ScoringKeys.BLOCK_SIZE);

  /** Largest table, in bytes, that is sent to every executor as a whole. */
  public final LongParam broadcastLimit = declared.whole(ScoringKeys.BROADCAST_LIMIT);

  /** An estimator with a fresh uid and all Params at their defaults. */
  public DynamicSparseItems() {
    this(Identifiable.randomUID("dynamicSparseItems"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public DynamicSparseItems(String uid) {
    super(uid);
  }

  /**
   * Trains a model.
   *
   * @param dataset one row an interaction, with {@code userCol} and {@code itemCol}; a pair that
   *     comes more than once counts once
   * @throws IllegalArgumentException if a Param or column is wrong, before any data are read
   * @throws dev.coppice.core.error.BadInputException if there is a row without an id, or no row
   */
  @Override
  public DynamicSparseALSModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    InteractionColumns columns =
        InteractionColumns.in(
            dataset,
            new AlsConfig.Columns(getUserCol(), getItemCol(), Optional.empty(), Optional.empty()),
            false);
    Dataset<Row> rows = columns.of(dataset);
    columns.check(rows);
    NumberedIds users = NumberedIds.of(rows, InteractionColumns.USER, columns.userIds(), null);
    NumberedIds items = NumberedIds.of(rows, InteractionColumns.ITEM, columns.itemIds(), null);
    LinkedTables linked = null;
    try {
      linked =
          LinkedTables.of(
              items
                  .codeNumbered(
                      users.codeNumbered(rows, InteractionColumns.USER), InteractionColumns.ITEM)
                  .select(InteractionColumns.USER, InteractionColumns.ITEM),
              AlsConfig.spec(this),
              users,
              items,
              StorageLevel.fromString(getOrDefault(finalStorageLevel)));
      DynamicSparseALSModel model =
          new DynamicSparseALSModel(
              uid(),
              ModelInfo.of(1, AlsObjective.implicit(0, 0, 1, 0, 0)).withConfiguration(texts()),
              linked.userRows(),
              linked.itemRows());
      model.setFit(new FitRecord(null, linked.summary(), List.of()));
      copyValues(model.setParent(this), new ParamMap());
      return model.withSeen(dataset);
    } catch (Exception e) {
      NumberedIds.refuseChanged(e);
      throw e;
    } finally {
      users.release();
      items.release();
      if (linked != null) {
        linked.release();
      }
    }
  }

  /**
   * Checks all Params and the columns: {@code userCol} and {@code itemCol} of an id type. Adds
   * {@code predictionCol} and, if set, {@code positionCol}.
   *
   * @throws IllegalArgumentException naming the column, its type and what is allowed
   */
  @Override
  public StructType transformSchema(StructType schema) {
    if (getUserCol().equals(getItemCol())) {
      throw new IllegalArgumentException(
          "userCol and itemCol are both '" + getUserCol() + "'; name two columns");
    }
    return Schemas.transformed(
        schema, getUserCol(), getItemCol(), getPredictionCol(), getPositionCol());
  }

  @Override
  public DynamicSparseItems copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads saved estimators. */
  public static MLReader<DynamicSparseItems> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static DynamicSparseItems load(String path) {
    return read().load(path);
  }
}
