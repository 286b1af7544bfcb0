package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.model.Schemas;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/**
 * Evaluation among given candidates only, such as one test item and 99 sampled negatives for each
 * user (He et al., <i>Neural Collaborative Filtering</i>, WWW 2017, section 4.1). For comparison
 * with published numbers: such metrics can order models otherwise than the full ranking does
 * (Krichene and Rendle, KDD 2020).
 */
public final class CandidateEvaluation {
  private CandidateEvaluation() {}

  /**
   * Ranks each user's candidates by score, equal ones by id, and returns the mean of each metric
   * over the users with relevant candidates. Candidates with an id that the model does not know
   * rank last.
   *
   * @param candidates the model's {@code userCol} and {@code itemCol}, each pair once, and
   * @param relevantCol a boolean column: whether this is a test item
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   */
  public static Map<MetricKey, Double> evaluate(
      DynamicSparseALSModel model,
      Dataset<?> candidates,
      String relevantCol,
      List<MetricKey> keys) {
    Schemas.requireBoolean(candidates.schema(), "relevantCol", relevantCol);
    DynamicSparseALSModel scorer =
        model
            .copy(new ParamMap())
            .setPredictionCol("__coppice_score")
            .setPositionCol("")
            .setColdStartStrategy("nan");
    Column score = functions.col("__coppice_score");
    Dataset<Row> ranked =
        scorer
            .transform(candidates)
            .withColumn(
                "__coppice_position",
                functions
                    .row_number()
                    .over(
                        Window.partitionBy(functions.col(Schemas.quoted(model.getUserCol())))
                            .orderBy(
                                functions.isnan(score).asc(),
                                score.desc(),
                                functions.col(Schemas.quoted(model.getItemCol())).asc())));
    MetricsAccumulator sums =
        PositionMetrics.sum(
            ranked.where(functions.col(Schemas.quoted(relevantCol))),
            model.getUserCol(),
            model.getItemCol(),
            "__coppice_position",
            keys);
    return sums.means(keys);
  }
}
