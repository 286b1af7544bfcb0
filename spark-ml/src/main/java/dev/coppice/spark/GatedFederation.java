package dev.coppice.spark;

import dev.coppice.core.federate.Federation;
import dev.coppice.spark.table.Schemas;
import java.util.function.Consumer;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Gated sparse local models, as a Spark ML estimator: a global sparse item table, and of it one
 * part a client (a market, a tenant, an occupation), chosen by a gate within the client's own limit
 * and adapted to its interactions (docs/federation.md). Each client is trained in one task; its
 * interactions, user rows and gate stay in the executors.
 *
 * <p>Memory: the driver and every executor hold the global item table, 6 bytes a stored weight; an
 * executor holds its clients' interactions twice, their user rows, and a table of items a client.
 *
 * <p>Source: Chen, Yao, Gao, Ding, Li, Efficient Personalized Federated Learning via Sparse
 * Model-Adaptation, ICML 2023 (arXiv 2305.02776).
 *
 * @since 0.1.0
 */
public final class GatedFederation extends Estimator<GatedFederationModel>
    implements GatedFederationParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final GatedModelParamSet modelParams;
  private final GatedTrainParamSet trainParams;
  private transient Consumer<Federation.RoundRecord> listener;

  /** An estimator with a fresh uid and all Params at their defaults. */
  public GatedFederation() {
    this(Identifiable.randomUID("gatedFederation"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public GatedFederation(String uid) {
    this.uid = uid;
    modelParams = new GatedModelParamSet(this);
    trainParams = new GatedTrainParamSet(this);
    modelParams.setDefaults(this);
    trainParams.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Trains the models.
   *
   * @param dataset one row an interaction; {@link #transformSchema} says which columns. All rows of
   *     a user belong to one client, and a pair may come once only
   * @throws IllegalArgumentException if a Param or column is wrong
   * @throws dev.coppice.core.error.BadInputException if rows have no id or client, a user is in two
   *     clients, or a client is too large
   */
  @Override
  public GatedFederationModel fit(Dataset<?> dataset) {
    return train(dataset, null);
  }

  /**
   * Trains the models from the rows of a model of all clients, as {@link #initialModel} does from a
   * saved one.
   *
   * @param dataset as in {@link #fit(Dataset)}
   * @param initial ids of the same values; its user rows are taken too. Null for none
   * @throws IllegalArgumentException if {@link #initialModel} is set too, or as in {@link
   *     #fit(Dataset)}
   */
  public GatedFederationModel fit(Dataset<?> dataset, DynamicSparseALSModel initial) {
    if (initial != null && !getInitialModel().isEmpty()) {
      throw new IllegalArgumentException(
          "initialModel is '"
              + getInitialModel()
              + "', and another model to start from is given; clear one of them");
    }
    return train(dataset, initial);
  }

  private GatedFederationModel train(Dataset<?> dataset, DynamicSparseALSModel initial) {
    transformSchema(dataset.schema());
    return finished(new GatedFitting(this, dataset).fit(initial));
  }

  /**
   * Trains the gates of new clients on the frozen global table of a model; nothing else is trained
   * but the users' own rows. Objective and block layout are those of the model; of the Params,
   * those of capacities and gates count.
   *
   * @param model what the clients join; stays as it is
   * @param dataset interactions of the new clients, as in {@link #fit(Dataset)}; those with items
   *     that the model does not know are left out, and counted in the log
   * @return a model of the new clients alone
   */
  public GatedFederationModel join(GatedFederationModel model, Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return finished(new GatedFitting(this, dataset).join(model));
  }

  private GatedFederationModel finished(GatedFederationModel model) {
    copyValues(model.setParent(this), new ParamMap());
    return model;
  }

  /**
   * Checks all Params and the columns: {@code userCol} and {@code itemCol} of an id type, {@code
   * clientCol} of one too, {@code ratingCol} of a number type. Adds {@code predictionCol}.
   *
   * @throws IllegalArgumentException naming the column, its type and what is allowed
   */
  @Override
  public StructType transformSchema(StructType schema) {
    GatedConfig.of(this);
    if (!getRatingCol().isEmpty()) {
      Schemas.requireNumber(schema, "ratingCol", getRatingCol());
    }
    return GatedFederationModel.transformed(schema, this);
  }

  @Override
  public GatedFederation copy(ParamMap extra) {
    GatedFederation other = defaultCopy(extra);
    other.listener = listener;
    return other;
  }

  /**
   * Tells a listener of every round, on the thread that called {@code fit}. Not a Param: it is
   * copied, and not saved.
   *
   * @param value null for none
   */
  public GatedFederation setListener(Consumer<Federation.RoundRecord> value) {
    listener = value;
    return this;
  }

  Consumer<Federation.RoundRecord> listener() {
    return listener == null ? round -> {} : listener;
  }

  /** Reads saved estimators. */
  public static MLReader<GatedFederation> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static GatedFederation load(String path) {
    return read().load(path);
  }

  /** Sets {@link #userCol}. */
  public GatedFederation setUserCol(String value) {
    ModelParamSet.set(this, userCol(), value);
    return this;
  }

  /** Sets {@link #itemCol}. */
  public GatedFederation setItemCol(String value) {
    ModelParamSet.set(this, itemCol(), value);
    return this;
  }

  /** Sets {@link #clientCol}. */
  public GatedFederation setClientCol(String value) {
    ModelParamSet.set(this, clientCol(), value);
    return this;
  }

  /** Sets {@link #predictionCol}. */
  public GatedFederation setPredictionCol(String value) {
    ModelParamSet.set(this, predictionCol(), value);
    return this;
  }

  /** Sets {@link #coldStartStrategy}. */
  public GatedFederation setColdStartStrategy(String value) {
    ModelParamSet.set(this, coldStartStrategy(), value);
    return this;
  }

  /** Sets {@link #numPartitions}. */
  public GatedFederation setNumPartitions(int value) {
    ModelParamSet.set(this, numPartitions(), value);
    return this;
  }

  /** Sets {@link #ratingCol}. */
  public GatedFederation setRatingCol(String value) {
    ModelParamSet.set(this, ratingCol(), value);
    return this;
  }

  /** Sets {@link #rank}. */
  public GatedFederation setRank(int value) {
    ModelParamSet.set(this, rank(), value);
    return this;
  }

  /** Sets {@link #density}. */
  public GatedFederation setDensity(double value) {
    ModelParamSet.set(this, density(), value);
    return this;
  }

  /** Sets {@link #maxIter}. */
  public GatedFederation setMaxIter(int value) {
    ModelParamSet.set(this, maxIter(), value);
    return this;
  }

  /** Sets {@link #regParam}. */
  public GatedFederation setRegParam(double value) {
    ModelParamSet.set(this, regParam(), value);
    return this;
  }

  /** Sets {@link #regExponent}. */
  public GatedFederation setRegExponent(double value) {
    ModelParamSet.set(this, regExponent(), value);
    return this;
  }

  /** Sets {@link #unobservedWeight}. */
  public GatedFederation setUnobservedWeight(double value) {
    ModelParamSet.set(this, unobservedWeight(), value);
    return this;
  }

  /** Sets {@link #userDebias}. */
  public GatedFederation setUserDebias(double value) {
    ModelParamSet.set(this, userDebias(), value);
    return this;
  }

  /** Sets {@link #itemDebias}. */
  public GatedFederation setItemDebias(double value) {
    ModelParamSet.set(this, itemDebias(), value);
    return this;
  }

  /** Sets {@link #seed}. */
  public GatedFederation setSeed(long value) {
    ModelParamSet.set(this, seed(), value);
    return this;
  }

  /** Sets {@link #startTable}. */
  public GatedFederation setStartTable(String value) {
    ModelParamSet.set(this, startTable(), value);
    return this;
  }

  /** Sets {@link #initialModel}. */
  public GatedFederation setInitialModel(String value) {
    ModelParamSet.set(this, initialModel(), value);
    return this;
  }

  /** Sets {@link #capacity}. */
  public GatedFederation setCapacity(double value) {
    ModelParamSet.set(this, capacity(), value);
    return this;
  }

  /** Sets {@link #capacities}. */
  public GatedFederation setCapacities(String... value) {
    ModelParamSet.set(this, capacities(), value);
    return this;
  }

  /** Sets {@link #capacityTable}. */
  public GatedFederation setCapacityTable(String value) {
    ModelParamSet.set(this, capacityTable(), value);
    return this;
  }

  /** Sets {@link #memoryLimit}. */
  public GatedFederation setMemoryLimit(long value) {
    ModelParamSet.set(this, memoryLimit(), value);
    return this;
  }

  /** Sets {@link #joins}. */
  public GatedFederation setJoins(String... value) {
    ModelParamSet.set(this, joins(), value);
    return this;
  }

  /** Sets {@link #maxClientInteractions}. */
  public GatedFederation setMaxClientInteractions(long value) {
    ModelParamSet.set(this, maxClientInteractions(), value);
    return this;
  }

  /** Sets {@link #rounds}. */
  public GatedFederation setRounds(int value) {
    ModelParamSet.set(this, rounds(), value);
    return this;
  }

  /** Sets {@link #participation}. */
  public GatedFederation setParticipation(double value) {
    ModelParamSet.set(this, participation(), value);
    return this;
  }

  /** Sets {@link #localSteps}. */
  public GatedFederation setLocalSteps(int value) {
    ModelParamSet.set(this, localSteps(), value);
    return this;
  }

  /** Sets {@link #anchorWeight}. */
  public GatedFederation setAnchorWeight(double value) {
    ModelParamSet.set(this, anchorWeight(), value);
    return this;
  }

  /** Sets {@link #serverRate}. */
  public GatedFederation setServerRate(double value) {
    ModelParamSet.set(this, serverRate(), value);
    return this;
  }

  /** Sets {@link #maskInterval}. */
  public GatedFederation setMaskInterval(int value) {
    ModelParamSet.set(this, maskInterval(), value);
    return this;
  }

  /** Sets {@link #maskRatio}. */
  public GatedFederation setMaskRatio(double value) {
    ModelParamSet.set(this, maskRatio(), value);
    return this;
  }

  /** Sets {@link #buckets}. */
  public GatedFederation setBuckets(String value) {
    ModelParamSet.set(this, buckets(), value);
    return this;
  }

  /** Sets {@link #itemBuckets}. */
  public GatedFederation setItemBuckets(int value) {
    ModelParamSet.set(this, itemBuckets(), value);
    return this;
  }

  /** Sets {@link #dimBlocks}. */
  public GatedFederation setDimBlocks(int value) {
    ModelParamSet.set(this, dimBlocks(), value);
    return this;
  }

  /** Sets {@link #gate}. */
  public GatedFederation setGate(String value) {
    ModelParamSet.set(this, gate(), value);
    return this;
  }

  /** Sets {@link #gateFeatures}. */
  public GatedFederation setGateFeatures(int value) {
    ModelParamSet.set(this, gateFeatures(), value);
    return this;
  }

  /** Sets {@link #gateBatch}. */
  public GatedFederation setGateBatch(int value) {
    ModelParamSet.set(this, gateBatch(), value);
    return this;
  }

  /** Sets {@link #gateSteps}. */
  public GatedFederation setGateSteps(int value) {
    ModelParamSet.set(this, gateSteps(), value);
    return this;
  }

  /** Sets {@link #gateRate}. */
  public GatedFederation setGateRate(double value) {
    ModelParamSet.set(this, gateRate(), value);
    return this;
  }

  /** Sets {@link #minGate}. */
  public GatedFederation setMinGate(double value) {
    ModelParamSet.set(this, minGate(), value);
    return this;
  }

  /** Sets {@link #cuts}. */
  public GatedFederation setCuts(int value) {
    ModelParamSet.set(this, cuts(), value);
    return this;
  }

  /** Sets {@link #userRatio}. */
  public GatedFederation setUserRatio(double value) {
    ModelParamSet.set(this, userRatio(), value);
    return this;
  }

  /** Sets {@link #finalSteps}. */
  public GatedFederation setFinalSteps(int value) {
    ModelParamSet.set(this, finalSteps(), value);
    return this;
  }

  /** Sets {@link #itemRatio}. */
  public GatedFederation setItemRatio(double value) {
    ModelParamSet.set(this, itemRatio(), value);
    return this;
  }

  /** Sets {@link #joinItems}. */
  public GatedFederation setJoinItems(boolean value) {
    ModelParamSet.set(this, joinItems(), value);
    return this;
  }

  /** Sets {@link #ownItems}. */
  public GatedFederation setOwnItems(boolean value) {
    ModelParamSet.set(this, ownItems(), value);
    return this;
  }

  /** Sets {@link #scoreWeight}. */
  public GatedFederation setScoreWeight(double value) {
    ModelParamSet.set(this, scoreWeight(), value);
    return this;
  }

  /** Sets {@link #checkpointInterval}. */
  public GatedFederation setCheckpointInterval(int value) {
    ModelParamSet.set(this, checkpointInterval(), value);
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
  public Param<String> clientCol() {
    return modelParams.clientCol;
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
  public IntParam numPartitions() {
    return modelParams.numPartitions;
  }

  @Override
  public Param<String> ratingCol() {
    return trainParams.ratingCol;
  }

  @Override
  public IntParam rank() {
    return trainParams.rank;
  }

  @Override
  public DoubleParam density() {
    return trainParams.density;
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
  public DoubleParam unobservedWeight() {
    return trainParams.unobservedWeight;
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
  public LongParam seed() {
    return trainParams.seed;
  }

  @Override
  public Param<String> startTable() {
    return trainParams.startTable;
  }

  @Override
  public Param<String> initialModel() {
    return trainParams.initialModel;
  }

  @Override
  public DoubleParam capacity() {
    return trainParams.capacity;
  }

  @Override
  public StringArrayParam capacities() {
    return trainParams.capacities;
  }

  @Override
  public Param<String> capacityTable() {
    return trainParams.capacityTable;
  }

  @Override
  public LongParam memoryLimit() {
    return trainParams.memoryLimit;
  }

  @Override
  public StringArrayParam joins() {
    return trainParams.joins;
  }

  @Override
  public LongParam maxClientInteractions() {
    return trainParams.maxClientInteractions;
  }

  @Override
  public IntParam rounds() {
    return trainParams.rounds;
  }

  @Override
  public DoubleParam participation() {
    return trainParams.participation;
  }

  @Override
  public IntParam localSteps() {
    return trainParams.localSteps;
  }

  @Override
  public DoubleParam anchorWeight() {
    return trainParams.anchorWeight;
  }

  @Override
  public DoubleParam serverRate() {
    return trainParams.serverRate;
  }

  @Override
  public IntParam maskInterval() {
    return trainParams.maskInterval;
  }

  @Override
  public DoubleParam maskRatio() {
    return trainParams.maskRatio;
  }

  @Override
  public Param<String> buckets() {
    return trainParams.buckets;
  }

  @Override
  public IntParam itemBuckets() {
    return trainParams.itemBuckets;
  }

  @Override
  public IntParam dimBlocks() {
    return trainParams.dimBlocks;
  }

  @Override
  public Param<String> gate() {
    return trainParams.gate;
  }

  @Override
  public IntParam gateFeatures() {
    return trainParams.gateFeatures;
  }

  @Override
  public IntParam gateBatch() {
    return trainParams.gateBatch;
  }

  @Override
  public IntParam gateSteps() {
    return trainParams.gateSteps;
  }

  @Override
  public DoubleParam gateRate() {
    return trainParams.gateRate;
  }

  @Override
  public DoubleParam minGate() {
    return trainParams.minGate;
  }

  @Override
  public IntParam cuts() {
    return trainParams.cuts;
  }

  @Override
  public DoubleParam userRatio() {
    return trainParams.userRatio;
  }

  @Override
  public IntParam finalSteps() {
    return trainParams.finalSteps;
  }

  @Override
  public DoubleParam itemRatio() {
    return trainParams.itemRatio;
  }

  @Override
  public BooleanParam joinItems() {
    return trainParams.joinItems;
  }

  @Override
  public BooleanParam ownItems() {
    return trainParams.ownItems;
  }

  @Override
  public DoubleParam scoreWeight() {
    return trainParams.scoreWeight;
  }

  @Override
  public IntParam checkpointInterval() {
    return trainParams.checkpointInterval;
  }
}
