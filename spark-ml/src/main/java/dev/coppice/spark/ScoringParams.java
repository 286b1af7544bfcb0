package dev.coppice.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What every estimator and model of this package has: the columns, and how predictions are made.
 * Names and meanings are those of Spark MLlib's {@code ALSModelParams} where it has them.
 */
public interface ScoringParams extends Params {

  /** Column of user ids: string, long, int, short or byte. */
  Param<String> userCol();

  /** Column of item ids: string, long, int, short or byte. */
  Param<String> itemCol();

  /** Column that {@code transform} adds: the predicted score, float. */
  Param<String> predictionCol();

  /** What {@code transform} does with ids that the model does not know: {@code nan} or drop. */
  Param<String> coldStartStrategy();

  /** Partitions of a scoring or training step. */
  IntParam numPartitions();

  /** Returns the value of {@link #userCol}. */
  default String getUserCol() {
    return getOrDefault(userCol());
  }

  /** Returns the value of {@link #itemCol}. */
  default String getItemCol() {
    return getOrDefault(itemCol());
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
