package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.Range;
import dev.coppice.core.table.SparseTable;
import org.apache.spark.storage.StorageLevel;

/** What {@link DynamicSparseALS} alone can be told, each setting declared once. */
public final class AlsKeys {
  public static final ConfigKey<Double> ALPHA =
      ConfigKey.number("alpha", Range.above(0))
          .withDoc(
              "how confidence grows with the weight of an interaction, as in MLlib's ALS: 1 + alpha"
                  + " * weight over 1 for unobserved pairs; if set, it is used instead of"
                  + " unobservedWeight");

  public static final ConfigKey<Boolean> ITEM_BIAS =
      ConfigKey.flag("itemBias")
          .withDefault(false)
          .withDoc(
              "learn a bias of every item with the rows: dimension 0 holds it, and 1 in every"
                  + " user's row, both counted in density; for data on which popularity is hard to"
                  + " beat");

  public static final ConfigKey<Boolean> NONNEGATIVE =
      ConfigKey.flag("nonnegative")
          .withDefault(false)
          .withDoc(
              "keep every weight of the latent rows, item biases too, at 0 or above, so that rows"
                  + " can be the documents and queries of a search engine");

  public static final ConfigKey<Double> UPDATE_RATIO =
      ConfigKey.number("updateRatio", Range.of(0, 1))
          .withDefault(0.5)
          .withDoc("share of the stored weights that the first exploration prunes and regrows");

  public static final ConfigKey<String> UPDATE_SCHEDULE =
      ConfigKey.oneOf("updateSchedule", "cosine", "linear", "constant")
          .withDefault("cosine")
          .withDoc("how updateRatio falls from sweep to sweep");

