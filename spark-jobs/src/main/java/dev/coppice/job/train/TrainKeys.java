package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.Range;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.publish.PublishKeys;

/** Keys of {@code train}; those of the solver are named after the estimator's params. */
public final class TrainKeys {
  /** The data set. */
  public static final ConfigKey<String> INPUT =
      ConfigKey.path("input").asRequired().withDoc("data set to learn from, as prepare writes it");

  /** Where the model goes. */
  public static final ConfigKey<String> MODEL =
      ConfigKey.path("model").withDoc("where the model goes; needed unless registry is set");

  /** Where the report goes. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output")
          .withDoc(
              "where metrics.json and report.html go as well; they always go to the model's"
                  + " directory");

  /** Width of a row. */
  public static final ConfigKey<Integer> RANK =
      ConfigKey.integer("rank", 1, 65_535)
          .withDefault(256)
          .withDoc("width of an embedding row, in dimensions, stored or not");

  /** The budget. */
  public static final ConfigKey<Double> DENSITY =
      ConfigKey.number("density", Range.above(0, 1))
          .withDefault(0.05)
          .withDoc(
              "stored weights of a table as a share of rank * rows, fixed for the whole run;"
                  + " 1 trains a dense model");

  /** Sweeps. */
  public static final ConfigKey<Integer> MAX_ITER =
      ConfigKey.integer("maxIter", 1, 10_000)
          .withDefault(10)
          .withDoc("sweeps: passes over both sides");

  /** Ridge. */
  public static final ConfigKey<Double> REG_PARAM =
      ConfigKey.number("regParam", Range.atLeast(0)).withDefault(0.008).withDoc("L2 strength");

  /** Frequency exponent of the ridge. */
  public static final ConfigKey<Double> REG_EXPONENT =
      ConfigKey.number("regExponent", Range.of(0, 2))
          .withDefault(1.0)
          .withDoc("how the L2 strength grows with a row's number of observations: 0 not at all");

  /** alpha_0. */
  public static final ConfigKey<Double> UNOBSERVED_WEIGHT =
      ConfigKey.number("unobservedWeight", Range.atLeast(0))
          .withDefault(0.01)
          .withDoc("weight in the loss of every pair that was not observed (implicit feedback)");

  /** MLlib's alpha. */
  public static final ConfigKey<Double> ALPHA =
      ConfigKey.number("alpha", Range.above(0))
          .withDoc(
              "how confidence grows with the weight of an interaction, as in MLlib's ALS:"
                  + " 1 + alpha * weight over 1 for unobserved pairs; instead of unobservedWeight");

  /** Popularity exponent of users. */
  public static final ConfigKey<Double> USER_DEBIAS =
      ConfigKey.number("userDebias", Range.of(0, 2))
          .withDefault(0.0)
          .withDoc(
              "how much less an interaction of a busy user counts: (degree / mean)^-userDebias");

  /** Popularity exponent of items. */
  public static final ConfigKey<Double> ITEM_DEBIAS =
      ConfigKey.number("itemDebias", Range.of(0, 2))
          .withDefault(0.0)
          .withDoc("how much less an interaction with a popular item counts, as userDebias");

  /** Item biases. */
  public static final ConfigKey<Boolean> ITEM_BIAS =
      ConfigKey.flag("itemBias")
          .withDefault(false)
          .withDoc(
              "learn a bias of every item with the rows: dimension 0 holds it, and 1 in every"
                  + " user's row. For data on which popularity is hard to beat");

  /** Exploration share. */
  public static final ConfigKey<Double> UPDATE_RATIO =
      ConfigKey.number("updateRatio", Range.of(0, 1))
          .withDefault(0.5)
          .withDoc("share of the stored weights that the first exploration prunes and regrows");

  /** Schedule of the share. */
  public static final ConfigKey<String> UPDATE_SCHEDULE =
      ConfigKey.oneOf("updateSchedule", "cosine", "linear", "constant")
          .withDefault("cosine")
          .withDoc("how updateRatio falls from sweep to sweep");

