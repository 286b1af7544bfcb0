package dev.coppice.spark;

import dev.coppice.core.als.InteractionCounts;
import dev.coppice.core.error.BadInputException;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * What every estimator of latent rows can be told of its training, after Spark MLlib's {@code
 * ALSParams} where it means the same. Symbols: docs/design.md section 3.
 *
 * @param <M> the model it trains
 * @param <E> the estimator itself
 */
public abstract class LatentEstimator<M extends Model<M>, E extends LatentEstimator<M, E>>
    extends SparseEstimator<M, E> {
  private static final long serialVersionUID = 1L;

  /** d, width of an embedding row, in dimensions. */
  public final IntParam rank = declared.integer(LatentKeys.RANK);

  /** Stored weights of a table over its rank times its rows. */
  public final DoubleParam density = declared.number(LatentKeys.DENSITY);

  /** Most sweeps over both sides. */
  public final IntParam maxIter = declared.integer(LatentKeys.MAX_ITER);

  /** lambda, L2 strength. */
  public final DoubleParam regParam = declared.number(LatentKeys.REG_PARAM);

  /** nu, how the L2 strength grows with a row's observations. */
  public final DoubleParam regExponent = declared.number(LatentKeys.REG_EXPONENT);

  /** alpha_0, weight of every unobserved pair. */
  public final DoubleParam unobservedWeight = declared.number(LatentKeys.UNOBSERVED_WEIGHT);

  /** beta_u, popularity exponent of the users. */
  public final DoubleParam userDebias = declared.number(LatentKeys.USER_DEBIAS);

  /** beta_i, popularity exponent of the items. */
  public final DoubleParam itemDebias = declared.number(LatentKeys.ITEM_DEBIAS);

  /** Column of interaction weights or ratings; empty: every interaction weighs 1. */
  public final Param<String> ratingCol = declared.text(LatentKeys.RATING_COL);

  /** Seed of all random draws. */
  public final LongParam seed = declared.whole(LatentKeys.SEED);

  /** Path of a saved model that training starts from; empty: none. */
  public final Param<String> initialModel = declared.text(LatentKeys.INITIAL_MODEL);

  LatentEstimator(String uid) {
    super(uid);
  }

  /** Whether unobserved pairs weigh what {@link #unobservedWeight} says. */
  boolean weighsUnobserved() {
    return true;
  }

  /** Whether something is left to the counts of the data. */
  boolean dependsOnCounts() {
    return weighsUnobserved() && !(isSet(unobservedWeight) && isSet(itemDebias));
  }

  /**
   * Makes the model as large as it is to be, by Params that are not set.
   *
   * @return what was chosen
   * @throws BadInputException if it cannot be as small
   */
  List<Choice> fitInto(InteractionCounts counts) {
    return List.of();
  }

  /** Sets {@link #rank}. */
  public E setRank(int value) {
    return put(rank, value);
  }

  /** Returns the value of {@link #rank}. */
  public int getRank() {
    return (Integer) getOrDefault(rank);
  }

  /** Sets {@link #density}. */
  public E setDensity(double value) {
    return put(density, value);
  }

  /** Returns the value of {@link #density}. */
  public double getDensity() {
    return (Double) getOrDefault(density);
  }

  /** Sets {@link #maxIter}. */
  public E setMaxIter(int value) {
    return put(maxIter, value);
  }

  /** Returns the value of {@link #maxIter}. */
  public int getMaxIter() {
    return (Integer) getOrDefault(maxIter);
  }

  /** Sets {@link #regParam}. */
  public E setRegParam(double value) {
    return put(regParam, value);
  }

  /** Returns the value of {@link #regParam}. */
  public double getRegParam() {
    return (Double) getOrDefault(regParam);
  }

  /** Sets {@link #regExponent}. */
  public E setRegExponent(double value) {
    return put(regExponent, value);
  }

  /** Returns the value of {@link #regExponent}. */
  public double getRegExponent() {
    return (Double) getOrDefault(regExponent);
  }

  /** Sets {@link #unobservedWeight}. */
  public E setUnobservedWeight(double value) {
    return put(unobservedWeight, value);
  }

  /**
   * Returns the value of {@link #unobservedWeight}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so chosen by {@code fit}
   */
  public double getUnobservedWeight() {
    return (Double) getOrDefault(unobservedWeight);
  }

  /** Sets {@link #userDebias}. */
  public E setUserDebias(double value) {
    return put(userDebias, value);
  }

  /**
   * Returns the value of {@link #userDebias}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so chosen by {@code fit}
   */
  public double getUserDebias() {
    return (Double) getOrDefault(userDebias);
  }

  /** Sets {@link #itemDebias}. */
  public E setItemDebias(double value) {
    return put(itemDebias, value);
  }

  /**
   * Returns the value of {@link #itemDebias}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so chosen by {@code fit}
   */
  public double getItemDebias() {
    return (Double) getOrDefault(itemDebias);
  }

  /** Sets {@link #ratingCol}. */
  public E setRatingCol(String value) {
    return put(ratingCol, value);
  }

  /** Returns the value of {@link #ratingCol}. */
  public String getRatingCol() {
    return getOrDefault(ratingCol);
  }

  /** Sets {@link #seed}. */
  public E setSeed(long value) {
    return put(seed, value);
  }

  /** Returns the value of {@link #seed}. */
  public long getSeed() {
    return (Long) getOrDefault(seed);
  }

  /** Sets {@link #initialModel}. */
  public E setInitialModel(String value) {
    return put(initialModel, value);
  }

  /** Returns the value of {@link #initialModel}. */
  public String getInitialModel() {
    return getOrDefault(initialModel);
  }
}
