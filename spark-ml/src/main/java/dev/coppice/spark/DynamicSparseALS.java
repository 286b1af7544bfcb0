package dev.coppice.spark;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/**
 * Dynamic sparse alternating least squares, as a Spark ML estimator: a matrix factorisation whose
 * tables store {@code density * rank} weights a row on average, at positions learnt by pruning and
 * regrowing while training runs (docs/design.md section 5; {@link
 * dev.coppice.core.als.AlsObjective} has the objective). {@code density = 1} is dense ALS by the
 * same code.
 *
 * <p>{@link SparseRecommender} trains neighbours of items beside these rows.
 *
 * <p>Memory: 6 bytes a stored weight; each executor holds its share of the interactions twice, and
 * the other side's table as far as {@code broadcastLimit} lets it, else the rows its blocks need.
 *
 * <p>Ids are strings, longs, ints, shorts or bytes; the model's tables keep the type (shorts and
 * bytes become ints).
 *
 * @since 0.1.0
 */
public final class DynamicSparseALS extends AlsEstimator<DynamicSparseALS> {
  private static final long serialVersionUID = 1L;

  /** An estimator with a fresh uid and all Params at their defaults. */
  public DynamicSparseALS() {
    this(Identifiable.randomUID("dynamicSparseALS"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public DynamicSparseALS(String uid) {
    super(uid);
  }

  @Override
  public DynamicSparseALS copy(ParamMap extra) {
    return copied(extra);
  }

  /** Reads saved estimators. */
  public static MLReader<DynamicSparseALS> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static DynamicSparseALS load(String path) {
    return read().load(path);
  }
}
