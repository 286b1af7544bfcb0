package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.StartRule;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.param.Param;
import org.apache.spark.storage.StorageLevel;

/**
 * The Params of a {@link DynamicSparseALS}, read once, checked against each other, and typed.
 *
 * @param userCol column of user ids
 * @param itemCol column of item ids
 * @param ratingCol column of weights or ratings, if there is one
 * @param validationCol boolean column of held-out rows, if there is one
 * @param rank d
 * @param density share of the positions that hold a weight
 * @param objective what is minimised
 * @param settings how long to train and how to explore
 * @param metric the validation metric
 * @param minWeightsPerRow weights that a row keeps at least
 * @param seed of all random draws
 * @param numBlocks logical blocks of a side
 * @param numPartitions partitions of a step; 0 is automatic
 * @param broadcastLimit largest table that is broadcast, bytes
 * @param checkpointInterval sweeps between checkpoints; -1 for none
 * @param intermediateStorageLevel of what lives between half-sweeps
 * @param finalStorageLevel of the model's tables
 * @param initialModel path of the model to start from, if any
 * @param keepVanished whether its rows without interactions are kept
 * @param keepBudget whether the run stores as many weights as that model
 * @param continuation how sweeps that start from it differ from those of a fresh run
 * @param rule what explorations go by
 * @param start how the two tables share out the weights
 * @param asText every Param by name, for provenance; sorted
 */
public record AlsConfig(
    String userCol,
    String itemCol,
    Optional<String> ratingCol,
    Optional<String> validationCol,
    int rank,
    double density,
    AlsObjective objective,
    TrainerSettings settings,
    MetricKey metric,
    int minWeightsPerRow,
    long seed,
    int numBlocks,
    int numPartitions,
    long broadcastLimit,
    int checkpointInterval,
    StorageLevel intermediateStorageLevel,
    StorageLevel finalStorageLevel,
    Optional<String> initialModel,
    boolean keepVanished,
    boolean keepBudget,
    Continuation continuation,
    ExploreRule rule,
    StartRule start,
    Map<String, String> asText) {

  /**
   * Reads and checks the Params.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  public static AlsConfig of(DynamicSparseALS stage) {
    boolean implicit = stage.getImplicitPrefs();
    Optional<String> rating = named(stage.getRatingCol());
    if (!implicit && rating.isEmpty()) {
      throw new IllegalArgumentException(
          "ratingCol is not set, but implicitPrefs is false: name the column of ratings");
    }
    if (!implicit && stage.isSet(stage.alpha())) {
      throw new IllegalArgumentException(
          "alpha is "
              + stage.getAlpha()
              + ", but implicitPrefs is false: alpha has a meaning for implicit feedback only;"
              + " clear it");
    }
    if (stage.getUserCol().equals(stage.getItemCol())) {
      throw new IllegalArgumentException(
          "userCol and itemCol are both '" + stage.getUserCol() + "'; name two columns");
    }
    double perRow = stage.getDensity() * stage.getRank();
    if (perRow < 1) {
      throw new IllegalArgumentException(
          "density is "
              + stage.getDensity()
              + " of rank "
              + stage.getRank()
              + ", which is less than one weight a row; set density to at least "
              + 1.0 / stage.getRank()
              + ", or raise rank");
    }
    if (stage.getMinWeightsPerRow() > perRow) {
      throw new IllegalArgumentException(
          "minWeightsPerRow is "
              + stage.getMinWeightsPerRow()
              + "; it must be at most density * rank = "
              + perRow);
    }
    MetricKey metric = MetricKey.parse(stage.getMetric());
    return new AlsConfig(
        stage.getUserCol(),
        stage.getItemCol(),
        rating,
        named(stage.getValidationCol()),
        stage.getRank(),
        stage.getDensity(),
        objective(stage, implicit),
        new TrainerSettings(
            stage.getMaxIter(),
            stage.getUpdateRatio(),
            UpdateSchedule.parse(stage.getUpdateSchedule()),
            stage.getUpdateInterval(),
            stage.getPatience(),
            metric.format()),
        metric,
        stage.getMinWeightsPerRow(),
        stage.getSeed(),
        stage.getNumBlocks(),
        stage.getNumPartitions(),
        stage.getBroadcastLimit(),
        stage.getCheckpointInterval(),
        StorageLevel.fromString(stage.getIntermediateStorageLevel()),
        StorageLevel.fromString(stage.getFinalStorageLevel()),
        named(stage.getInitialModel()),
        stage.getVanishedRows().equals("keep"),
        stage.getBudget().equals("keep"),
        new Continuation(stage.getNewRows().equals("fold"), stage.getSolveShare()),
        new ExploreRule(
            Growth.parse(stage.getGrowth()), stage.getProtect(), stage.getProtectDecay()),
        StartRule.parse(stage.getStart()),
        text(stage));
  }

  private static AlsObjective objective(DynamicSparseALS stage, boolean implicit) {
    AlsObjective.Feedback feedback =
        !implicit
            ? AlsObjective.Feedback.EXPLICIT
            : stage.isSet(stage.alpha())
                ? AlsObjective.Feedback.CONFIDENCE
                : AlsObjective.Feedback.IMPLICIT;
    return new AlsObjective(
        feedback,
        stage.getUnobservedWeight(),
        stage.isSet(stage.alpha()) ? stage.getAlpha() : 1,
        stage.getRegParam(),
        stage.getRegExponent(),
        stage.getUserDebias(),
        stage.getItemDebias(),
        stage.getItemBias());
  }

  private static Optional<String> named(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private static Map<String, String> text(DynamicSparseALS stage) {
    Map<String, String> values = new TreeMap<>();
    for (Param<?> param : stage.params()) {
      if (stage.isDefined(param)) {
        values.put(param.name(), Objects.toString(value(stage, param)));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private static <T> T value(DynamicSparseALS stage, Param<T> param) {
    return stage.getOrDefault(param);
  }
}
