package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.config.Range;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;

/** Keys of {@code tune}: its own, and those of {@code train} that it can be told to leave alone. */
public final class TuneKeys {
  /** Where everything goes. */
  public static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output")
          .asRequired()
          .withDoc(
              "directory for tuned.conf (settings to give to train), trials.csv, metrics.json and"
                  + " report.html");

  /** Limit of trials. */
  public static final ConfigKey<Integer> TRIALS =
      ConfigKey.integer("trials", 1, 10_000)
          .withDefault(40)
          .withDoc(
              "models to train, small ones counted; not a limit if timeLimit is set and this is"
                  + " not");

  /** Limit of time. */
  public static final ConfigKey<Double> TIME_LIMIT =
      ConfigKey.number("timeLimit", Range.above(0))
          .withDoc(
              "minutes after which no further trial begins; each rung of the search (small models,"
                  + " larger ones, full size) gets an equal part of them. A run that is resumed"
                  + " gets them anew");

  /** Trials at a time. */
  public static final ConfigKey<Integer> PARALLEL_TRIALS =
      ConfigKey.integer("parallelTrials", 0, 64)
          .withDefault(0)
          .withDoc(
              "trials that are trained at the same time; 0 chooses by cores and memory; what is"
                  + " chosen does not depend on it where the limit is in trials");

  /** Limit of size. */
  public static final ConfigKey<Long> MAX_BYTES =
      NeighbourKeys.MAX_BYTES.withDoc(
          "largest model, in bytes of its latent rows and neighbours as train tells them;"
              + " candidates that would be larger are made smaller");

  /** Whether to go on from kept trials. */
  public static final ConfigKey<Boolean> RESUME =
      ConfigKey.flag("resume")
          .withDefault(false)
          .withDoc(
              "go on with the trials of an interrupted search over the same data; what is chosen is"
                  + " the same as without the interruption where the limit is in trials");

  private TuneKeys() {}

  /** All keys of {@code tune}. */
  static ConfigSchema schema() {
    return ConfigSchema.declaredIn(TuneKeys.class)
        .and(ConfigSchema.of(TrainKeys.INPUT))
        .and(fixable())
        .and(CommonKeys.schema());
  }

  /** Settings of {@code train} that are fixed if they are given, and searched or default if not. */
  static ConfigSchema fixable() {
    return TrainKeys.params()
        .without(
            LatentKeys.INITIAL_MODEL,
            AlsKeys.VANISHED_ROWS,
            AlsKeys.CHECKPOINT_INTERVAL,
            NeighbourKeys.MAX_BYTES);
  }

  /** Most trials of a search; {@link Integer#MAX_VALUE} if only time limits it. */
  static int mostTrials(ConfigValues values) {
    boolean timeAlone = values.find(TIME_LIMIT).isPresent() && !values.isGiven(TRIALS);
    return timeAlone ? Integer.MAX_VALUE : values.get(TRIALS);
  }
}
