package dev.coppice.spark.eval;

import dev.coppice.core.eval.MetricKey;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param users users with test items; every mean is over all of them
 * @param unknownUsers those of them whom the model does not know; they count with 0 for the model
 * @param testPairs test pairs, each once
 * @param unknownPairs those of them whose item the model does not know; they count as missed
 * @param model the model's metrics, lists and catalogue figures
 * @param popularity those of the popularity baseline, or null if it was not asked for
 * @param breakdown what stands behind the means, or null if it was not asked for
 */
public record EvaluationResult(
    long users,
    long unknownUsers,
    long testPairs,
    long unknownPairs,
    Scores model,
    Scores popularity,
    EvaluationBreakdown breakdown) {

  /**
   * The quality of one recommender.
   *
   * @param metrics mean of each metric, in [0, 1]
   * @param coverage share of the catalogue that was recommended at all, in [0, 1]
   * @param meanPopularity mean training interactions of a recommended item
   * @param gini unevenness of the recommendations over the catalogue, in [0, 1]
   */
  public record Scores(
      Map<MetricKey, Double> metrics, double coverage, double meanPopularity, double gini) {}
}
