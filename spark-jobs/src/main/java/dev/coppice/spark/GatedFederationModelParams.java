package dev.coppice.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What {@link GatedFederation} and {@link GatedFederationModel} have in common: the columns, and
 * how predictions are made.
 */
public interface GatedFederationModelParams extends Params {

  /** Column of user ids. */
  Param<String> userCol();

  /** Column of item ids. */
  Param<String> itemCol();

  /** Column that says which client a row belongs to. */
  Param<String> clientCol();

  /** Column that {@code transform} adds: the predicted score, float. */
  Param<String> predictionCol();

  /** What {@code transform} does with ids that a client's model does not know. */
  Param<String> coldStartStrategy();

  /** Partitions of a step, and of the clients. */
  IntParam numPartitions();

  /** Returns the value of {@link #userCol}. */
  default String getUserCol() {
    return getOrDefault(userCol());
  }

  /** Returns the value of {@link #itemCol}. */
  default String getItemCol() {
    return getOrDefault(itemCol());
  }

  /** Returns the value of {@link #clientCol}. */
  default String getClientCol() {
    return getOrDefault(clientCol());
  }

  /** Returns the value of {@link #predictionCol}. */
  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** Returns the value of {@link #coldStartStrategy}. */
  default String getColdStartStrategy() {
    return getOrDefault(coldStartStrategy());
  }

  /** Returns the value of {@link #numPartitions}. */
  default int getNumPartitions() {
    return (Integer) getOrDefault(numPartitions());
  }
}
