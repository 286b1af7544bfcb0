package dev.coppice.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * What {@link DynamicSparseALS} and {@link DynamicSparseALSModel} have in common: how predictions
 * and positions are made.
 */
public interface DynamicSparseALSModelParams extends ScoringParams {

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
}
