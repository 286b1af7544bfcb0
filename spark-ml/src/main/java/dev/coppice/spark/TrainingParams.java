package dev.coppice.spark;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * What every estimator of this package can be told of the training on all data, after Spark MLlib's
 * {@code ALSParams} where it means the same. Symbols: docs/design.md section 3.
 */
public interface TrainingParams extends ScoringParams {

  /** d, width of an embedding row. */
  IntParam rank();

  /** Most sweeps over both sides. */
  IntParam maxIter();

  /** lambda, L2 strength. */
  DoubleParam regParam();

  /** nu, how the L2 strength grows with a row's observations. */
  DoubleParam regExponent();

  /** alpha_0, weight of every unobserved pair. */
  DoubleParam unobservedWeight();

  /** Column of interaction weights or ratings; empty: every interaction weighs 1. */
  Param<String> ratingCol();

  /** Seed of all random draws. */
  LongParam seed();

  /** Stored weights of a table over its rank times its rows. */
  DoubleParam density();

  /** beta_u, popularity exponent of the users. */
  DoubleParam userDebias();

  /** beta_i, popularity exponent of the items. */
  DoubleParam itemDebias();

  /** Path of a saved model that is started from; empty: none. */
  Param<String> initialModel();

  /** Returns the value of {@link #rank}. */
  default int getRank() {
    return (Integer) getOrDefault(rank());
  }

  /** Returns the value of {@link #maxIter}. */
  default int getMaxIter() {
    return (Integer) getOrDefault(maxIter());
  }

  /** Returns the value of {@link #regParam}. */
  default double getRegParam() {
    return (Double) getOrDefault(regParam());
  }

  /** Returns the value of {@link #regExponent}. */
  default double getRegExponent() {
    return (Double) getOrDefault(regExponent());
  }

  /** Returns the value of {@link #unobservedWeight}. */
  default double getUnobservedWeight() {
    return (Double) getOrDefault(unobservedWeight());
  }

  /** Returns the value of {@link #ratingCol}; empty where every interaction weighs 1. */
  default String getRatingCol() {
    return getOrDefault(ratingCol());
  }

  /** Returns the value of {@link #seed}. */
  default long getSeed() {
    return (Long) getOrDefault(seed());
  }

  /** Returns the value of {@link #density}. */
  default double getDensity() {
    return (Double) getOrDefault(density());
  }

  /** Returns the value of {@link #userDebias}. */
  default double getUserDebias() {
    return (Double) getOrDefault(userDebias());
  }

  /** Returns the value of {@link #itemDebias}. */
  default double getItemDebias() {
    return (Double) getOrDefault(itemDebias());
  }

  /** Returns the value of {@link #initialModel}; empty where there is none. */
  default String getInitialModel() {
    return getOrDefault(initialModel());
  }
}