  /** Sweeps between explorations. */
  public static final ConfigKey<Integer> UPDATE_INTERVAL =
      ConfigKey.integer("updateInterval", 1, 10_000)
          .withDefault(1)
          .withDoc("sweeps between explorations");

  /** Which positions are grown. */
  public static final ConfigKey<String> GROWTH =
      ConfigKey.oneOf("growth", "gradient", "momentum", "random", "unfired")
          .withDefault("gradient")
          .withDoc(
              "which empty positions an exploration grows: those of the largest gain (gradient) or"
                  + " the largest running mean of gradients (momentum), any (random), or any that"
                  + " held no weight in the run yet (unfired)");

  /** How the tables share out the weights. */
  public static final ConfigKey<String> START =
      ConfigKey.oneOf("start", "uniform", "er")
          .withDefault("uniform")
          .withDoc(
              "how the two tables share out the weights of both: at the same density (uniform), or"
                  + " in proportion to rows + rank, the smaller one denser (er)");

  /** Weight of earlier importance. */
  public static final ConfigKey<Double> PROTECT =
      ConfigKey.number("protect", Range.of(0, 1e9))
          .withDefault(0.0)
          .withDoc(
              "weight of the importance that a weight had in earlier periods beside its present"
                  + " saliency when an exploration prunes; above 0 importances are saved with the"
                  + " model, one byte a weight");

  /** What is left of an earlier importance. */
  public static final ConfigKey<Double> PROTECT_DECAY =
      ConfigKey.number("protectDecay", Range.of(0, 1))
          .withDefault(0.5)
          .withDoc("share of an earlier importance that is left a period later");

  /** Least weights a row keeps. */
  public static final ConfigKey<Integer> MIN_WEIGHTS_PER_ROW =
      ConfigKey.integer("minWeightsPerRow", 0, 65_535)
          .withDefault(1)
          .withDoc("weights that an exploration leaves to every row");

  /** Implicit or explicit feedback. */
  public static final ConfigKey<Boolean> IMPLICIT_PREFS =
      ConfigKey.flag("implicitPrefs")
          .withDefault(true)
          .withDoc(
              "true: every interaction is a positive, its weight is confidence; false: the weight"
                  + " is a rating to predict, over observed pairs alone");

  /** Seed of all random draws. */
  public static final ConfigKey<Long> SEED =
      ConfigKey.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
          .withDefault(42L)
          .withDoc("seed of every random draw; same seed and data, same model");

  /** Logical blocks. */
  public static final ConfigKey<Integer> NUM_BLOCKS =
      ConfigKey.integer("numBlocks", 1, 65_536)
          .withDefault(64)
          .withDoc("logical blocks that the rows of each side are kept in; part of the result");

  /** Partitions. */
  public static final ConfigKey<Integer> NUM_PARTITIONS =
      ConfigKey.integer("numPartitions", 0, 1_000_000)
          .withDefault(0)
          .withDoc("partitions that hold the blocks; 0 chooses by Spark's cores; same result");

  /** How often the state is made durable. */
  public static final ConfigKey<Integer> CHECKPOINT_INTERVAL =
      ConfigKey.integer("checkpointInterval", -1, 10_000)
          .withDefault(5)
          .withDoc(
              "sweeps between checkpoints, from which an interrupted training goes on; -1 for"
                  + " none");

  /** Durable directory. */
  public static final ConfigKey<String> CHECKPOINT_DIR =
      ConfigKey.path("checkpointDir")
          .withDoc(
              "directory for checkpoints, on a file system that all executors reach; default: a"
                  + " hidden one beside the model, .NAME.checkpoint, or in the registry; removed"
                  + " when the model is there");

  /** Whether to go on from a checkpoint. */
  public static final ConfigKey<Boolean> RESUME =
      ConfigKey.flag("resume")
          .withDefault(false)
          .withDoc(
              "go on from the newest checkpoint of an interrupted training with the same data and"
                  + " settings; the model is the same as without the interruption; without a"
                  + " checkpoint the training starts from the beginning");

