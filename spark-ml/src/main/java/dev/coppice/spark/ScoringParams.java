package dev.coppice.spark;

import org.apache.spark.ml.param.Params;

/**
 * What every estimator and model of this package has: the columns, and how predictions are made.
 * Names and meanings are those of Spark MLlib's {@code ALSModelParams} where it has them.
 *
 * @param <S> the stage
 */
public interface ScoringParams<S> extends Params {

  /** Sets the column of user ids. */
  default S setUserCol(String value) {
    return ParamSet.set(this, ScoringKeys.USER_COL, value);
  }

  /** Returns the column of user ids. */
  default String getUserCol() {
    return ParamSet.get(this, ScoringKeys.USER_COL);
  }

  /** Sets the column of item ids. */
  default S setItemCol(String value) {
    return ParamSet.set(this, ScoringKeys.ITEM_COL, value);
  }

  /** Returns the column of item ids. */
  default String getItemCol() {
    return ParamSet.get(this, ScoringKeys.ITEM_COL);
  }

  /** Sets the column that {@code transform} adds, the predicted score. */
  default S setPredictionCol(String value) {
    return ParamSet.set(this, ScoringKeys.PREDICTION_COL, value);
  }

  /** Returns the column that {@code transform} adds, the predicted score. */
  default String getPredictionCol() {
    return ParamSet.get(this, ScoringKeys.PREDICTION_COL);
  }

  /** Sets what {@code transform} does with ids that the model does not know. */
  default S setColdStartStrategy(String value) {
    return ParamSet.set(this, ScoringKeys.COLD_START_STRATEGY, value);
  }

  /** Returns what {@code transform} does with ids that the model does not know. */
  default String getColdStartStrategy() {
    return ParamSet.get(this, ScoringKeys.COLD_START_STRATEGY);
  }

  /** Sets the partitions of a scoring or training step. */
  default S setNumPartitions(int value) {
    return ParamSet.set(this, ScoringKeys.NUM_PARTITIONS, value);
  }

  /** Returns the partitions of a scoring or training step. */
  default int getNumPartitions() {
    return ParamSet.get(this, ScoringKeys.NUM_PARTITIONS);
  }
}
