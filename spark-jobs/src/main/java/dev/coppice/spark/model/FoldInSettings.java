package dev.coppice.spark.model;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.spark.ModelInfo;
import java.io.Serializable;

/**
 * What a task needs to know to fold users in.
 *
 * @param feedback name of {@link AlsObjective.Feedback}
 * @param items rows of the item table
 */
record FoldInSettings(
    int rank,
    double density,
    String feedback,
    double unobservedWeight,
    double alpha,
    double regParam,
    double regExponent,
    double userDebias,
    double itemDebias,
    double confidenceScale,
    double meanItemDegree,
    long items)
    implements Serializable {

  static FoldInSettings of(ModelInfo info, long items) {
    AlsObjective objective = info.objective();
    return new FoldInSettings(
        info.rank(),
        info.density(),
        objective.feedback().name(),
        objective.unobservedWeight(),
        objective.alpha(),
        objective.regParam(),
        objective.regExponent(),
        objective.userDebias(),
        objective.itemDebias(),
        info.confidenceScale(),
        info.meanItemDegree(),
        items);
  }

  AlsObjective objective() {
    return new AlsObjective(
        AlsObjective.Feedback.valueOf(feedback),
        unobservedWeight,
        alpha,
        regParam,
        regExponent,
        userDebias,
        itemDebias);
  }
}
