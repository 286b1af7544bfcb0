package dev.coppice.spark;

import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.table.Schemas;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * What the estimators of dynamic sparse ALS have in common: all that is told of the training of
 * latent rows, and how a training starts and goes on.
 *
 * @param <E> the estimator itself
 */
public abstract class AlsEstimator<E extends AlsEstimator<E>>
    extends LatentEstimator<DynamicSparseALSModel, E>
    implements RankingParams<E>, HistoryParams<E> {
  private static final long serialVersionUID = 1L;

  /** Confidence per unit of weight in MLlib's implicit form, which is used only if this is set. */
  public final DoubleParam alpha = declared.number(AlsKeys.ALPHA);

  /** Whether every item has a bias, in dimension 0. */
  public final BooleanParam itemBias = declared.flag(AlsKeys.ITEM_BIAS);

  /** Whether no weight of the latent rows may fall below 0. */
  public final BooleanParam nonnegative = declared.flag(AlsKeys.NONNEGATIVE);

  /** rho_0, share of the stored weights that the first exploration moves. */
  public final DoubleParam updateRatio = declared.number(AlsKeys.UPDATE_RATIO);

  /** How the share falls. */
  public final Param<String> updateSchedule = declared.text(AlsKeys.UPDATE_SCHEDULE);

  /** Delta T, sweeps between explorations. */
  public final IntParam updateInterval = declared.integer(AlsKeys.UPDATE_INTERVAL);

  /** Which empty positions explorations grow. */
  public final Param<String> growth = declared.text(AlsKeys.GROWTH);

  /** How the two tables share out the weights. */
  public final Param<String> start = declared.text(AlsKeys.START);

  /** Weight of what weights mattered to earlier periods when some are pruned. */
  public final DoubleParam protect = declared.number(AlsKeys.PROTECT);

  /** Share of an earlier importance that is left a period later. */
  public final DoubleParam protectDecay = declared.number(AlsKeys.PROTECT_DECAY);

  /** Weights that a row keeps at least. */
  public final IntParam minWeightsPerRow = declared.integer(AlsKeys.MIN_WEIGHTS_PER_ROW);

  /** Whether the data are implicit feedback. */
  public final BooleanParam implicitPrefs = declared.flag(AlsKeys.IMPLICIT_PREFS);

  /** Logical blocks of a side. */
  public final IntParam numBlocks = declared.integer(AlsKeys.NUM_BLOCKS);

  /** Sweeps between checkpoints, which need a checkpoint directory. */
  public final IntParam checkpointInterval = declared.integer(AlsKeys.CHECKPOINT_INTERVAL);

  /** Boolean column: rows that are true are not trained on but validated on. */
  public final Param<String> validationCol = declared.text(AlsKeys.VALIDATION_COL);

  /** Sweeps without a better validation metric before training stops. */
  public final IntParam patience = declared.integer(AlsKeys.PATIENCE);

  /** The validation metric. */
  public final Param<String> metric = declared.text(AlsKeys.METRIC);

  /** What becomes of rows of the initial model without interactions. */
  public final Param<String> vanishedRows = declared.text(AlsKeys.VANISHED_ROWS);

  /** How many weights a run from an initial model may store. */
  public final Param<String> budget = declared.text(AlsKeys.BUDGET);

  /** How rows that the initial model does not have begin. */
  public final Param<String> newRows = declared.text(AlsKeys.NEW_ROWS);

  /** Share of the rows that are solved from the second sweep on. */
  public final DoubleParam solveShare = declared.number(AlsKeys.SOLVE_SHARE);

  /** What stands for the interactions that the initial model was trained on. */
  public final Param<String> history = declared.text(AlsKeys.HISTORY);

  /** gamma, what an earlier interaction weighs in keeping scores. */
  public final DoubleParam keepScores = declared.number(AlsKeys.KEEP_SCORES);

  /** Periods in a row that may be trained without earlier interactions. */
  public final IntParam scoresLimit = declared.integer(AlsKeys.SCORES_LIMIT);

  /** Storage level of what lives between half-sweeps. */
  public final Param<String> intermediateStorageLevel =
      declared.text(AlsKeys.INTERMEDIATE_STORAGE_LEVEL);

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

  private transient TrainingListener listener;

  AlsEstimator(String uid) {
    super(uid);
  }

  /** Returns what is trained beside latent rows, or instead of them; nothing at first. */
  Optional<AlsConfig.Neighbours> linked() {
    return Optional.empty();
  }

  /**
   * Trains a model.
   *
   * @param dataset one row an interaction; {@link #transformSchema} says which columns. A pair may
   *     come once only
   * @throws IllegalArgumentException if a Param or column is wrong, before any data are read
   */
  @Override
  public DynamicSparseALSModel fit(Dataset<?> dataset) {
    return train(dataset, null, null);
  }

  /**
   * Trains a model that starts from the rows of another one, as {@link #initialModel} does from a
   * saved one.
   *
   * @param dataset as in {@link #fit(Dataset)}
   * @param initial a model of the same rank and type of ids; its other settings do not matter
   * @throws dev.coppice.core.error.BadInputException if rank or type of ids differ
   * @throws IllegalArgumentException if {@link #initialModel} is set too, or as in {@link
   *     #fit(Dataset)}
   */
  public DynamicSparseALSModel fit(Dataset<?> dataset, DynamicSparseALSModel initial) {
    return fit(dataset, initial, null);
  }

  /**
   * Trains a model with durable state, from which an interrupted training goes on: it ends with the
   * same model, bit by bit. The checkpoints stay until {@link Checkpoints#clear}, which is for the
   * caller to call when the model is saved. Param {@link #checkpointInterval} is about Spark's own
   * checkpoints, which are not made here.
   *
   * @param dataset as in {@link #fit(Dataset)}
   * @param initial as in {@link #fit(Dataset, DynamicSparseALSModel)}; null for a fresh start
   * @param checkpoints where the state is kept, and what to go on from; null for none
   * @throws dev.coppice.core.error.BadInputException as in {@link #fit(Dataset,
   *     DynamicSparseALSModel)}, or if the checkpoint is damaged or of other data
   */
  public DynamicSparseALSModel fit(
      Dataset<?> dataset, DynamicSparseALSModel initial, Checkpoints checkpoints) {
    if (initial != null && !getInitialModel().isEmpty()) {
      throw new IllegalArgumentException(
          "initialModel is '"
              + getInitialModel()
              + "', and another model to start from is given; clear one of them");
    }
    return train(dataset, initial, checkpoints);
  }

  private DynamicSparseALSModel train(
      Dataset<?> dataset, DynamicSparseALSModel initial, Checkpoints checkpoints) {
    transformSchema(dataset.schema());
    DynamicSparseALSModel model = Fitting.fit(self(), dataset, initial, checkpoints);
    copyValues(model.setParent(this), new ParamMap());
    return model.withSeen(Fitting.trainingRows(this, dataset));
  }

  /**
   * Checks all Params and the columns: {@code userCol} and {@code itemCol} of an id type, {@code
   * ratingCol} of a number type, {@code validationCol} boolean. Adds {@code predictionCol} and, if
   * set, {@code positionCol}.
   *
   * @throws IllegalArgumentException naming the column, its type and what is allowed
   */
  @Override
  public StructType transformSchema(StructType schema) {
    AlsConfig config = AlsConfig.of(AutoParams.provisional(self()));
    config
        .columns()
        .rating()
        .ifPresent(column -> Schemas.requireNumber(schema, "ratingCol", column));
    config
        .columns()
        .validation()
        .ifPresent(column -> Schemas.requireBoolean(schema, "validationCol", column));
    return Schemas.transformed(
        schema, getUserCol(), getItemCol(), getPredictionCol(), getPositionCol());
  }

  /**
   * Checks all Params against each other, as {@link #transformSchema} does, without any data: what
   * passes here is refused later for its columns alone.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  public void validate() {
    AlsConfig.of(AutoParams.provisional(self()));
  }

  @Override
  boolean weighsUnobserved() {
    return getImplicitPrefs() && !isSet(alpha);
  }

  /** Returns what neighbours without latent rows may take, if more than beside them. */
  OptionalLong aloneBytes() {
    return OptionalLong.empty();
  }

  /**
   * Returns an estimator that may do better on the validation part than this one did.
   *
   * @param trained the model it trained
   */
  Optional<E> alternative(DynamicSparseALSModel trained) {
    return Optional.empty();
  }

  /** Returns a copy that tells the same listener. */
  final E copied(ParamMap extra) {
    E other = defaultCopy(extra);
    return other.setListener(listener);
  }

  /**
   * Tells a listener how training goes, on the thread that called {@code fit}. Not a Param: it is
   * copied, and not saved.
   *
   * @param value null for none
   */
  public final E setListener(TrainingListener value) {
    listener = value;
    return self();
  }

  TrainingListener listener() {
    return listener == null ? sweep -> {} : listener;
  }

  /** Sets {@link #alpha}. */
  public E setAlpha(double value) {
    return put(alpha, value);
  }

  /**
   * Returns the value of {@link #alpha}.
   *
   * @throws java.util.NoSuchElementException if it is not set
   */
  public double getAlpha() {
    return (Double) getOrDefault(alpha);
  }

  /** Sets {@link #itemBias}. */
  public E setItemBias(boolean value) {
    return put(itemBias, value);
  }

  /** Returns the value of {@link #itemBias}. */
  public boolean getItemBias() {
    return (Boolean) getOrDefault(itemBias);
  }

  /** Sets {@link #nonnegative}. */
  public E setNonnegative(boolean value) {
    return put(nonnegative, value);
  }

  /** Returns the value of {@link #nonnegative}. */
  public boolean getNonnegative() {
    return (Boolean) getOrDefault(nonnegative);
  }

  /** Sets {@link #updateRatio}. */
  public E setUpdateRatio(double value) {
    return put(updateRatio, value);
  }

  /** Returns the value of {@link #updateRatio}. */
  public double getUpdateRatio() {
    return (Double) getOrDefault(updateRatio);
  }

  /** Sets {@link #updateSchedule}. */
  public E setUpdateSchedule(String value) {
    return put(updateSchedule, value);
  }

  /** Returns the value of {@link #updateSchedule}. */
  public String getUpdateSchedule() {
    return getOrDefault(updateSchedule);
  }

  /** Sets {@link #updateInterval}. */
  public E setUpdateInterval(int value) {
    return put(updateInterval, value);
  }

  /** Returns the value of {@link #updateInterval}. */
  public int getUpdateInterval() {
    return (Integer) getOrDefault(updateInterval);
  }

  /** Sets {@link #growth}. */
  public E setGrowth(String value) {
    return put(growth, value);
  }

  /** Returns the value of {@link #growth}. */
  public String getGrowth() {
    return getOrDefault(growth);
  }

  /** Sets {@link #start}. */
  public E setStart(String value) {
    return put(start, value);
  }

  /** Returns the value of {@link #start}. */
  public String getStart() {
    return getOrDefault(start);
  }

  /** Sets {@link #protect}. */
  public E setProtect(double value) {
    return put(protect, value);
  }

  /** Returns the value of {@link #protect}. */
  public double getProtect() {
    return (Double) getOrDefault(protect);
  }

  /** Sets {@link #protectDecay}. */
  public E setProtectDecay(double value) {
    return put(protectDecay, value);
  }

  /** Returns the value of {@link #protectDecay}. */
  public double getProtectDecay() {
    return (Double) getOrDefault(protectDecay);
  }

  /** Sets {@link #minWeightsPerRow}. */
  public E setMinWeightsPerRow(int value) {
    return put(minWeightsPerRow, value);
  }

  /** Returns the value of {@link #minWeightsPerRow}. */
  public int getMinWeightsPerRow() {
    return (Integer) getOrDefault(minWeightsPerRow);
  }

  /** Sets {@link #implicitPrefs}. */
  public E setImplicitPrefs(boolean value) {
    return put(implicitPrefs, value);
  }

  /** Returns the value of {@link #implicitPrefs}. */
  public boolean getImplicitPrefs() {
    return (Boolean) getOrDefault(implicitPrefs);
  }

  /** Sets {@link #numBlocks}. */
  public E setNumBlocks(int value) {
    return put(numBlocks, value);
  }

  /** Returns the value of {@link #numBlocks}. */
  public int getNumBlocks() {
    return (Integer) getOrDefault(numBlocks);
  }

  /** Sets {@link #checkpointInterval}. */
  public E setCheckpointInterval(int value) {
    return put(checkpointInterval, value);
  }

  /** Returns the value of {@link #checkpointInterval}. */
  public int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval);
  }

  /** Sets {@link #validationCol}. */
  public E setValidationCol(String value) {
    return put(validationCol, value);
  }

  /** Returns the value of {@link #validationCol}. */
  public String getValidationCol() {
    return getOrDefault(validationCol);
  }

  /** Sets {@link #patience}. */
  public E setPatience(int value) {
    return put(patience, value);
  }

  /** Returns the value of {@link #patience}. */
  public int getPatience() {
    return (Integer) getOrDefault(patience);
  }

  /** Sets {@link #metric}. */
  public E setMetric(String value) {
    return put(metric, value);
  }

  /** Returns the value of {@link #metric}. */
  public String getMetric() {
    return getOrDefault(metric);
  }

  /** Sets {@link #vanishedRows}. */
  public E setVanishedRows(String value) {
    return put(vanishedRows, value);
  }

  /** Returns the value of {@link #vanishedRows}. */
  public String getVanishedRows() {
    return getOrDefault(vanishedRows);
  }

  /** Sets {@link #budget}. */
  public E setBudget(String value) {
    return put(budget, value);
  }

  /** Returns the value of {@link #budget}. */
  public String getBudget() {
    return getOrDefault(budget);
  }

  /** Sets {@link #newRows}. */
  public E setNewRows(String value) {
    return put(newRows, value);
  }

  /** Returns the value of {@link #newRows}. */
  public String getNewRows() {
    return getOrDefault(newRows);
  }

  /** Sets {@link #solveShare}. */
  public E setSolveShare(double value) {
    return put(solveShare, value);
  }

  /** Returns the value of {@link #solveShare}. */
  public double getSolveShare() {
    return (Double) getOrDefault(solveShare);
  }

  /** Sets {@link #intermediateStorageLevel}. */
  public E setIntermediateStorageLevel(String value) {
    return put(intermediateStorageLevel, value);
  }

  /** Returns the value of {@link #intermediateStorageLevel}. */
  public String getIntermediateStorageLevel() {
    return getOrDefault(intermediateStorageLevel);
  }

  /** Sets {@link #finalStorageLevel}. */
  public E setFinalStorageLevel(String value) {
    return put(finalStorageLevel, value);
  }

  /** Returns the value of {@link #finalStorageLevel}. */
  public String getFinalStorageLevel() {
    return getOrDefault(finalStorageLevel);
  }
}
