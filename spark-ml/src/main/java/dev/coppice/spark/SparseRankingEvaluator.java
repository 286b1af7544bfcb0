package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.spark.eval.PositionMetrics;
import dev.coppice.spark.rank.Predictions;
import dev.coppice.spark.table.Schemas;
import java.util.Arrays;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * A ranking metric for {@code CrossValidator} and {@code TrainValidationSplit}.
 *
 * <p>Spark hands an evaluator the transformed held-out rows and nothing else: scores of held-out
 * pairs, from which no ranking over the whole catalogue can be had. So the model writes down where
 * in that ranking each held-out item stands. The protocol:
 *
 * <ol>
 *   <li>Set {@code positionCol} on the estimator. {@code fit} leaves the training pairs with the
 *       model.
 *   <li>{@code transform} ranks, for each user of the held-out rows, all items of the model but
 *       those of the user's training pairs (the full ranking of {@link
 *       dev.coppice.core.eval.Metric}), and writes the position of the row's item, from 1, into
 *       {@code positionCol}; null if it is beyond {@code positionDepth}, a training pair, or the
 *       user or item is unknown to the model.
 *   <li>{@code evaluate} takes, for each user, the distinct held-out items as the test set (unknown
 *       ones included: they are missed), their positions as the ranking, and returns the mean of
 *       the metric over the users with held-out rows; users unknown to the model count with 0.
 * </ol>
 *
 * <p>Leave {@code coldStartStrategy} at {@code nan}: rows that are dropped cannot be counted as
 * missed. No negatives are sampled. The folds of {@code CrossValidator} split interactions at
 * random, not users or time.
 *
 * @since 0.1.0
 */
public final class SparseRankingEvaluator extends Evaluator implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamSet declared;

  /** Column of user ids. */
  public final Param<String> userCol;

  /** Column of item ids. */
  public final Param<String> itemCol;

  /** Column of positions. */
  public final Param<String> positionCol;

  /** The metric. */
  public final Param<String> metric;

  /** An evaluator with a fresh uid, of {@code ndcg@20}. */
  public SparseRankingEvaluator() {
    this(Identifiable.randomUID("sparseRankingEvaluator"));
  }

  /** An evaluator of {@code ndcg@20}. */
  public SparseRankingEvaluator(String uid) {
    this.uid = uid;
    declared = new ParamSet(this);
    userCol = declared.text(ScoringKeys.USER_COL);
    itemCol = declared.text(ScoringKeys.ITEM_COL);
    positionCol =
        declared.text(
            ConfigKey.text("positionCol")
                .withDefault("position")
                .withDoc("column of positions, as the model's positionCol"));
    metric =
        declared.text(
            MetricParam.of(
                "metric and length, such as ndcg@20; the length is at most positionDepth"));
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Param<?>[] params() {
    return declared.array();
  }

  /** Sets {@link #userCol}. */
  public SparseRankingEvaluator setUserCol(String value) {
    ParamSet.put(this, userCol, value);
    return this;
  }

  /** Sets {@link #itemCol}. */
  public SparseRankingEvaluator setItemCol(String value) {
    ParamSet.put(this, itemCol, value);
    return this;
  }

  /** Sets {@link #positionCol}. */
  public SparseRankingEvaluator setPositionCol(String value) {
    ParamSet.put(this, positionCol, value);
    return this;
  }

  /** Sets {@link #metric}. */
  public SparseRankingEvaluator setMetric(String value) {
    ParamSet.put(this, metric, value);
    return this;
  }

  /**
   * Returns the mean of the metric over users; 0 without rows.
   *
   * @throws IllegalArgumentException if a column is missing, or positions were not looked for as
   *     far down as the metric's cut-off
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    String position = getOrDefault(positionCol);
    Schemas.requireId(schema, "userCol", getOrDefault(userCol));
    Schemas.requireId(schema, "itemCol", getOrDefault(itemCol));
    if (!Arrays.asList(schema.fieldNames()).contains(position)) {
      throw new IllegalArgumentException(
          "positionCol is '"
              + position
              + "', which is no column of the data; set the same positionCol on the estimator, so"
              + " that its model writes it");
    }
    Schemas.requireNumber(schema, "positionCol", position);
    MetricKey key = MetricKey.parse(getOrDefault(metric));
    Metadata metadata = schema.apply(position).metadata();
    if (metadata.contains(Predictions.DEPTH) && metadata.getLong(Predictions.DEPTH) < key.k()) {
      throw new IllegalArgumentException(
          "metric is "
              + key.format()
              + ", but positions were looked for down to "
              + metadata.getLong(Predictions.DEPTH)
              + "; set positionDepth of the estimator to at least "
              + key.k());
    }
    return PositionMetrics.mean(
        dataset, getOrDefault(userCol), getOrDefault(itemCol), position, key);
  }

  @Override
  public boolean isLargerBetter() {
    return true;
  }

  @Override
  public SparseRankingEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads saved evaluators. */
  public static MLReader<SparseRankingEvaluator> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved evaluator. */
  public static SparseRankingEvaluator load(String path) {
    return read().load(path);
  }
}
