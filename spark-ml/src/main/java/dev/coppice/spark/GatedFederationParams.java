package dev.coppice.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * Params of {@link GatedFederation}. Names, meanings and defaults are those of the keys of the job
 * {@code federate}; docs/federation.md explains them.
 */
public interface GatedFederationParams extends GatedFederationModelParams, TrainingParams {

  /** What the rounds start from without an initial model. */
  Param<String> startTable();

  /** Share of the global item table's weights that a client may hold. */
  DoubleParam capacity();

  /** {@code CLIENT=SHARE} for clients whose share differs. */
  StringArrayParam capacities();

  /** Path of a table of shares or bytes by client; empty: none. */
  Param<String> capacityTable();

  /** Largest model of a client, in bytes; 0: none. */
  LongParam memoryLimit();

  /** Clients of which only the gates are trained. */
  StringArrayParam joins();

  /** Interactions above which a client is refused. */
  LongParam maxClientInteractions();

  /** Rounds. */
  IntParam rounds();

  /** Share of the clients that is asked in a round. */
  DoubleParam participation();

  /** Passes over a client's items and users in a round. */
  IntParam localSteps();

  /** Strength of the pull towards the global rows. */
  DoubleParam anchorWeight();

  /** Share of the clients' mean change that the global table takes. */
  DoubleParam serverRate();

  /** Rounds between explorations of the global mask; 0 never. */
  IntParam maskInterval();

  /** Share of the global weights that the first exploration moves. */
  DoubleParam maskRatio();

  /** By what items are put into buckets. */
  Param<String> buckets();

  /** Item buckets of the block layout; 0 chooses. */
  IntParam itemBuckets();

  /** Dimension groups of the block layout; 0 chooses. */
  IntParam dimBlocks();

  /** How a gate gets its values. */
  Param<String> gate();

  /** Length of the gate's input. */
  IntParam gateFeatures();

  /** Users in a batch of the gate's input. */
  IntParam gateBatch();

  /** Steps of the gate for each local step. */
  IntParam gateSteps();

  /** Size of a step of the gate. */
  DoubleParam gateRate();

  /** The least value of a gate. */
  DoubleParam minGate();

  /** Steps in which a learnt gate shrinks a client at first. */
  IntParam cuts();

  /** Share of a user row's positions that move when blocks have gone. */
  DoubleParam userRatio();

  /** How strongly a client's item rows keep the scores of the whole global table. */
  DoubleParam scoreWeight();

  /** Whether a client's model has rows of the items alone that the client has. */
  BooleanParam ownItems();

  /** Passes over a client's items and users that make its own model. */
  IntParam finalSteps();

  /** Share of the positions of an own model's rows that move in the first of the final steps. */
  DoubleParam itemRatio();

  /** Whether the models of clients that join are trained in the final steps too. */
  BooleanParam joinItems();

  /** Rounds between cuts of the lineage. */
  IntParam checkpointInterval();

  /** Returns the value of {@link #startTable}. */
  default String getStartTable() {
    return getOrDefault(startTable());
  }

  /** Returns the value of {@link #capacity}. */
  default double getCapacity() {
    return (Double) getOrDefault(capacity());
  }

  /** Returns the value of {@link #capacities}. */
  default String[] getCapacities() {
    return getOrDefault(capacities());
  }

  /** Returns the value of {@link #capacityTable}. */
  default String getCapacityTable() {
    return getOrDefault(capacityTable());
  }

  /** Returns the value of {@link #memoryLimit}. */
  default long getMemoryLimit() {
    return (Long) getOrDefault(memoryLimit());
  }

  /** Returns the value of {@link #joins}. */
  default String[] getJoins() {
    return getOrDefault(joins());
  }

  /** Returns the value of {@link #maxClientInteractions}. */
  default long getMaxClientInteractions() {
    return (Long) getOrDefault(maxClientInteractions());
  }

  /** Returns the value of {@link #rounds}. */
  default int getRounds() {
    return (Integer) getOrDefault(rounds());
  }

  /** Returns the value of {@link #participation}. */
  default double getParticipation() {
    return (Double) getOrDefault(participation());
  }

  /** Returns the value of {@link #localSteps}. */
  default int getLocalSteps() {
    return (Integer) getOrDefault(localSteps());
  }

  /** Returns the value of {@link #anchorWeight}. */
  default double getAnchorWeight() {
    return (Double) getOrDefault(anchorWeight());
  }

  /** Returns the value of {@link #serverRate}. */
  default double getServerRate() {
    return (Double) getOrDefault(serverRate());
  }

  /** Returns the value of {@link #maskInterval}. */
  default int getMaskInterval() {
    return (Integer) getOrDefault(maskInterval());
  }

  /** Returns the value of {@link #maskRatio}. */
  default double getMaskRatio() {
    return (Double) getOrDefault(maskRatio());
  }

  /** Returns the value of {@link #buckets}. */
  default String getBuckets() {
    return getOrDefault(buckets());
  }

  /** Returns the value of {@link #itemBuckets}. */
  default int getItemBuckets() {
    return (Integer) getOrDefault(itemBuckets());
  }

  /** Returns the value of {@link #dimBlocks}. */
  default int getDimBlocks() {
    return (Integer) getOrDefault(dimBlocks());
  }

  /** Returns the value of {@link #gate}. */
  default String getGate() {
    return getOrDefault(gate());
  }

  /** Returns the value of {@link #gateFeatures}. */
  default int getGateFeatures() {
    return (Integer) getOrDefault(gateFeatures());
  }

  /** Returns the value of {@link #gateBatch}. */
  default int getGateBatch() {
    return (Integer) getOrDefault(gateBatch());
  }

  /** Returns the value of {@link #gateSteps}. */
  default int getGateSteps() {
    return (Integer) getOrDefault(gateSteps());
  }

  /** Returns the value of {@link #gateRate}. */
  default double getGateRate() {
    return (Double) getOrDefault(gateRate());
  }

  /** Returns the value of {@link #minGate}. */
  default double getMinGate() {
    return (Double) getOrDefault(minGate());
  }

  /** Returns the value of {@link #cuts}. */
  default int getCuts() {
    return (Integer) getOrDefault(cuts());
  }

  /** Returns the value of {@link #userRatio}. */
  default double getUserRatio() {
    return (Double) getOrDefault(userRatio());
  }

  /** Returns the value of {@link #scoreWeight}. */
  default double getScoreWeight() {
    return (Double) getOrDefault(scoreWeight());
  }

  /** Returns the value of {@link #ownItems}. */
  default boolean getOwnItems() {
    return (Boolean) getOrDefault(ownItems());
  }

  /** Returns the value of {@link #finalSteps}. */
  default int getFinalSteps() {
    return (Integer) getOrDefault(finalSteps());
  }

  /** Returns the value of {@link #itemRatio}. */
  default double getItemRatio() {
    return (Double) getOrDefault(itemRatio());
  }

  /** Returns the value of {@link #joinItems}. */
  default boolean getJoinItems() {
    return (Boolean) getOrDefault(joinItems());
  }

  /** Returns the value of {@link #checkpointInterval}. */
  default int getCheckpointInterval() {
    return (Integer) getOrDefault(checkpointInterval());
  }
}