  /** When a table is broadcast. */
  public static final ConfigKey<Long> BROADCAST_LIMIT =
      ConfigKey.whole("broadcastLimit", 0, Long.MAX_VALUE)
          .withDefault(256L * 1024 * 1024)
          .withDoc(
              "largest table that is sent to the executors as a whole, in bytes; larger ones are"
                  + " sent block by block; the result is the same");

  /** Early stopping. */
  public static final ConfigKey<Integer> PATIENCE =
      ConfigKey.integer("patience", 0, 10_000)
          .withDefault(0)
          .withDoc(
              "stop after this many sweeps without a better metric on the validation part, and keep"
                  + " the best sweep's model; 0 never stops");

  /** What training starts from. */
  public static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc(
              "a saved model of the same rank, or a registry, to start from: its rows keep weights"
                  + " and positions as far as the budget allows, new ids get rows; default: random"
                  + " rows");

  /** What becomes of rows without data. */
  public static final ConfigKey<String> VANISHED_ROWS =
      ConfigKey.oneOf("vanishedRows", "drop", "keep")
          .withDefault("drop")
          .withDoc(
              "what becomes of rows of initialModel that have no interactions any more: drop, or"
                  + " keep, unchanged and counted in the budget");

  /** Whether validation is learnt from. */
  public static final ConfigKey<Boolean> REFIT =
      ConfigKey.flag("refit")
          .withDefault(false)
          .withDoc(
              "learn from train and validation together, for the last run when all settings are"
                  + " chosen; otherwise the validation part is measured after each sweep");

  /** What early stopping looks at. */
  public static final ConfigKey<String> METRIC =
      ConfigKey.text("metric")
          .withDefault("ndcg@20")
          .withDoc("what early stopping looks at, such as ndcg@20 or recall@50");

  /** What becomes of a checkpoint that does not fit. */
  public static final ConfigKey<String> STALE_CHECKPOINT =
      ConfigKey.oneOf("staleCheckpoint", "refuse", "restart")
          .withDefault("refuse")
          .withDoc(
              "what resume = true does with a checkpoint of other data or settings: refuse to run,"
                  + " or remove it with a warning and restart, as a scheduler wants whose data are"
                  + " others every night. Damaged ones, and those of another model, are always"
                  + " refused");

  /** Names of items. */
  public static final ConfigKey<String> TITLES =
      ConfigKey.path("titles")
          .withDoc(
              "local text file with the id of an item, a tab and its title on each line; the report"
                  + " shows titles in place of ids");

  private TrainKeys() {}

  /** All keys of {@code train}. */
  public static ConfigSchema schema() {
    return ConfigSchema.of(
            INPUT,
            MODEL,
            OUTPUT,
            RANK,
            DENSITY,
            MAX_ITER,
            REG_PARAM,
            REG_EXPONENT,
            UNOBSERVED_WEIGHT,
            ALPHA,
            USER_DEBIAS,
            ITEM_DEBIAS,
            ITEM_BIAS,
            UPDATE_RATIO,
            UPDATE_SCHEDULE,
            UPDATE_INTERVAL,
            GROWTH,
            START,
            PROTECT,
            PROTECT_DECAY,
            MIN_WEIGHTS_PER_ROW,
            IMPLICIT_PREFS,
            SEED,
            NUM_BLOCKS,
            NUM_PARTITIONS,
            CHECKPOINT_INTERVAL,
            CHECKPOINT_DIR,
            RESUME,
            STALE_CHECKPOINT,
            BROADCAST_LIMIT,
            INITIAL_MODEL,
            VANISHED_ROWS,
            PATIENCE,
            METRIC,
            REFIT,
            TITLES)
        .and(PublishKeys.schema())
        .and(CommonKeys.schema());
  }
}
