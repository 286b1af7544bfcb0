package dev.coppice.spark;

import dev.coppice.spark.federate.StepFault;
import dev.coppice.spark.table.Schemas;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Gated sparse local models, as a Spark ML estimator: a global sparse item table, and of it one
 * part a client (a market, a tenant, an occupation), chosen by a gate within the client's own limit
 * and adapted to its interactions (docs/federation.md). Each client is trained in one task; its
 * interactions, user rows and gate stay in the executors; with {@link #privately}, in its
 * partition.
 *
 * <p>Memory: the driver and every executor hold the global item table, 6 bytes a stored weight; an
 * executor holds its clients' interactions twice, their user rows, and a table of items a client.
 *
 * <p>Source: Chen, Yao, Gao, Ding, Li, Efficient Personalized Federated Learning via Sparse
 * Model-Adaptation, ICML 2023 (arXiv 2305.02776).
 *
 * @since 0.1.0
 */
public final class GatedFederation extends FederatedEstimator<GatedFederationModel, GatedFederation>
    implements NeighbourParams<GatedFederation> {
  private static final long serialVersionUID = 1L;

  /** Neighbours an item on the mean, of a client of capacity 1. */
  public final DoubleParam neighbours = declared.number(NeighbourKeys.NEIGHBOURS);

  /** L2 strength of the neighbours' weights. */
  public final DoubleParam neighbourReg = declared.number(NeighbourKeys.NEIGHBOUR_REG);

  /** How much less the co-occurrences in a long history count. */
  public final DoubleParam historyDebias = declared.number(NeighbourKeys.HISTORY_DEBIAS);

  /** Most items of a user that co-occurrences are counted of. */
  public final IntParam maxHistory = declared.integer(NeighbourKeys.MAX_HISTORY);

  /** By what items are put into buckets. */
  public final Param<String> buckets = declared.text(GateKeys.BUCKETS);

  /** Item buckets of the block layout. */
  public final IntParam itemBuckets = declared.integer(GateKeys.ITEM_BUCKETS);

  /** Dimension groups of the block layout. */
  public final IntParam dimBlocks = declared.integer(GateKeys.DIM_BLOCKS);

  /** How a gate gets its values. */
  public final Param<String> gate = declared.text(GateKeys.GATE);

  /** Length of the profile that the gate reads. */
  public final IntParam gateFeatures = declared.integer(GateKeys.GATE_FEATURES);

  /** Users in a batch. */
  public final IntParam gateBatch = declared.integer(GateKeys.GATE_BATCH);

  /** Steps of the gate's training for each local step. */
  public final IntParam gateSteps = declared.integer(GateKeys.GATE_STEPS);

  /** Size of a step of the gate. */
  public final DoubleParam gateRate = declared.number(GateKeys.GATE_RATE);

  /** The least value of a gate. */
  public final DoubleParam minGate = declared.number(GateKeys.MIN_GATE);

  /** Steps in which a learnt gate shrinks a client to its capacity. */
  public final IntParam cuts = declared.integer(GateKeys.CUTS);

  /** Share of a user row's positions that move when blocks have gone. */
  public final DoubleParam userRatio = declared.number(GateKeys.USER_RATIO);

  /** How strongly item rows keep the scores of the whole global table. */
  public final DoubleParam scoreWeight = declared.number(GateKeys.SCORE_WEIGHT);

  /** Whether a client's model has rows of its own items alone. */
  public final BooleanParam ownItems = declared.flag(GateKeys.OWN_ITEMS);

  /** Passes that make a client's own model. */
  public final IntParam finalSteps = declared.integer(GateKeys.FINAL_STEPS);

  /** Share of an own model's positions that move at first. */
  public final DoubleParam itemRatio = declared.number(GateKeys.ITEM_RATIO);

  private transient FederationListener listener;
  private transient StepFault fault;

  /** An estimator with a fresh uid and all Params at their defaults. */
  public GatedFederation() {
    this(Identifiable.randomUID("gatedFederation"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public GatedFederation(String uid) {
    super(uid);
  }

  /**
   * Trains the models.
   *
   * @param dataset one row an interaction; {@link #transformSchema} says which columns. A pair may
   *     come once only, and {@link #sharedUsers} says what becomes of a user in several clients
   * @throws IllegalArgumentException if a Param or column is wrong
   * @throws dev.coppice.core.error.BadInputException if rows have no id or client, a user is in two
   *     clients that must not be, or a client is too large
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
    return finished(new GatedFitting(this, opener(dataset)).fit(initial));
  }

  /**
   * Trains the models on data whose ids are numbers already; Params that name columns do not count.
   *
   * @param initial as in {@link #fit(Dataset, DynamicSparseALSModel)}
   */
  public GatedFederationModel fit(FederationData data, DynamicSparseALSModel initial) {
    return finished(new GatedFitting(this, opener(data)).fit(initial));
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
    return finished(new GatedFitting(this, opener(dataset)).join(model));
  }

  /** As {@link #join(GatedFederationModel, Dataset)}, of data whose ids are numbers already. */
  public GatedFederationModel join(GatedFederationModel model, FederationData data) {
    return finished(new GatedFitting(this, opener(data)).join(model));
  }

  private FittingInput.Opener opener(Dataset<?> dataset) {
    return getPrivate()
        ? (stage, items) -> PrivateInput.open(FederationColumns.raw(this, dataset), stage, items)
        : (stage, items) -> PooledInput.open(FederationColumns.read(this, dataset), stage, items);
  }

  private FittingInput.Opener opener(FederationData data) {
    return getPrivate()
        ? (stage, items) -> PrivateInput.open(data.byIds(), stage, items)
        : (stage, items) -> PooledInput.open(data, stage, items);
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
    GatedConfig.of(AutoParams.provisional(this));
    if (!getRatingCol().isEmpty()) {
      Schemas.requireNumber(schema, "ratingCol", getRatingCol());
    }
    if (!getValidationCol().isEmpty()) {
      Schemas.requireBoolean(schema, "validationCol", getValidationCol());
    }
    return GatedFederationModel.transformed(schema, this, getClientCol());
  }

  @Override
  public GatedFederation copy(ParamMap extra) {
    GatedFederation other = defaultCopy(extra);
    other.listener = listener;
    other.fault = fault;
    return other;
  }

  /**
   * Tells a listener of every round, on the thread that called {@code fit}. Not a Param: it is
   * copied, and not saved.
   *
   * @param value null for none
   */
  public GatedFederation setListener(FederationListener value) {
    listener = value;
    return this;
  }

  FederationListener listener() {
    return listener == null ? round -> {} : listener;
  }

  /**
   * Makes clients fail where {@code value} throws, to rehearse it. Not a Param: it is copied, and
   * not saved.
   *
   * @param value null for none
   */
  public GatedFederation setFault(StepFault value) {
    fault = value;
    return this;
  }

  StepFault fault() {
    return fault == null ? StepFault.NONE : fault;
  }

  /**
   * Checks all Params against each other, without data.
   *
   * @param fromModel whether the rounds will start from a model that is no Param, or a finished
   *     federation is joined
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  public void validateParams(boolean fromModel) {
    validateParams();
    GatedConfig.requireStart(this, fromModel || !getInitialModel().isEmpty());
  }

  /**
   * Checks all Params against each other, without data.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  public void validateParams() {
    GatedConfig.of(AutoParams.provisional(this));
  }

  /** Reads saved estimators. */
  public static MLReader<GatedFederation> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static GatedFederation load(String path) {
    return read().load(path);
  }

  /** Sets {@link #buckets}. */
  public GatedFederation setBuckets(String value) {
    return put(buckets, value);
  }

  /** Returns the value of {@link #buckets}. */
  public String getBuckets() {
    return getOrDefault(buckets);
  }

  /** Sets {@link #itemBuckets}. */
  public GatedFederation setItemBuckets(int value) {
    return put(itemBuckets, value);
  }

  /** Returns the value of {@link #itemBuckets}. */
  public int getItemBuckets() {
    return (Integer) getOrDefault(itemBuckets);
  }

  /** Sets {@link #dimBlocks}. */
  public GatedFederation setDimBlocks(int value) {
    return put(dimBlocks, value);
  }

  /** Returns the value of {@link #dimBlocks}. */
  public int getDimBlocks() {
    return (Integer) getOrDefault(dimBlocks);
  }

  /** Sets {@link #gate}. */
  public GatedFederation setGate(String value) {
    return put(gate, value);
  }

  /** Returns the value of {@link #gate}. */
  public String getGate() {
    return getOrDefault(gate);
  }

  /** Sets {@link #gateFeatures}. */
  public GatedFederation setGateFeatures(int value) {
    return put(gateFeatures, value);
  }

  /** Returns the value of {@link #gateFeatures}. */
  public int getGateFeatures() {
    return (Integer) getOrDefault(gateFeatures);
  }

  /** Sets {@link #gateBatch}. */
  public GatedFederation setGateBatch(int value) {
    return put(gateBatch, value);
  }

  /** Returns the value of {@link #gateBatch}. */
  public int getGateBatch() {
    return (Integer) getOrDefault(gateBatch);
  }

  /** Sets {@link #gateSteps}. */
  public GatedFederation setGateSteps(int value) {
    return put(gateSteps, value);
  }

  /** Returns the value of {@link #gateSteps}. */
  public int getGateSteps() {
    return (Integer) getOrDefault(gateSteps);
  }

  /** Sets {@link #gateRate}. */
  public GatedFederation setGateRate(double value) {
    return put(gateRate, value);
  }

  /** Returns the value of {@link #gateRate}. */
  public double getGateRate() {
    return (Double) getOrDefault(gateRate);
  }

  /** Sets {@link #minGate}. */
  public GatedFederation setMinGate(double value) {
    return put(minGate, value);
  }

  /** Returns the value of {@link #minGate}. */
  public double getMinGate() {
    return (Double) getOrDefault(minGate);
  }

  /** Sets {@link #cuts}. */
  public GatedFederation setCuts(int value) {
    return put(cuts, value);
  }

  /** Returns the value of {@link #cuts}. */
  public int getCuts() {
    return (Integer) getOrDefault(cuts);
  }

  /** Sets {@link #userRatio}. */
  public GatedFederation setUserRatio(double value) {
    return put(userRatio, value);
  }

  /** Returns the value of {@link #userRatio}. */
  public double getUserRatio() {
    return (Double) getOrDefault(userRatio);
  }

  /** Sets {@link #scoreWeight}. */
  public GatedFederation setScoreWeight(double value) {
    return put(scoreWeight, value);
  }

  /** Returns the value of {@link #scoreWeight}. */
  public double getScoreWeight() {
    return (Double) getOrDefault(scoreWeight);
  }

  /** Sets {@link #ownItems}. */
  public GatedFederation setOwnItems(boolean value) {
    return put(ownItems, value);
  }

  /** Returns the value of {@link #ownItems}. */
  public boolean getOwnItems() {
    return (Boolean) getOrDefault(ownItems);
  }

  /** Sets {@link #finalSteps}. */
  public GatedFederation setFinalSteps(int value) {
    return put(finalSteps, value);
  }

  /** Returns the value of {@link #finalSteps}. */
  public int getFinalSteps() {
    return (Integer) getOrDefault(finalSteps);
  }

  /** Sets {@link #itemRatio}. */
  public GatedFederation setItemRatio(double value) {
    return put(itemRatio, value);
  }

  /** Returns the value of {@link #itemRatio}. */
  public double getItemRatio() {
    return (Double) getOrDefault(itemRatio);
  }
}
