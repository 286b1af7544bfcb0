package dev.coppice.spark;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * What a federation can be told of its clients and its rounds (docs/federation.md).
 *
 * @param <M> the model it trains
 * @param <E> the estimator itself
 */
public abstract class FederatedEstimator<M extends Model<M>, E extends FederatedEstimator<M, E>>
    extends LatentEstimator<M, E> {
  private static final long serialVersionUID = 1L;

  /** Column that says which client a row belongs to. */
  public final Param<String> clientCol = declared.text(ScoringKeys.CLIENT_COL);

  /** What the clients' models are made of. */
  public final Param<String> family = declared.text(FederationKeys.FAMILY);

  /** What the others' pairs weigh in a client's neighbours. */
  public final DoubleParam othersWeight = declared.number(FederationKeys.OTHERS_WEIGHT);

  /** Users that a pair of items must have in a client to be sent. */
  public final IntParam minPairUsers = declared.integer(FederationKeys.MIN_PAIR_USERS);

  /** Share of the global item table's weights that a client may hold. */
  public final DoubleParam capacity = declared.number(FederationKeys.CAPACITY);

  /** {@code CLIENT=SHARE} for clients whose share differs. */
  public final StringArrayParam capacities = declared.texts(FederationKeys.CAPACITIES);

  /** Path of a table of shares or bytes by client; empty: none. */
  public final Param<String> capacityTable = declared.text(FederationKeys.CAPACITY_TABLE);

  /** Largest model of a client, in bytes; 0: none. */
  public final LongParam memoryLimit = declared.whole(FederationKeys.MEMORY_LIMIT);

  /** Clients of which only the gates are trained. */
  public final StringArrayParam joins = declared.texts(FederationKeys.JOINS);

  /** Whether the models of clients that join are trained too. */
  public final BooleanParam joinItems = declared.flag(FederationKeys.JOIN_ITEMS);

  /** Interactions above which a client is refused. */
  public final LongParam maxClientInteractions =
      declared.whole(FederationKeys.MAX_CLIENT_INTERACTIONS);

  /** What becomes of a user in several clients. */
  public final Param<String> sharedUsers = declared.text(FederationKeys.SHARED_USERS);

  /** What the rounds start from without an initial model. */
  public final Param<String> startTable = declared.text(FederationKeys.START_TABLE);

  /** Rounds. */
  public final IntParam rounds = declared.integer(FederationKeys.ROUNDS);

  /** Share of the clients that is asked in a round. */
  public final DoubleParam participation = declared.number(FederationKeys.PARTICIPATION);

  /** Passes over a client's items and users in a round. */
  public final IntParam localSteps = declared.integer(FederationKeys.LOCAL_STEPS);

  /** Strength of the pull towards the global rows. */
  public final DoubleParam anchorWeight = declared.number(FederationKeys.ANCHOR_WEIGHT);

  /** Share of the clients' mean change that the global table takes. */
  public final DoubleParam serverRate = declared.number(FederationKeys.SERVER_RATE);

  /** Rounds between explorations of the global mask; 0 never. */
  public final IntParam maskInterval = declared.integer(FederationKeys.MASK_INTERVAL);

  /** Share of the global weights that the first exploration moves. */
  public final DoubleParam maskRatio = declared.number(FederationKeys.MASK_RATIO);

  /** Rounds between cuts of the lineage. */
  public final IntParam checkpointInterval = declared.integer(FederationKeys.CHECKPOINT_INTERVAL);

  /** Boolean column: rows that are true are not learnt from but measured on. */
  public final Param<String> validationCol = declared.text(FederationKeys.VALIDATION_COL);

  /** Whether each client is trained without the others too, for comparison. */
  public final BooleanParam alone = declared.flag(FederationKeys.ALONE);

  /** Whether the rows of a client stay in its partition. {@code private} is no name in Java. */
  public final BooleanParam privately = declared.flag(FederationKeys.PRIVATE);

  FederatedEstimator(String uid) {
    super(uid);
  }

  /** Sets {@link #clientCol}. */
  public E setClientCol(String value) {
    return put(clientCol, value);
  }

  /** Returns the value of {@link #clientCol}. */
  public String getClientCol() {
    return getOrDefault(clientCol);
  }

  /** Sets {@link #family}. */
  public E setFamily(String value) {
    return put(family, value);
  }

  /** Returns the value of {@link #family}. */
  public String getFamily() {
    return getOrDefault(family);
  }

  /** Sets {@link #othersWeight}. */
  public E setOthersWeight(double value) {
    return put(othersWeight, value);
  }

  /**
   * Returns the value of {@link #othersWeight}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so chosen by each client
   */
  public double getOthersWeight() {
    return (Double) getOrDefault(othersWeight);
  }

  /** Sets {@link #minPairUsers}. */
  public E setMinPairUsers(int value) {
    return put(minPairUsers, value);
  }

  /** Returns the value of {@link #minPairUsers}. */
  public int getMinPairUsers() {
    return (Integer) getOrDefault(minPairUsers);
  }

  /** Sets {@link #capacity}. */
  public E setCapacity(double value) {
    return put(capacity, value);
  }

  /** Returns the value of {@link #capacity}. */
  public double getCapacity() {
    return (Double) getOrDefault(capacity);
  }

  /** Sets {@link #capacities}. */
  public E setCapacities(String... value) {
    return put(capacities, value);
  }

  /** Returns the value of {@link #capacities}. */
  public String[] getCapacities() {
    return getOrDefault(capacities);
  }

  /** Sets {@link #capacityTable}. */
  public E setCapacityTable(String value) {
    return put(capacityTable, value);
  }

  /** Returns the value of {@link #capacityTable}. */
  public String getCapacityTable() {
    return getOrDefault(capacityTable);
  }

  /** Sets {@link #memoryLimit}. */
  public E setMemoryLimit(long value) {
    return put(memoryLimit, value);
  }

  /** Returns the value of {@link #memoryLimit}. */
  public long getMemoryLimit() {
    return (Long) getOrDefault(memoryLimit);
  }

  /** Sets {@link #joins}. */
  public E setJoins(String... value) {
    return put(joins, value);
  }

  /** Returns the value of {@link #joins}. */
  public String[] getJoins() {
    return getOrDefault(joins);
  }

  /** Sets {@link #joinItems}. */
  public E setJoinItems(boolean value) {
    return put(joinItems, value);
  }

  /** Returns the value of {@link #joinItems}. */
  public boolean getJoinItems() {
    return (Boolean) getOrDefault(joinItems);
  }

  /** Sets {@link #maxClientInteractions}. */
  public E setMaxClientInteractions(long value) {
    return put(maxClientInteractions, value);
  }

  /** Returns the value of {@link #maxClientInteractions}. */
  public long getMaxClientInteractions() {
    return (Long) getOrDefault(maxClientInteractions);
  }

  /** Sets {@link #sharedUsers}. */
  public E setSharedUsers(String value) {
    return put(sharedUsers, value);
  }

  /** Returns the value of {@link #sharedUsers}. */
  public String getSharedUsers() {
    return getOrDefault(sharedUsers);
  }

  /** Sets {@link #startTable}. */
  public E setStartTable(String value) {
    return put(startTable, value);
  }

  /** Returns the value of {@link #startTable}. */
  public String getStartTable() {
    return getOrDefault(startTable);
  }

  /** Sets {@link #rounds}. */
  public E setRounds(int value) {
    return put(rounds, value);
  }

  /** Returns the value of {@link #rounds}. */
  public int getRounds() {
    return (Integer) getOrDefault(rounds);
  }

  /** Sets {@link #participation}. */
  public E setParticipation(double value) {
    return put(participation, value);
  }

  /** Returns the value of {@link #participation}. */
  public double getParticipation() {
    return (Double) getOrDefault(participation);
  }

  /** Sets {@link #localSteps}. */
  public E setLocalSteps(int value) {
    return put(localSteps, value);
  }

  /** Returns the value of {@link #localSteps}. */
  public int getLocalSteps() {
    return (Integer) getOrDefault(localSteps);
  }

  /** Sets {@link #anchorWeight}. */
  public E setAnchorWeight(double value) {
    return put(anchorWeight, value);
  }

  /** Returns the value of {@link #anchorWeight}. */
  public double getAnchorWeight() {
    return (Double) getOrDefault(anchorWeight);
  }

  /** Sets {@link #serverRate}. */
  public E setServerRate(double value) {
    return put(serverRate, value);
  }

  /** Returns the value of {@link #serverRate}. */
  public double getServerRate() {
    return (Double) getOrDefault(serverRate);
  }

  /** Sets {@link #maskInterval}. */
  public E setMaskInterval(int value) {
    return put(maskInterval, value);
  }

  /** Returns the value of {@link #maskInterval}. */
  public int getMaskInterval() {
    return (Integer) getOrDefault(maskInterval);
  }

  /** Sets {@link #maskRatio}. */
  public E setMaskRatio(double value) {
    return put(maskRatio, value);
  }

  /** Returns the value of {@link #maskRatio}. */
  public double getMaskRatio() {
    return (Double) getOrDefault(maskRatio);
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

  /** Sets {@link #alone}. */
  public E setAlone(boolean value) {
    return put(alone, value);
  }

  /** Returns the value of {@link #alone}. */
  public boolean getAlone() {
    return (Boolean) getOrDefault(alone);
  }

  /** Sets {@link #privately}. */
  public E setPrivate(boolean value) {
    return put(privately, value);
  }

  /** Returns the value of {@link #privately}. */
  public boolean getPrivate() {
    return (Boolean) getOrDefault(privately);
  }
}
