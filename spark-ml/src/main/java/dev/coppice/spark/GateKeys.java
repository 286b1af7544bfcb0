package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.Range;
import dev.coppice.core.federate.FederationSettings;

/** What {@link GatedFederation} can be told of gates and own models, each setting declared once. */
public final class GateKeys {
  public static final ConfigKey<String> BUCKETS =
      ConfigKey.oneOf("buckets", "availability", "popularity", "cooccurrence", "hash")
          .withDefault("availability")
          .withDoc("by what items are put into the buckets of the block layout");

  public static final ConfigKey<Integer> ITEM_BUCKETS =
      ConfigKey.integer("itemBuckets", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc(
              "item buckets of the block layout, at most the number of items; 0 chooses 240, or"
                  + " what a smaller table allows");

  public static final ConfigKey<Integer> DIM_BLOCKS =
      ConfigKey.integer("dimBlocks", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc(
              "dimension groups of the block layout, at most the rank; 0 chooses 32, or what a"
                  + " smaller table allows");

  public static final ConfigKey<String> GATE =
      ConfigKey.oneOf("gate", "chosen", "learnt", "saliency", "sensitivity", "magnitude", "random")
          .withDefault("chosen")
          .withDoc(
              "how a gate gets its values; chosen: each client takes the learnt or the untrained"
                  + " one, by interactions it holds back");

  public static final ConfigKey<Integer> GATE_FEATURES =
      ConfigKey.integer("gateFeatures", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc("length of the profile of a batch of users that the gate reads");

  public static final ConfigKey<Integer> GATE_BATCH =
      ConfigKey.integer("gateBatch", 1, Integer.MAX_VALUE)
          .withDefault(1_000_000)
          .withDoc("users in a batch");

  public static final ConfigKey<Integer> GATE_STEPS =
      ConfigKey.integer("gateSteps", 0, Integer.MAX_VALUE)
          .withDefault(1)
          .withDoc("steps of the gate's training for each local step");

  public static final ConfigKey<Double> GATE_RATE =
      ConfigKey.number("gateRate", Range.atLeast(0))
          .withDefault(0.5)
          .withDoc("size of a step of the gate");

  public static final ConfigKey<Double> MIN_GATE =
      ConfigKey.number("minGate", Range.above(0, 0.999))
          .withDefault(0.01)
          .withDoc("the least value of a gate");

  public static final ConfigKey<Integer> CUTS =
      ConfigKey.integer("cuts", 1, Integer.MAX_VALUE)
          .withDefault(FederationSettings.CUTS)
          .withDoc("steps in which a learnt gate shrinks a client to its capacity at first");

  public static final ConfigKey<Double> USER_RATIO =
      ConfigKey.number("userRatio", Range.of(0, 1))
          .withDefault(FederationSettings.USER_RATIO)
          .withDoc("share of a user row's positions that move when blocks have gone");

  public static final ConfigKey<Double> SCORE_WEIGHT =
      ConfigKey.number("scoreWeight", Range.atLeast(0))
          .withDefault(FederationSettings.SCORE_WEIGHT)
          .withDoc(
              "how strongly a client's item rows keep the scores that the whole global table gives"
                  + " its users");

  public static final ConfigKey<Boolean> OWN_ITEMS =
      ConfigKey.flag("ownItems")
          .withDefault(true)
          .withDoc(
              "whether a client's model has rows of the items alone that the client has"
                  + " interactions with; else of any item, so that it can recommend what only"
                  + " others have");

  public static final ConfigKey<Integer> FINAL_STEPS =
      ConfigKey.integer("finalSteps", 0, Integer.MAX_VALUE)
          .withDefault(FederationSettings.FINAL_STEPS)
          .withDoc(
              "passes over a client's items and users that make its own model, after the last"
                  + " round");

  public static final ConfigKey<Double> ITEM_RATIO =
      ConfigKey.number("itemRatio", Range.of(0, 1))
          .withDefault(FederationSettings.ITEM_RATIO)
          .withDoc(
              "share of the positions of an own model's rows that move in the first of the final"
                  + " steps, falling to none; 0 keeps the positions of the global table");

  private GateKeys() {}
}
