package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsWritable;

/**
 * What the estimators of this package have in common. Their Params are public fields, each declared
 * once, with its range, default and documentation.
 *
 * @param <M> the model it trains
 * @param <E> the estimator itself
 */
public abstract class SparseEstimator<M extends Model<M>, E extends SparseEstimator<M, E>>
    extends Estimator<M> implements ScoringParams<E>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  final ParamSet declared;

  /** Column of user ids. */
  public final Param<String> userCol;

  /** Column of item ids. */
  public final Param<String> itemCol;

  /** Column that {@code transform} adds. */
  public final Param<String> predictionCol;

  /** What {@code transform} does with ids that the model does not know. */
  public final Param<String> coldStartStrategy;

  /** Partitions of a step. */
  public final IntParam numPartitions;

  SparseEstimator(String uid) {
    this.uid = uid;
    // Not before: a Param keeps the uid of its owner.
    declared = new ParamSet(this);
    userCol = declared.text(ScoringKeys.USER_COL);
    itemCol = declared.text(ScoringKeys.ITEM_COL);
    predictionCol = declared.outputColumn(ScoringKeys.PREDICTION_COL);
    coldStartStrategy = declared.text(ScoringKeys.COLD_START_STRATEGY);
    numPartitions = declared.integer(ScoringKeys.NUM_PARTITIONS);
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public final Param<?>[] params() {
    return declared.array();
  }

  /**
   * Returns the declarations of all Params, with name, default, allowed values and documentation:
   * what a configuration file may say.
   */
  public final List<ConfigKey<?>> keys() {
    return declared.keys();
  }

  /** Sets every Param that {@code values} have a value for. */
  public final E configure(ConfigValues values) {
    declared.configure(values);
    return self();
  }

  /** Returns every Param that has a value, by name, as text; sorted. */
  final Map<String, String> texts() {
    return declared.texts();
  }

  final E put(Param<?> param, Object value) {
    ParamSet.put(this, param, value);
    return self();
  }

  // Every subclass gives itself for E.
  @SuppressWarnings("unchecked")
  final E self() {
    return (E) this;
  }
}
