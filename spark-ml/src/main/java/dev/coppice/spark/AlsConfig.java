package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.TrainerSettings;
import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.items.HistoryWeight;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.StartRule;
import dev.coppice.spark.als.TrainingSpec;
import dev.coppice.spark.items.NeighbourSpec;
import dev.coppice.spark.rank.ScoringSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.storage.StorageLevel;

/**
 * The Params of an {@link AlsEstimator}, read once, checked against each other, and typed.
 *
 * @param columns where the data are
 * @param spec what the training is told
 * @param finalStorageLevel of the model's tables
 * @param initial the model to start from, if any
 * @param neighbours what is trained beside the latent rows or instead of them, if anything
 * @param scoring how lists are made to measure with
 * @param asText every Param by name, for provenance; sorted
 */
record AlsConfig(
    Columns columns,
    TrainingSpec spec,
    StorageLevel finalStorageLevel,
    Initial initial,
    Optional<Neighbours> neighbours,
    ScoringSettings scoring,
    Map<String, String> asText) {

  /** Most neighbours of an item over their mean. */
  static final int MOST_OVER_MEAN = 2;

  /**
   * Where the data are.
   *
   * @param user column of user ids
   * @param item column of item ids
   * @param rating column of weights or ratings, if there is one
   * @param validation boolean column of held-out rows, if there is one
   */
  record Columns(String user, String item, Optional<String> rating, Optional<String> validation) {}

  /**
   * What a run starts from.
   *
   * @param model path of a saved model, if any
   * @param keepVanished whether its rows without interactions are kept
   * @param keepBudget whether the run stores as many weights as that model
   * @param scores whether its scores stand for what it was trained on, if they do
   */
  record Initial(
      Optional<String> model, boolean keepVanished, boolean keepBudget, Optional<Scores> scores) {}

  /**
   * How scores are kept in the place of interactions.
   *
   * @param keep gamma, what an interaction weighs
   * @param limit periods in a row that may be trained so
   */
  record Scores(double keep, int limit) {}

  /**
   * Neighbours beside latent rows, or instead of them.
   *
   * @param family which parts the model has; not latent alone
   * @param spec how they are trained
   * @param scale what their weights are multiplied with beside latent rows; empty for what is best
   */
  record Neighbours(Family family, NeighbourSpec spec, OptionalDouble scale) {}

  /**
   * Reads and checks the Params.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  static AlsConfig of(AlsEstimator<?> stage) {
    boolean implicit = stage.getImplicitPrefs();
    Optional<String> rating = named(stage.getRatingCol());
    if (!implicit && rating.isEmpty()) {
      throw new IllegalArgumentException(
          "ratingCol is not set, but implicitPrefs is false: name the column of ratings");
    }
    if (!implicit && stage.isSet(stage.alpha)) {
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
    Optional<Neighbours> neighbours = stage.linked();
    boolean rows = neighbours.map(told -> told.family().hasRows()).orElse(true);
    if (!rows && stage.getNonnegative()) {
      throw new IllegalArgumentException(
          "nonnegative is true, but family is "
              + Family.ITEMS.word()
              + ": it is about latent rows, and neighbours have weights of both signs; set"
              + " nonnegative = false, or another family");
    }
    double perRow = stage.getDensity() * stage.getRank();
    if (rows && perRow < 1) {
      throw new IllegalArgumentException(
          "density is "
              + stage.getDensity()
              + " of rank "
              + stage.getRank()
              + ", which is less than one weight a row; set density to at least "
              + 1.0 / stage.getRank()
              + ", or raise rank");
    }
    if (rows && stage.getMinWeightsPerRow() > perRow) {
      throw new IllegalArgumentException(
          "minWeightsPerRow is "
              + stage.getMinWeightsPerRow()
              + "; it must be at most density * rank = "
              + perRow);
    }
    Optional<Scores> scores = scores(stage, neighbours);
    MetricKey metric = MetricKey.parse(stage.getMetric());
    TrainingSpec spec =
        new TrainingSpec(
            objective(stage, implicit),
            new TrainingSpec.Shape(
                stage.getRank(),
                stage.getDensity(),
                stage.getMinWeightsPerRow(),
                StartRule.parse(stage.getStart())),
            new TrainerSettings(
                stage.getMaxIter(),
                stage.getUpdateRatio(),
                UpdateSchedule.parse(stage.getUpdateSchedule()),
                stage.getUpdateInterval(),
                stage.getPatience(),
                metric.format()),
            new ExploreRule(
                Growth.parse(stage.getGrowth()), stage.getProtect(), stage.getProtectDecay()),
            List.of(metric),
            stage.getSeed(),
            new TrainingSpec.Spread(
                stage.getNumBlocks(),
                stage.getNumPartitions(),
                stage.getBroadcastLimit(),
                stage.getCheckpointInterval(),
                StorageLevel.fromString(stage.getIntermediateStorageLevel())),
            new Continuation(stage.getNewRows().equals("fold"), stage.getSolveShare()));
    return new AlsConfig(
        new Columns(
            stage.getUserCol(), stage.getItemCol(), rating, named(stage.getValidationCol())),
        spec,
        StorageLevel.fromString(stage.getFinalStorageLevel()),
        new Initial(
            named(stage.getInitialModel()),
            stage.getVanishedRows().equals("keep") || scores.isPresent(),
            stage.getBudget().equals("keep"),
            scores),
        neighbours,
        scoring(stage, stage.getRank()),
        stage.texts());
  }

  private static Optional<Scores> scores(AlsEstimator<?> stage, Optional<Neighbours> neighbours) {
    if (!stage.getHistory().equals("scores")) {
      return Optional.empty();
    }
    if (neighbours.isPresent()) {
      throw new IllegalArgumentException(
          "history is scores, but family is "
              + neighbours.get().family().word()
              + ": neighbours are learnt from all interactions; set family = latent, or history ="
              + " read");
    }
    if (stage.isSet(stage.vanishedRows) && !stage.getVanishedRows().equals("keep")) {
      throw new IllegalArgumentException(
          "history is scores, but vanishedRows is "
              + stage.getVanishedRows()
              + ": most rows of the initial model have no new interaction; set vanishedRows = keep,"
              + " or leave it out");
    }
    return Optional.of(new Scores(stage.getKeepScores(), stage.getScoresLimit()));
  }

  /** Returns how a stage scores rows of a rank. */
  static ScoringSettings scoring(RankingParams<?> stage, int rank) {
    return new ScoringSettings(
        rank, stage.getBlockSize(), stage.getBroadcastLimit(), stage.getNumPartitions());
  }

  /** Returns how the neighbours of a stage are trained. */
  static NeighbourSpec spec(NeighbourParams<?> stage) {
    return new NeighbourSpec(
        new HistoryWeight(stage.getHistoryDebias()),
        stage.getNeighbourReg(),
        stage.getNeighbours(),
        (int) Math.ceil(MOST_OVER_MEAN * stage.getNeighbours()),
        stage.getMaxHistory(),
        stage.getNumPartitions());
  }

  private static AlsObjective objective(AlsEstimator<?> stage, boolean implicit) {
    AlsObjective.Feedback feedback =
        !implicit
            ? AlsObjective.Feedback.EXPLICIT
            : stage.isSet(stage.alpha)
                ? AlsObjective.Feedback.CONFIDENCE
                : AlsObjective.Feedback.IMPLICIT;
    return new AlsObjective(
        feedback,
        stage.getUnobservedWeight(),
        stage.isSet(stage.alpha) ? stage.getAlpha() : 1,
        stage.getRegParam(),
        stage.getRegExponent(),
        stage.getUserDebias(),
        stage.getItemDebias(),
        stage.getItemBias(),
        stage.getNonnegative());
  }

  private static Optional<String> named(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
