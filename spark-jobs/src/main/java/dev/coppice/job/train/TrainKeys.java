package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.Range;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.rank.TitleKeys;
import dev.coppice.publish.PublishKeys;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import dev.coppice.spark.ScoringKeys;

/**
 * Keys of {@code train} that are the job's own. Those that say how to train are the estimator's
 * Params ({@link LatentKeys}, {@link AlsKeys}).
 */
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

  /** What training starts from. */
  public static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc(
              "a saved model of the same rank, or a registry, to start from: its rows keep weights"
                  + " and positions as far as the budget allows, new ids get rows; default: random"
                  + " rows");

  /** Whether validation is learnt from. */
  public static final ConfigKey<Boolean> REFIT =
      ConfigKey.flag("refit")
          .withDefault(false)
          .withDoc(
              "learn from train and validation together, for the last run when all settings are"
                  + " chosen; otherwise the validation part is measured after each sweep");

  /** What becomes of a checkpoint that does not fit. */
  public static final ConfigKey<String> STALE_CHECKPOINT =
      ConfigKey.oneOf("staleCheckpoint", "refuse", "restart")
          .withDefault("refuse")
          .withDoc(
              "what resume = true does with a checkpoint of other data or settings: refuse to run,"
                  + " or remove it with a warning and restart, as a scheduler wants whose data are"
                  + " others every night. Damaged ones, and those of another model, are always"
                  + " refused");

  /** How old interactions lose weight. */
  public static final ConfigKey<String> DECAY =
      ConfigKey.oneOf("decay", "none", "half-life", "linear")
          .withDefault("none")
          .withDoc(
              "how interactions lose weight by their age, counted from the newest that is learnt"
                  + " from: half-life halves the weight every decayDays; linear lets it fall to 0"
                  + " at decayDays, and leaves out what is older. An interaction without a time"
                  + " keeps its weight. Neighbours, which use no weights, know only what linear"
                  + " leaves out");

  /** How fast they do. */
  public static final ConfigKey<Double> DECAY_DAYS =
      ConfigKey.number("decayDays", Range.above(0)).withDoc("days of decay; needed with it");

  private TrainKeys() {}

  /** All keys of {@code train}. */
  public static ConfigSchema schema() {
    return ConfigSchema.declaredIn(TrainKeys.class)
        .and(TitleKeys.schema())
        .and(params())
        .and(PublishKeys.schema())
        .and(CommonKeys.schema());
  }

  /** The Params that training by a job offers: not columns, nor what only a new period has. */
  public static ConfigSchema params() {
    return ConfigSchema.declaredIn(LatentKeys.class, AlsKeys.class, NeighbourKeys.class)
        .and(ConfigSchema.of(ScoringKeys.NUM_PARTITIONS, ScoringKeys.BROADCAST_LIMIT))
        .without(
            LatentKeys.RATING_COL,
            AlsKeys.VALIDATION_COL,
            AlsKeys.INTERMEDIATE_STORAGE_LEVEL,
            AlsKeys.FINAL_STORAGE_LEVEL,
            AlsKeys.BUDGET,
            AlsKeys.NEW_ROWS,
            AlsKeys.SOLVE_SHARE,
            AlsKeys.HISTORY,
            AlsKeys.KEEP_SCORES,
            AlsKeys.SCORES_LIMIT);
  }
}
