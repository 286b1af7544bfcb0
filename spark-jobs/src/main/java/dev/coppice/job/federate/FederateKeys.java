package dev.coppice.job.federate;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.FederationKeys;
import dev.coppice.spark.GateKeys;
import dev.coppice.spark.LatentKeys;
import dev.coppice.spark.NeighbourKeys;
import dev.coppice.spark.ScoringKeys;

/**
 * Keys of {@code federate} that are the job's own. Those that say how to train are the estimator's
 * Params ({@link FederationKeys}, {@link GateKeys}, {@link LatentKeys}).
 */
final class FederateKeys {
  static final ConfigKey<String> OUTPUT =
      ConfigKey.path("output")
          .asRequired()
          .withDoc(
              "directory for the global model (model/), one model a client (clients/NAME/),"
                  + " metrics.json and report.html");

  static final ConfigKey<String> CLIENT_BY =
      ConfigKey.oneOf("clientBy", "group", "prefix", "hash")
          .withDefault("group")
          .withDoc(
              "what a client is: a value of the group column (prepare's groupCol), the first"
                  + " clientPrefix characters of the user's id, or one of clientGroups hash groups"
                  + " of users");

  static final ConfigKey<Integer> CLIENT_PREFIX =
      ConfigKey.integer("clientPrefix", 1, 1000)
          .withDefault(2)
          .withDoc("characters of the user's id that name its client, with clientBy = prefix");

  static final ConfigKey<Integer> CLIENT_GROUPS =
      ConfigKey.integer("clientGroups", 1, 100_000)
          .withDefault(8)
          .withDoc("hash groups of users, with clientBy = hash");

  static final ConfigKey<String> JOIN =
      ConfigKey.path("join")
          .withDoc(
              "output of an earlier federate that the clients of the input join: nothing is trained"
                  + " but their gates and their users' rows, and with joinItems their own models,"
                  + " on its global table");

  static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc("a saved model whose item rows the rounds start from, in place of startTable");

  static final ConfigKey<String> PART =
      ConfigKey.oneOf("part", "validation", "test", "none")
          .withDefault("validation")
          .withDoc(
              "what the clients' models are measured on; test learns from the validation part too,"
                  + " as does none");

  private FederateKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(
            TrainKeys.INPUT,
            OUTPUT,
            CLIENT_BY,
            CLIENT_PREFIX,
            CLIENT_GROUPS,
            JOIN,
            INITIAL_MODEL,
            PART)
        .and(ConfigSchema.declaredIn(FederationKeys.class, GateKeys.class, LatentKeys.class))
        .and(
            ConfigSchema.of(
                NeighbourKeys.NEIGHBOURS,
                NeighbourKeys.NEIGHBOUR_REG,
                NeighbourKeys.HISTORY_DEBIAS,
                NeighbourKeys.MAX_HISTORY,
                ScoringKeys.NUM_PARTITIONS))
        .without(LatentKeys.RATING_COL, FederationKeys.VALIDATION_COL)
        .and(CommonKeys.schema());
  }
}
