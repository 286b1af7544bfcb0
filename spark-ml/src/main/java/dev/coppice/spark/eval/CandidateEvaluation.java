package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.spark.rank.Predictions;
import dev.coppice.spark.rank.ScoringTables;
import dev.coppice.spark.table.Schemas;
import java.util.List;
import java.util.Map;
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
  private static final String SCORE = "__coppice_score";
  private static final String POSITION = "__coppice_position";

  private CandidateEvaluation() {}

  /**
   * Brings test pairs and the negatives that they are ranked against together.
   *
   * @param test {@code userCol} and {@code itemCol}; pairs of users without negatives are left out,
   *     because anything would rank them first
   * @param negatives the same columns; a pair that is in {@code test} too counts as a test pair
   * @return {@code userCol}, {@code itemCol}, each pair once, and {@code relevantCol}: whether it
   *     is a test pair
   */
  public static Dataset<Row> pool(
      Dataset<Row> test,
      Dataset<Row> negatives,
      String userCol,
      String itemCol,
      String relevantCol) {
    Column user = functions.col(Schemas.quoted(userCol));
    Column item = functions.col(Schemas.quoted(itemCol));
    Dataset<Row> users = negatives.select(user).distinct();
    return test.select(user, item)
        .join(users, new String[] {userCol}, "left_semi")
        .withColumn(relevantCol, functions.lit(true))
        .unionByName(negatives.select(user, item).withColumn(relevantCol, functions.lit(false)))
        .groupBy(user, item)
        .agg(functions.max(functions.col(Schemas.quoted(relevantCol))).as(relevantCol));
  }

  /**
   * Ranks each user's candidates by score, equal ones by id, and returns the mean of each metric
   * over the users with relevant candidates. A candidate with an id that the model does not know
   * has no place in the list, so that it is missed if it is relevant.
   *
   * @param model its tables and its columns of ids
   * @param candidates the model's {@code userCol} and {@code itemCol}, each pair once, and {@code
   *     relevantCol}
   * @param relevantCol a boolean column: whether this is a test item
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   */
  public static Map<MetricKey, Double> evaluate(
      ScoringTables model, Dataset<?> candidates, String relevantCol, List<MetricKey> keys) {
    Schemas.transformed(candidates.schema(), model.userCol(), model.itemCol(), SCORE, "");
    return means(
        Predictions.predict(candidates, model, SCORE, false),
        model.userCol(),
        model.itemCol(),
        relevantCol,
        keys);
  }

  /**
   * The same for the popularity baseline, which ranks each user's candidates by their number of
   * users in {@code seen}, equal ones by id.
   *
   * @param seen the training pairs: {@code userCol} and {@code itemCol}, each pair once
   */
  public static Map<MetricKey, Double> popularity(
      Dataset<Row> seen,
      Dataset<Row> candidates,
      String userCol,
      String itemCol,
      String relevantCol,
      List<MetricKey> keys) {
    Dataset<Row> degrees =
        seen.groupBy(functions.col(Schemas.quoted(itemCol)))
            .agg(functions.count(functions.lit(1)).cast("double").as(SCORE));
    Dataset<Row> scored =
        candidates
            .join(degrees, new String[] {itemCol}, "left")
            .withColumn(SCORE, functions.coalesce(functions.col(SCORE), functions.lit(0.0)));
    return means(scored, userCol, itemCol, relevantCol, keys);
  }

  private static Map<MetricKey, Double> means(
      Dataset<Row> scored,
      String userCol,
      String itemCol,
      String relevantCol,
      List<MetricKey> keys) {
    Schemas.requireBoolean(scored.schema(), "relevantCol", relevantCol);
    Column score = functions.col(SCORE);
    Column place =
        functions
            .row_number()
            .over(
                Window.partitionBy(functions.col(Schemas.quoted(userCol)))
                    .orderBy(
                        functions.isnan(score).asc(),
                        score.desc(),
                        functions.col(Schemas.quoted(itemCol)).asc()));
    Dataset<Row> ranked =
        scored
            .withColumn(POSITION, place)
            .withColumn(
                POSITION,
                functions.when(functions.not(functions.isnan(score)), functions.col(POSITION)));
    MetricsAccumulator sums =
        PositionMetrics.sum(
            ranked.where(functions.col(Schemas.quoted(relevantCol))),
            userCol,
            itemCol,
            POSITION,
            keys);
    return sums.means(keys);
  }
}
