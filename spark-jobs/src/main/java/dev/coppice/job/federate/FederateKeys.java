package dev.coppice.job.federate;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.Range;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.train.TrainKeys;
import java.util.List;

/** Keys of {@code federate}; those of the global training are {@code train}'s. */
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

  static final ConfigKey<Long> MAX_CLIENT =
      ConfigKey.whole("maxClientInteractions", 1, Integer.MAX_VALUE)
          .withDefault(50_000_000L)
          .withDoc("interactions above which a client is refused: it is trained in one task");

  static final ConfigKey<Double> CAPACITY =
      ConfigKey.number("capacity", Range.above(0, 1))
          .withDefault(0.5)
          .withDoc("share of the global item table's weights that a client may hold");

  static final ConfigKey<List<String>> CAPACITIES =
      ConfigKey.texts("capacities")
          .withDoc("CLIENT=SHARE for clients whose share differs from capacity");

  static final ConfigKey<String> CAPACITY_TABLE =
      ConfigKey.path("capacityTable")
          .withDoc(
              "comma-separated file with a header: client, and capacity (a share), bytes (a limit"
                  + " as memoryLimit, for this client) or both; capacities goes before it");

  static final ConfigKey<Long> MEMORY_LIMIT =
      ConfigKey.whole("memoryLimit", 1, Long.MAX_VALUE)
          .withDoc(
              "largest model of a client, in bytes, in memory and on disk; lowers the shares of"
                  + " clients that would be larger");

  static final ConfigKey<List<String>> JOINS =
      ConfigKey.texts("joins")
          .withDoc(
              "clients that take no part in the start table and the rounds: only their gates are"
                  + " trained, on the final global table");

  static final ConfigKey<String> JOIN =
      ConfigKey.path("join")
          .withDoc(
              "output of an earlier federate that the clients of the input join: nothing is trained"
                  + " but their gates and their users' rows, and with joinItems their own models,"
                  + " on its global table");

  static final ConfigKey<Boolean> JOIN_ITEMS =
      ConfigKey.flag("joinItems")
          .withDefault(false)
          .withDoc(
              "whether the models of clients that join are trained in the final steps too, once"
                  + " their gates are; the global table stays as it is");

  static final ConfigKey<String> START_TABLE =
      ConfigKey.oneOf("startTable", "pooled", "random")
          .withDefault("pooled")
          .withDoc(
              "what the rounds start from without initialModel: a table trained on all clients'"
                  + " interactions together, which therefore must be in one place, or a random one"
                  + " that the clients alone train");

  static final ConfigKey<String> INITIAL_MODEL =
      ConfigKey.path("initialModel")
          .withDoc("a saved model whose item rows the rounds start from, in place of startTable");

  static final ConfigKey<Integer> ROUNDS =
      ConfigKey.integer("rounds", 0, 10_000)
          .withDefault(2)
          .withDoc("rounds: each sends the global table to the clients, and changes back");

  static final ConfigKey<Double> PARTICIPATION =
      ConfigKey.number("participation", Range.above(0, 1))
          .withDefault(1.0)
          .withDoc("share of the clients that is asked in a round");

  static final ConfigKey<Integer> LOCAL_STEPS =
      ConfigKey.integer("localSteps", 0, 1000)
          .withDefault(2)
          .withDoc("passes over a client's items and users in a round");

  static final ConfigKey<Double> ANCHOR_WEIGHT =
      ConfigKey.number("anchorWeight", Range.atLeast(0))
          .withDefault(0.1)
          .withDoc("how strongly a client's item rows are pulled towards the global ones");

  static final ConfigKey<Double> SERVER_RATE =
      ConfigKey.number("serverRate", Range.of(0, 1))
          .withDefault(0.3)
          .withDoc("share of the clients' mean change that the global table takes");

  static final ConfigKey<Integer> MASK_INTERVAL =
      ConfigKey.integer("maskInterval", 0, 10_000)
          .withDefault(0)
          .withDoc("rounds between explorations of the global mask; 0 never");

  static final ConfigKey<Double> MASK_RATIO =
      ConfigKey.number("maskRatio", Range.of(0, 1))
          .withDefault(0.1)
          .withDoc("share of the global weights that the first exploration moves");

  static final ConfigKey<String> BUCKETS =
      ConfigKey.oneOf(
              "buckets",
              BucketRule.AVAILABILITY.key(),
              BucketRule.POPULARITY.key(),
              BucketRule.COOCCURRENCE.key(),
              BucketRule.HASH.key())
          .withDefault(BucketRule.AVAILABILITY.key())
          .withDoc("by what items are put into the buckets of the block layout");

  static final ConfigKey<Integer> ITEM_BUCKETS =
      ConfigKey.integer("itemBuckets", 0, 1_000_000)
          .withDefault(0)
          .withDoc(
              "item buckets of the block layout; at most the number of items; 0 chooses 240, or"
                  + " what a smaller table allows");

  static final ConfigKey<Integer> DIM_BLOCKS =
      ConfigKey.integer("dimBlocks", 0, 65_535)
          .withDefault(0)
          .withDoc(
              "dimension groups of the block layout; at most the rank; 0 chooses 32, or what a"
                  + " smaller table allows");

  static final ConfigKey<GateRule> GATE =
      ConfigKey.oneOf("gate", GateRule.class)
          .withDefault(GateRule.CHOSEN)
          .withDoc(
              "how a gate gets its values; chosen: each client takes the learnt or the untrained"
                  + " one, by interactions it holds back");

  static final ConfigKey<Integer> GATE_FEATURES =
      ConfigKey.integer("gateFeatures", 0, 10_000)
          .withDefault(0)
          .withDoc("length of the profile of a batch of users that the gate reads");

  static final ConfigKey<Integer> GATE_BATCH =
      ConfigKey.integer("gateBatch", 1, Integer.MAX_VALUE)
          .withDefault(1_000_000)
          .withDoc("users in a batch");

  static final ConfigKey<Integer> GATE_STEPS =
      ConfigKey.integer("gateSteps", 0, 10_000)
          .withDefault(1)
          .withDoc("steps of the gate's training for each local step");

  static final ConfigKey<Double> GATE_RATE =
      ConfigKey.number("gateRate", Range.atLeast(0))
          .withDefault(0.5)
          .withDoc("size of a step of the gate");

  static final ConfigKey<Double> MIN_GATE =
      ConfigKey.number("minGate", Range.above(0, 0.999))
          .withDefault(0.01)
          .withDoc("the least value of a gate");

  static final ConfigKey<Integer> CUTS =
      ConfigKey.integer("cuts", 1, 1000)
          .withDefault(FederationSettings.CUTS)
          .withDoc("steps in which a learnt gate shrinks a client to its capacity at first");

  static final ConfigKey<Double> USER_RATIO =
      ConfigKey.number("userRatio", Range.of(0, 1))
          .withDefault(FederationSettings.USER_RATIO)
          .withDoc("share of a user row's positions that move when blocks have gone");

  static final ConfigKey<Double> SCORE_WEIGHT =
      ConfigKey.number("scoreWeight", Range.atLeast(0))
          .withDefault(FederationSettings.SCORE_WEIGHT)
          .withDoc(
              "how strongly a client's item rows keep the scores that the whole global table gives"
                  + " its users");

  static final ConfigKey<Boolean> OWN_ITEMS =
      ConfigKey.flag("ownItems")
          .withDefault(true)
          .withDoc(
              "whether a client's model has rows of the items alone that the client has"
                  + " interactions with; else of any item, so that it can recommend what only"
                  + " others have");

  static final ConfigKey<Integer> FINAL_STEPS =
      ConfigKey.integer("finalSteps", 0, 1000)
          .withDefault(FederationSettings.FINAL_STEPS)
          .withDoc("passes over a client's items and users that make its own model, at the end");

  static final ConfigKey<Double> ITEM_RATIO =
      ConfigKey.number("itemRatio", Range.of(0, 1))
          .withDefault(FederationSettings.ITEM_RATIO)
          .withDoc(
              "share of the positions of an own model's rows that move in the first of the final"
                  + " steps, falling to none; 0 keeps the positions of the global table");

  static final ConfigKey<String> PART =
      ConfigKey.oneOf("part", "validation", "test", "none")
          .withDefault("validation")
          .withDoc(
              "what the clients' models are measured on; test learns from the validation part too,"
                  + " as does none");

  static final ConfigKey<Boolean> ALONE =
      ConfigKey.flag("alone")
          .withDefault(true)
          .withDoc(
              "whether each client is also trained without the others, as long and as dense as the"
                  + " global table, so that the report says which client is better off alone;"
                  + " without effect where nothing is measured");

  static final ConfigKey<Integer> CHECKPOINT_INTERVAL =
      ConfigKey.integer("checkpointInterval", 1, 10_000)
          .withDefault(10)
          .withDoc(
              "rounds between cuts of the lineage, where Spark has a checkpoint directory"
                  + " (spark.checkpoint.dir); without effect otherwise");

  private FederateKeys() {}

  static ConfigSchema schema() {
    return ConfigSchema.of(
            TrainKeys.INPUT,
            OUTPUT,
            CLIENT_BY,
            CLIENT_PREFIX,
            CLIENT_GROUPS,
            MAX_CLIENT,
            CAPACITY,
            CAPACITIES,
            CAPACITY_TABLE,
            MEMORY_LIMIT,
            JOINS,
            JOIN,
            START_TABLE,
            INITIAL_MODEL,
            ROUNDS,
            PARTICIPATION,
            LOCAL_STEPS,
            ANCHOR_WEIGHT,
            SERVER_RATE,
            MASK_INTERVAL,
            MASK_RATIO,
            BUCKETS,
            ITEM_BUCKETS,
            DIM_BLOCKS,
            GATE,
            GATE_FEATURES,
            GATE_BATCH,
            GATE_STEPS,
            GATE_RATE,
            MIN_GATE,
            CUTS,
            USER_RATIO,
            SCORE_WEIGHT,
            OWN_ITEMS,
            FINAL_STEPS,
            ITEM_RATIO,
            JOIN_ITEMS,
            PART,
            ALONE,
            CHECKPOINT_INTERVAL,
            TrainKeys.RANK,
            TrainKeys.DENSITY,
            TrainKeys.MAX_ITER,
            TrainKeys.REG_PARAM,
            TrainKeys.REG_EXPONENT,
            TrainKeys.UNOBSERVED_WEIGHT,
            TrainKeys.USER_DEBIAS,
            TrainKeys.ITEM_DEBIAS,
            TrainKeys.SEED,
            TrainKeys.NUM_PARTITIONS)
        .and(CommonKeys.schema());
  }
}
