package dev.coppice.job.train;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.config.Range;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keys of {@code retrain}: those of {@code train}, some with other defaults, and its own. What
 * describes the model (rank, density, objective) comes from the initial model where it is not
 * given.
 */
final class RetrainKeys {
  /** Keys of {@code train} whose defaults are the initial model's values. */
  static final Set<String> FROM_MODEL =
      withNeighbours(
          "rank",
          "density",
          "regParam",
          "regExponent",
          "unobservedWeight",
          "alpha",
          "userDebias",
          "itemDebias",
          "itemBias",
          "nonnegative",
          "implicitPrefs",
          "minWeightsPerRow",
          "start",
          "numBlocks");

  static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc(
              "the initial model, or a registry, whose published model it is then; default:"
                  + " registry. Rank, density and objective are its own where they are not given");

  /**
   * Keys of {@code train} that {@code retrain} lacks: validation is what forgetting is measured on,
   * so it is never learnt from; and a run of a few sweeps is run again, not resumed.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "refit",
          "initialModel",
          "checkpointInterval",
          "checkpointDir",
          "resume",
          "staleCheckpoint");

  static final ConfigKey<List<String>> PREVIOUS_INPUT =
      ConfigKey.paths("previousInput")
          .withDoc(
              "earlier data sets, the last one first trained on last; what is in them and not in"
                  + " input is replayed, what is in input and not in them is new. Without it input"
                  + " holds all there is");

  static final ConfigKey<Double> REPLAY =
      ConfigKey.number("replay", Range.of(0, 1))
          .withDefault(1.0)
          .withDoc(
              "share of the old interactions that is learnt from again, drawn by seed; with"
                  + " implicit feedback each then counts 1 / replay times. 0 forgets: see"
                  + " bench/LAB.md");

  static final ConfigKey<Double> DROP_FITTED =
      ConfigKey.number("dropFitted", Range.of(0, 0.99))
          .withDefault(0.0)
          .withDoc(
              "share of each user's old interactions that is left out of the replay: those that the"
                  + " initial model predicts best");

  static final ConfigKey<String> LINEAGE =
      ConfigKey.oneOf("lineage", "refuse", "warn")
          .withDefault("refuse")
          .withDoc(
              "what to do if the initial model was trained on none of the data sets in"
                  + " previousInput: refuse, or warn and go on");

  static final ConfigKey<String> CLOCK =
      ConfigKey.oneOf("clock", "refuse", "warn")
          .withDefault("refuse")
          .withDoc(
              "what to do if the newest new interaction is older than the newest old one: refuse,"
                  + " or warn and go on. Single late interactions are counted and learnt from");

  static final ConfigKey<Integer> DRIFT_USERS =
      ConfigKey.integer("driftUsers", 0, Integer.MAX_VALUE)
          .withDefault(10_000)
          .withDoc("known users whose top-20 lists are compared with those before; 0 for none");

  static final ConfigKey<Integer> MAX_ITER = LatentKeys.MAX_ITER.withDefault(3);
  static final ConfigKey<Double> UPDATE_RATIO = AlsKeys.UPDATE_RATIO.withDefault(0.1);
  static final ConfigKey<Integer> UPDATE_INTERVAL = AlsKeys.UPDATE_INTERVAL.withDefault(2);
  static final ConfigKey<String> UPDATE_SCHEDULE = AlsKeys.UPDATE_SCHEDULE.withDefault("constant");

  private RetrainKeys() {}

  private static Set<String> withNeighbours(String... names) {
    Set<String> all = new HashSet<>(List.of(names));
    ConfigSchema.declaredIn(NeighbourKeys.class)
        .without(NeighbourKeys.FAMILY)
        .keys()
        .forEach(key -> all.add(key.name()));
    return Collections.unmodifiableSet(all);
  }

  /** Whether scores of the initial model stand for what it was trained on. */
  static boolean keepsScores(ConfigValues values) {
    return values.get(AlsKeys.HISTORY).equals("scores");
  }

  /** Returns the paths of the earlier data sets; none if the key is not given. */
  static List<String> previousInput(ConfigValues values) {
    return values.find(PREVIOUS_INPUT).orElse(List.of());
  }

  /** All keys of {@code retrain}. */
  static ConfigSchema schema() {
    List<ConfigKey<?>> keys = new ArrayList<>();
    for (ConfigKey<?> key : TrainKeys.schema().keys()) {
      if (!LEFT_OUT.contains(key.name()) && CommonKeys.schema().key(key.name()).isEmpty()) {
        keys.add(key);
      }
    }
    keys.addAll(
        List.of(
            INITIAL_MODEL,
            PREVIOUS_INPUT,
            REPLAY,
            DROP_FITTED,
            AlsKeys.NEW_ROWS,
            AlsKeys.SOLVE_SHARE,
            AlsKeys.BUDGET,
            AlsKeys.HISTORY,
            AlsKeys.KEEP_SCORES,
            AlsKeys.SCORES_LIMIT,
            LINEAGE,
            CLOCK,
            DRIFT_USERS));
    return ConfigSchema.of(keys)
        .with(MAX_ITER)
        .with(UPDATE_RATIO)
        .with(UPDATE_INTERVAL)
        .with(UPDATE_SCHEDULE)
        .and(CommonKeys.schema());
  }
}