  public static final ConfigKey<Integer> UPDATE_INTERVAL =
      ConfigKey.integer("updateInterval", 1, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("sweeps between explorations");

  public static final ConfigKey<String> GROWTH =
      ConfigKey.oneOf("growth", "gradient", "momentum", "random", "unfired")
          .withDefault("gradient")
          .withDoc(
              "which empty positions an exploration grows: those of the largest gain (gradient) or"
                  + " the largest running mean of gradients (momentum), any (random), or any that"
                  + " held no weight in the run yet (unfired)");

  public static final ConfigKey<String> START =
      ConfigKey.oneOf("start", "uniform", "er")
          .withDefault("uniform")
          .withDoc(
              "how the two tables share out the weights of both: at the same density (uniform), or"
                  + " in proportion to rows + rank, the smaller one denser (er)");

  public static final ConfigKey<Double> PROTECT =
      ConfigKey.number("protect", Range.of(0, 1e9))
          .withDefault(0.0)
          .withDoc(
              "weight of the importance that a weight had in earlier periods beside its present"
                  + " saliency when an exploration prunes; above 0 importances are saved with the"
                  + " model, one byte a weight");

  public static final ConfigKey<Double> PROTECT_DECAY =
      ConfigKey.number("protectDecay", Range.of(0, 1))
          .withDefault(0.5)
          .withDoc("share of an earlier importance that is left a period later");

  public static final ConfigKey<Integer> MIN_WEIGHTS_PER_ROW =
      ConfigKey.integer("minWeightsPerRow", 0, SparseTable.MAX_RANK)
          .withDefault(1)
          .withDoc("weights that an exploration leaves to every row, at most density * rank");

  public static final ConfigKey<Boolean> IMPLICIT_PREFS =
      ConfigKey.flag("implicitPrefs")
          .withDefault(true)
          .withDoc(
              "true: every interaction is a positive, its weight is confidence, and unobserved"
                  + " pairs are in the loss; false: the weight is a rating to predict, over"
                  + " observed pairs alone");

  public static final ConfigKey<Integer> NUM_BLOCKS =
      ConfigKey.integer("numBlocks", 1, 65_536)
          .withDefault(64)
          .withDoc(
              "logical blocks that the rows of each side are kept in, over which sums run in a"
                  + " fixed order; the last bits of a result depend on it, never on partitions");

  public static final ConfigKey<Integer> CHECKPOINT_INTERVAL =
      ConfigKey.integer("checkpointInterval", -1, Integer.MAX_VALUE)
          .withDefault(5)
          .where(interval -> interval != 0, "-1 for none, or a whole number of at least 1")
          .withDoc("sweeps between checkpoints");

  public static final ConfigKey<String> VALIDATION_COL =
      ConfigKey.text("validationCol")
          .withDoc("boolean column; rows where it is true are validated on instead of trained on");

  public static final ConfigKey<Integer> PATIENCE =
      ConfigKey.integer("patience", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc(
              "sweeps without a better validation metric before training stops and keeps the best"
                  + " sweep's model; 0 never stops");

  public static final ConfigKey<String> METRIC =
      MetricParam.of("what early stopping looks at, such as ndcg@20 or recall@50");

  public static final ConfigKey<String> VANISHED_ROWS =
      ConfigKey.oneOf("vanishedRows", "drop", "keep")
          .withDefault("drop")
          .withDoc(
              "what becomes of rows of the initial model that have no interactions any more: drop,"
                  + " or keep, unchanged and counted in the budget");

  public static final ConfigKey<String> BUDGET =
      ConfigKey.oneOf("budget", "grow", "keep")
          .withDefault("grow")
          .withDoc(
              "weights that a run from an initial model may store: grow, density * rank * rows, or"
                  + " keep, as many as the initial model");

  public static final ConfigKey<String> NEW_ROWS =
      ConfigKey.oneOf("newRows", "fold", "random")
          .withDefault("fold")
          .withDoc(
              "how rows that the initial model does not have begin: fold, on positions that their"
                  + " interactions with known rows choose, or random");

  public static final ConfigKey<Double> SOLVE_SHARE =
      ConfigKey.number("solveShare", Range.above(0, 1))
          .withDefault(1.0)
          .withDoc(
              "share of the rows that a run from an initial model solves and explores from its"
                  + " second sweep on, those with the largest gain");

  public static final ConfigKey<String> HISTORY =
      ConfigKey.oneOf("history", "read", "scores")
          .withDefault("read")
          .withDoc(
              "what stands for the interactions that the initial model was trained on: read, they"
                  + " are in the data again, or scores, the data are new ones alone and the initial"
                  + " model's scores are kept in the place of the others; keeps vanished rows");

  public static final ConfigKey<Double> KEEP_SCORES =
      ConfigKey.number("keepScores", Range.of(0, 1e6))
          .withDefault(1.0)
          .withDoc(
              "with history = scores, what an earlier interaction weighs in keeping the initial"
                  + " model's scores, a new one of weight 1 weighing 1");

  public static final ConfigKey<Integer> SCORES_LIMIT =
      ConfigKey.integer("scoresLimit", 1, Integer.MAX_VALUE)
          .withDefault(7)
          .withDoc(
              "how many periods in a row may be trained with history = scores; the model counts"
                  + " them, and a training with history = read begins anew");

  public static final ConfigKey<String> INTERMEDIATE_STORAGE_LEVEL =
      ConfigKey.text("intermediateStorageLevel")
          .withDefault("MEMORY_AND_DISK")
          .where(AlsKeys::stores, "a storage level of Spark but NONE")
          .withDoc("Spark storage level of what lives between half-sweeps");

  public static final ConfigKey<String> FINAL_STORAGE_LEVEL =
      ConfigKey.text("finalStorageLevel")
          .withDefault("MEMORY_AND_DISK")
          .where(AlsKeys::stores, "a storage level of Spark but NONE")
          .withDoc("Spark storage level of the model's tables");

  private AlsKeys() {}

  private static boolean stores(String level) {
    try {
      return !StorageLevel.fromString(level).equals(StorageLevel.NONE());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
