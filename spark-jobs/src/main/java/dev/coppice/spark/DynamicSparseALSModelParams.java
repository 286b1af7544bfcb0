package dev.coppice.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * What {@link DynamicSparseALS} and {@link DynamicSparseALSModel} have in common: the columns, and
 * how predictions are made. Names and meanings are those of Spark MLlib's {@code ALSModelParams}
 * where it has them.
 */
public interface DynamicSparseALSModelParams extends Params {

  /** Column of user ids: string, long, int, short or byte. */
  Param<String> userCol();

  /** Column of item ids: string, long, int, short or byte. */
  Param<String> itemCol();

  /** Column that {@code transform} adds: the predicted score, float. */
  Param<String> predictionCol();

  /** What {@code transform} does with ids that the model does not know: {@code nan} or drop. */
  Param<String> coldStartStrategy();

  /**
   * Column that {@code transform} adds if this is set: the position, from 1, of the row's item in
   * the full ranking of the row's user. See {@link SparseRankingEvaluator}.
   */
  Param<String> positionCol();

  /** How far down a ranking positions are looked for. */
  IntParam positionDepth();

  /** Rows scored together. */
  IntParam blockSize();

  /** Largest table, in bytes, that is sent to every executor as a whole. */
  LongParam broadcastLimit();

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

  /** Returns the value of {@link #positionCol}; empty where no positions are wanted. */
  default String getPositionCol() {
    return getOrDefault(positionCol());
  }

  /** Returns the value of {@link #positionDepth}. */
  default int getPositionDepth() {
    return (Integer) getOrDefault(positionDepth());
  }

  /** Returns the value of {@link #blockSize}. */
  default int getBlockSize() {
    return (Integer) getOrDefault(blockSize());
  }

  /** Returns the value of {@link #broadcastLimit}, in bytes. */
  default long getBroadcastLimit() {
    return (Long) getOrDefault(broadcastLimit());
  }

  /** Returns the value of {@link #numPartitions}. */
  default int getNumPartitions() {
    return (Integer) getOrDefault(numPartitions());
  }
}
