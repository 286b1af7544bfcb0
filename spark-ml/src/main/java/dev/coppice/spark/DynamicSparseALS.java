package dev.coppice.spark;

import dev.coppice.spark.als.TrainingListener;
import dev.coppice.spark.checkpoint.Checkpoints;
import dev.coppice.spark.table.Schemas;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Dynamic sparse alternating least squares, as a Spark ML estimator: a matrix factorisation whose
 * tables store {@code density * rank} weights a row on average, at positions learnt by pruning and
 * regrowing while training runs (docs/design.md section 5; {@link
 * dev.coppice.core.als.AlsObjective} has the objective). {@code density = 1} is dense ALS by the
 * same code.
 *
 * <p>Memory: 6 bytes a stored weight; each executor holds its share of the interactions twice, and
 * the other side's table as far as {@code broadcastLimit} lets it, else the rows its blocks need.
 *
 * <p>Ids are strings, longs, ints, shorts or bytes; the model's tables keep the type (shorts and
 * bytes become ints).
 *
 * @since 0.1.0
 */
public final class DynamicSparseALS extends Estimator<DynamicSparseALSModel>
    implements DynamicSparseALSParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ModelParamSet modelParams;
  private final TrainParamSet trainParams;
  private transient TrainingListener listener;

  /** An estimator with a fresh uid and all Params at their defaults. */
  public DynamicSparseALS() {
    this(Identifiable.randomUID("dynamicSparseALS"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public DynamicSparseALS(String uid) {
    this.uid = uid;
    modelParams = new ModelParamSet(this);
    trainParams = new TrainParamSet(this);
    modelParams.setDefaults(this);
    trainParams.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
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
    DynamicSparseALSModel model = Fitting.fit(this, dataset, initial, checkpoints);
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
    AlsConfig config = AlsConfig.of(this);
    config.ratingCol().ifPresent(column -> Schemas.requireNumber(schema, "ratingCol", column));
    config
        .validationCol()
        .ifPresent(column -> Schemas.requireBoolean(schema, "validationCol", column));
    return Schemas.transformed(schema, this);
  }

  /**
   * Checks all Params against each other, as {@link #transformSchema} does, without any data: what
   * passes here is refused later for its columns alone.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  public void validate() {
    AlsConfig.of(this);
  }

  @Override
  public DynamicSparseALS copy(ParamMap extra) {
    DynamicSparseALS other = defaultCopy(extra);
    other.listener = listener;
    return other;
  }

  /**
   * Tells a listener how training goes, on the thread that called {@code fit}. Not a Param: it is
   * copied, and not saved.
   *
   * @param value null for none
   */
  public DynamicSparseALS setListener(TrainingListener value) {
    listener = value;
    return this;
  }

  TrainingListener listener() {
    return listener == null ? sweep -> {} : listener;
  }

  /** Reads saved estimators. */
  public static MLReader<DynamicSparseALS> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static DynamicSparseALS load(String path) {
    return read().load(path);
  }

  /** Sets {@link #userCol}. */
  public DynamicSparseALS setUserCol(String value) {
    ModelParamSet.set(this, userCol(), value);
    return this;
  }

  /** Sets {@link #itemCol}. */
  public DynamicSparseALS setItemCol(String value) {
    ModelParamSet.set(this, itemCol(), value);
    return this;
  }

  /** Sets {@link #predictionCol}. */
  public DynamicSparseALS setPredictionCol(String value) {
    ModelParamSet.set(this, predictionCol(), value);
    return this;
  }

  /** Sets {@link #coldStartStrategy}. */
  public DynamicSparseALS setColdStartStrategy(String value) {
    ModelParamSet.set(this, coldStartStrategy(), value);
    return this;
  }

  /** Sets {@link #positionCol}. */
  public DynamicSparseALS setPositionCol(String value) {
    ModelParamSet.set(this, positionCol(), value);
    return this;
  }

  /** Sets {@link #positionDepth}. */
  public DynamicSparseALS setPositionDepth(int value) {
    ModelParamSet.set(this, positionDepth(), value);
    return this;
  }

  /** Sets {@link #blockSize}. */
  public DynamicSparseALS setBlockSize(int value) {
    ModelParamSet.set(this, blockSize(), value);
    return this;
  }

  /** Sets {@link #broadcastLimit}. */
  public DynamicSparseALS setBroadcastLimit(long value) {
    ModelParamSet.set(this, broadcastLimit(), value);
    return this;
  }

  /** Sets {@link #numPartitions}. */
  public DynamicSparseALS setNumPartitions(int value) {
    ModelParamSet.set(this, numPartitions(), value);
    return this;
  }

  /** Sets {@link #rank}. */
  public DynamicSparseALS setRank(int value) {
    ModelParamSet.set(this, rank(), value);
    return this;
  }

  /** Sets {@link #maxIter}. */
  public DynamicSparseALS setMaxIter(int value) {
    ModelParamSet.set(this, maxIter(), value);
    return this;
  }

  /** Sets {@link #regParam}. */
  public DynamicSparseALS setRegParam(double value) {
    ModelParamSet.set(this, regParam(), value);
    return this;
  }

  /** Sets {@link #regExponent}. */
  public DynamicSparseALS setRegExponent(double value) {
    ModelParamSet.set(this, regExponent(), value);
    return this;
  }

  /** Sets {@link #alpha}. */
  public DynamicSparseALS setAlpha(double value) {
    ModelParamSet.set(this, alpha(), value);
    return this;
  }

  /** Sets {@link #unobservedWeight}. */
  public DynamicSparseALS setUnobservedWeight(double value) {
    ModelParamSet.set(this, unobservedWeight(), value);
    return this;
  }

  /** Sets {@link #implicitPrefs}. */
  public DynamicSparseALS setImplicitPrefs(boolean value) {
    ModelParamSet.set(this, implicitPrefs(), value);
    return this;
  }

  /** Sets {@link #ratingCol}. */
  public DynamicSparseALS setRatingCol(String value) {
    ModelParamSet.set(this, ratingCol(), value);
    return this;
  }

  /** Sets {@link #seed}. */
  public DynamicSparseALS setSeed(long value) {
    ModelParamSet.set(this, seed(), value);
    return this;
  }

  /** Sets {@link #checkpointInterval}. */
  public DynamicSparseALS setCheckpointInterval(int value) {
    ModelParamSet.set(this, checkpointInterval(), value);
    return this;
  }

  /** Sets {@link #density}. */
  public DynamicSparseALS setDensity(double value) {
    ModelParamSet.set(this, density(), value);
    return this;
  }

  /** Sets {@link #updateRatio}. */
  public DynamicSparseALS setUpdateRatio(double value) {
    ModelParamSet.set(this, updateRatio(), value);
    return this;
  }

  /** Sets {@link #updateSchedule}. */
  public DynamicSparseALS setUpdateSchedule(String value) {
    ModelParamSet.set(this, updateSchedule(), value);
    return this;
  }

  /** Sets {@link #updateInterval}. */
  public DynamicSparseALS setUpdateInterval(int value) {
    ModelParamSet.set(this, updateInterval(), value);
    return this;
  }

  /** Sets {@link #userDebias}. */
  public DynamicSparseALS setUserDebias(double value) {
    ModelParamSet.set(this, userDebias(), value);
    return this;
  }

  /** Sets {@link #itemDebias}. */
  public DynamicSparseALS setItemDebias(double value) {
    ModelParamSet.set(this, itemDebias(), value);
    return this;
  }

  /** Sets {@link #itemBias}. */
  public DynamicSparseALS setItemBias(boolean value) {
    ModelParamSet.set(this, itemBias(), value);
    return this;
  }

  /** Sets {@link #minWeightsPerRow}. */
  public DynamicSparseALS setMinWeightsPerRow(int value) {
    ModelParamSet.set(this, minWeightsPerRow(), value);
    return this;
  }

  /** Sets {@link #validationCol}. */
  public DynamicSparseALS setValidationCol(String value) {
    ModelParamSet.set(this, validationCol(), value);
    return this;
  }

  /** Sets {@link #patience}. */
  public DynamicSparseALS setPatience(int value) {
    ModelParamSet.set(this, patience(), value);
    return this;
  }

  /** Sets {@link #metric}. */
  public DynamicSparseALS setMetric(String value) {
    ModelParamSet.set(this, metric(), value);
    return this;
  }

  /** Sets {@link #initialModel}: the path of a saved model, or empty for none. */
  public DynamicSparseALS setInitialModel(String value) {
    ModelParamSet.set(this, initialModel(), value);
    return this;
  }

  /** Sets {@link #vanishedRows}. */
  public DynamicSparseALS setVanishedRows(String value) {
    ModelParamSet.set(this, vanishedRows(), value);
    return this;
  }

  /** Sets {@link #budget}. */
  public DynamicSparseALS setBudget(String value) {
    ModelParamSet.set(this, budget(), value);
    return this;
  }

  /** Sets {@link #newRows}. */
  public DynamicSparseALS setNewRows(String value) {
    ModelParamSet.set(this, newRows(), value);
    return this;
  }

  /** Sets {@link #solveShare}. */
  public DynamicSparseALS setSolveShare(double value) {
    ModelParamSet.set(this, solveShare(), value);
    return this;
  }

  /** Sets {@link #growth}. */
  public DynamicSparseALS setGrowth(String value) {
    ModelParamSet.set(this, growth(), value);
    return this;
  }

  /** Sets {@link #start}. */
  public DynamicSparseALS setStart(String value) {
    ModelParamSet.set(this, start(), value);
    return this;
  }

  /** Sets {@link #protect}. */
  public DynamicSparseALS setProtect(double value) {
    ModelParamSet.set(this, protect(), value);
    return this;
  }

  /** Sets {@link #protectDecay}. */
  public DynamicSparseALS setProtectDecay(double value) {
    ModelParamSet.set(this, protectDecay(), value);
    return this;
  }

  /** Sets {@link #numBlocks}. */
  public DynamicSparseALS setNumBlocks(int value) {
    ModelParamSet.set(this, numBlocks(), value);
    return this;
  }

  /** Sets {@link #intermediateStorageLevel}. */
  public DynamicSparseALS setIntermediateStorageLevel(String value) {
    ModelParamSet.set(this, intermediateStorageLevel(), value);
    return this;
  }

  /** Sets {@link #finalStorageLevel}. */
  public DynamicSparseALS setFinalStorageLevel(String value) {
    ModelParamSet.set(this, finalStorageLevel(), value);
    return this;
  }

  @Override
  public Param<String> userCol() {
    return modelParams.userCol;
  }

  @Override
  public Param<String> itemCol() {
    return modelParams.itemCol;
  }

  @Override
  public Param<String> predictionCol() {
    return modelParams.predictionCol;
  }

  @Override
  public Param<String> coldStartStrategy() {
    return modelParams.coldStartStrategy;
  }

  @Override
  public Param<String> positionCol() {
    return modelParams.positionCol;
  }

  @Override
  public IntParam positionDepth() {
    return modelParams.positionDepth;
  }

  @Override
  public IntParam blockSize() {
    return modelParams.blockSize;
  }

  @Override
  public LongParam broadcastLimit() {
    return modelParams.broadcastLimit;
  }

  @Override
  public IntParam numPartitions() {
    return modelParams.numPartitions;
  }

  @Override
  public IntParam rank() {
    return trainParams.rank;
  }

  @Override
  public IntParam maxIter() {
    return trainParams.maxIter;
  }

  @Override
  public DoubleParam regParam() {
    return trainParams.regParam;
  }

  @Override
  public DoubleParam regExponent() {
    return trainParams.regExponent;
  }

  @Override
  public DoubleParam alpha() {
    return trainParams.alpha;
  }

  @Override
  public DoubleParam unobservedWeight() {
    return trainParams.unobservedWeight;
  }

  @Override
  public BooleanParam implicitPrefs() {
    return trainParams.implicitPrefs;
  }

  @Override
  public Param<String> ratingCol() {
    return trainParams.ratingCol;
  }

  @Override
  public LongParam seed() {
    return trainParams.seed;
  }

  @Override
  public IntParam checkpointInterval() {
    return trainParams.checkpointInterval;
  }

  @Override
  public DoubleParam density() {
    return trainParams.density;
  }

  @Override
  public DoubleParam updateRatio() {
    return trainParams.updateRatio;
  }

  @Override
  public Param<String> updateSchedule() {
    return trainParams.updateSchedule;
  }

  @Override
  public IntParam updateInterval() {
    return trainParams.updateInterval;
  }

  @Override
  public DoubleParam userDebias() {
    return trainParams.userDebias;
  }

  @Override
  public DoubleParam itemDebias() {
    return trainParams.itemDebias;
  }

  @Override
  public BooleanParam itemBias() {
    return trainParams.itemBias;
  }

  @Override
  public IntParam minWeightsPerRow() {
    return trainParams.minWeightsPerRow;
  }

  @Override
  public Param<String> validationCol() {
    return trainParams.validationCol;
  }

  @Override
  public IntParam patience() {
    return trainParams.patience;
  }

  @Override
  public Param<String> metric() {
    return trainParams.metric;
  }

  @Override
  public Param<String> initialModel() {
    return trainParams.initialModel;
  }

  @Override
  public Param<String> vanishedRows() {
    return trainParams.vanishedRows;
  }

  @Override
  public Param<String> budget() {
    return trainParams.budget;
  }

  @Override
  public Param<String> newRows() {
    return trainParams.newRows;
  }

  @Override
  public DoubleParam solveShare() {
    return trainParams.solveShare;
  }

  @Override
  public Param<String> growth() {
    return trainParams.growth;
  }

  @Override
  public Param<String> start() {
    return trainParams.start;
  }

  @Override
  public DoubleParam protect() {
    return trainParams.protect;
  }

  @Override
  public DoubleParam protectDecay() {
    return trainParams.protectDecay;
  }

  @Override
  public IntParam numBlocks() {
    return trainParams.numBlocks;
  }

  @Override
  public Param<String> intermediateStorageLevel() {
    return trainParams.intermediateStorageLevel;
  }

  @Override
  public Param<String> finalStorageLevel() {
    return trainParams.finalStorageLevel;
  }
}
