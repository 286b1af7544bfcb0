package dev.coppice.spark;

import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;

/** The Params of {@link GatedFederationParams}; see {@link ModelParamSet} for the pattern. */
final class GatedTrainParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<String> GATES =
      java.util.Arrays.stream(GateRule.values())
          .map(rule -> rule.name().toLowerCase(java.util.Locale.ROOT))
          .toList();

  final Param<String> ratingCol;
  final IntParam rank;
  final DoubleParam density;
  final IntParam maxIter;
  final DoubleParam regParam;
  final DoubleParam regExponent;
  final DoubleParam unobservedWeight;
  final DoubleParam userDebias;
  final DoubleParam itemDebias;
  final LongParam seed;
  final Param<String> startTable;
  final Param<String> initialModel;
  final DoubleParam capacity;
  final StringArrayParam capacities;
  final Param<String> capacityTable;
  final LongParam memoryLimit;
  final StringArrayParam joins;
  final LongParam maxClientInteractions;
  final IntParam rounds;
  final DoubleParam participation;
  final IntParam localSteps;
  final DoubleParam anchorWeight;
  final DoubleParam serverRate;
  final IntParam maskInterval;
  final DoubleParam maskRatio;
  final Param<String> buckets;
  final IntParam itemBuckets;
  final IntParam dimBlocks;
  final Param<String> gate;
  final IntParam gateFeatures;
  final IntParam gateBatch;
  final IntParam gateSteps;
  final DoubleParam gateRate;
  final DoubleParam minGate;
  final IntParam cuts;
  final DoubleParam userRatio;
  final DoubleParam scoreWeight;
  final BooleanParam ownItems;
  final IntParam finalSteps;
  final DoubleParam itemRatio;
  final BooleanParam joinItems;
  final IntParam checkpointInterval;

  GatedTrainParamSet(Params owner) {
    ratingCol =
        new Param<>(
            owner,
            "ratingCol",
            "column of the interactions' weights; empty: every interaction weighs 1");
    rank =
        new IntParam(
            owner,
            "rank",
            "width of an embedding row, in dimensions; allowed: 1 to 65535",
            ParamValidators.inRange(1, SparseTable.MAX_RANK));
    density =
        new DoubleParam(
            owner,
            "density",
            "stored weights of the global table over rank times its rows; allowed: above 0, at most"
                + " 1",
            ParamValidators.inRange(0, 1, false, true));
    maxIter =
        new IntParam(
            owner,
            "maxIter",
            "sweeps of the pooled training that the rounds start from; allowed: 1 or more",
            atLeast(1));
    regParam =
        new DoubleParam(
            owner, "regParam", "L2 strength lambda; allowed: 0 or more, finite", finiteFrom(0));
    regExponent =
        new DoubleParam(
            owner,
            "regExponent",
            "exponent nu of a row's observations in its L2 strength; allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    unobservedWeight =
        new DoubleParam(
            owner,
            "unobservedWeight",
            "weight alpha_0 of every unobserved pair; allowed: 0 or more, finite",
            finiteFrom(0));
    userDebias =
        new DoubleParam(
            owner,
            "userDebias",
            "popularity exponent of the users in the confidence; allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    itemDebias =
        new DoubleParam(
            owner,
            "itemDebias",
            "popularity exponent of the items in the confidence; allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    seed = new LongParam(owner, "seed", "seed of all random draws");
    startTable =
        new Param<>(
            owner,
            "startTable",
            "what the rounds start from without an initial model: a table trained on all clients'"
                + " interactions together, or a random one that the clients alone train; allowed:"
                + " pooled, random",
            ParamValidators.inArray(List.of("pooled", "random")));
    initialModel =
        new Param<>(
            owner,
            "initialModel",
            "path of a saved DynamicSparseALSModel whose rows the rounds start from; empty:"
                + " startTable");
    capacity =
        new DoubleParam(
            owner,
            "capacity",
            "share of the global item table's weights that a client may hold; allowed: above 0, at"
                + " most 1",
            ParamValidators.inRange(0, 1, false, true));
    capacities =
        new StringArrayParam(owner, "capacities", "CLIENT=SHARE for clients whose share differs");
    capacityTable =
        new Param<>(
            owner,
            "capacityTable",
            "path of a comma-separated file with the columns client and capacity, bytes or both;"
                + " empty: none");
    memoryLimit =
        new LongParam(
            owner,
            "memoryLimit",
            "largest model of a client, in bytes; lowers the shares of clients that would be"
                + " larger; 0: none; allowed: 0 or more",
            ParamValidators.gtEq(0));
    joins =
        new StringArrayParam(
            owner,
            "joins",
            "clients that take no part in the start table and the rounds: only their gates are"
                + " trained, on the final global table");
    maxClientInteractions =
        new LongParam(
            owner,
            "maxClientInteractions",
            "interactions above which a client is refused: it is trained in one task; allowed: 1 or"
                + " more",
            ParamValidators.inRange(1, Integer.MAX_VALUE));
    rounds =
        new IntParam(
            owner,
            "rounds",
            "rounds: each sends the global table to the clients, and changes back; allowed: 0 or"
                + " more",
            atLeast(0));
    participation =
        new DoubleParam(
            owner,
            "participation",
            "share of the clients that is asked in a round; allowed: above 0, at most 1",
            ParamValidators.inRange(0, 1, false, true));
    localSteps =
        new IntParam(
            owner,
            "localSteps",
            "passes over a client's items and users in a round; allowed: 0 or more",
            atLeast(0));
    anchorWeight =
        new DoubleParam(
            owner,
            "anchorWeight",
            "how strongly a client's item rows are pulled towards the global ones; allowed: 0 or"
                + " more, finite",
            finiteFrom(0));
    serverRate =
        new DoubleParam(
            owner,
            "serverRate",
            "share of the clients' mean change that the global table takes; allowed: 0 to 1",
            ParamValidators.inRange(0, 1));
    maskInterval =
        new IntParam(
            owner,
            "maskInterval",
            "rounds between explorations of the global mask; 0 never; allowed: 0 or more",
            atLeast(0));
    maskRatio =
        new DoubleParam(
            owner,
            "maskRatio",
            "share of the global weights that the first exploration moves; allowed: 0 to 1",
            ParamValidators.inRange(0, 1));
    buckets =
        new Param<>(
            owner,
            "buckets",
            "by what items are put into the buckets of the block layout; allowed: availability,"
                + " popularity, cooccurrence, hash",
            ParamValidators.inArray(List.of("availability", "popularity", "cooccurrence", "hash")));
    itemBuckets =
        new IntParam(
            owner,
            "itemBuckets",
            "item buckets of the block layout; 0: 240, or what a smaller table allows; allowed: 0"
                + " or more",
            atLeast(0));
    dimBlocks =
        new IntParam(
            owner,
            "dimBlocks",
            "dimension groups of the block layout; 0: 32, or what a smaller table allows; allowed:"
                + " 0 or more",
            atLeast(0));
    gate =
        new Param<>(
            owner,
            "gate",
            "how a gate gets its values; chosen: each client takes the learnt or the untrained one,"
                + " by interactions it holds back; allowed: chosen, learnt, saliency, sensitivity,"
                + " magnitude, random",
            ParamValidators.inArray(GATES));
    gateFeatures =
        new IntParam(
            owner,
            "gateFeatures",
            "length of the profile of a batch of users that the gate reads; allowed: 0 or more",
            atLeast(0));
    gateBatch =
        new IntParam(owner, "gateBatch", "users in a batch; allowed: 1 or more", atLeast(1));
    gateSteps =
        new IntParam(
            owner,
            "gateSteps",
            "steps of the gate's training for each local step; allowed: 0 or more",
            atLeast(0));
    gateRate =
        new DoubleParam(
            owner,
            "gateRate",
            "size of a step of the gate; allowed: 0 or more, finite",
            finiteFrom(0));
    minGate =
        new DoubleParam(
            owner,
            "minGate",
            "the least value of a gate; allowed: above 0, below 1",
            ParamValidators.inRange(0, 1, false, false));
    cuts =
        new IntParam(
            owner,
            "cuts",
            "steps in which a learnt gate shrinks a client to its capacity at first; allowed: 1 or"
                + " more",
            atLeast(1));
    userRatio =
        new DoubleParam(
            owner,
            "userRatio",
            "share of a user row's positions that move when blocks have gone; allowed: 0 to 1",
            ParamValidators.inRange(0, 1));
    scoreWeight =
        new DoubleParam(
            owner,
            "scoreWeight",
            "how strongly a client's item rows keep the scores that the whole global table gives"
                + " its users; allowed: 0 or more",
            ParamValidators.gtEq(0));
    ownItems =
        new BooleanParam(
            owner,
            "ownItems",
            "whether a client's model has rows of the items alone that the client has interactions"
                + " with; else of any item, so that it can recommend what only others have");
    finalSteps =
        new IntParam(
            owner,
            "finalSteps",
            "passes over a client's items and users that make its own model, after the last round;"
                + " allowed: 0 or more",
            atLeast(0));
    itemRatio =
        new DoubleParam(
            owner,
            "itemRatio",
            "share of the positions of an own model's rows that move in the first of the final"
                + " steps, falling to none; 0 keeps the positions of the global table; allowed: 0"
                + " to 1",
            ParamValidators.inRange(0, 1));
    joinItems =
        new BooleanParam(
            owner,
            "joinItems",
            "whether the models of clients that join are trained in the final steps too, once their"
                + " gates are; the global table stays as it is");
    checkpointInterval =
        new IntParam(
            owner,
            "checkpointInterval",
            "rounds between cuts of the lineage, where Spark has a checkpoint directory; without"
                + " effect otherwise; allowed: 1 or more",
            atLeast(1));
  }

  void setDefaults(Params owner) {
    owner.setDefault(ratingCol, "");
    owner.setDefault(rank, 256);
    owner.setDefault(density, 0.05);
    owner.setDefault(maxIter, 10);
    owner.setDefault(regParam, 0.008);
    owner.setDefault(regExponent, 1.0);
    owner.setDefault(unobservedWeight, 0.01);
    owner.setDefault(userDebias, 0.0);
    owner.setDefault(itemDebias, 0.0);
    owner.setDefault(seed, 42L);
    owner.setDefault(startTable, "pooled");
    owner.setDefault(initialModel, "");
    owner.setDefault(capacity, 0.5);
    owner.setDefault(capacities, new String[0]);
    owner.setDefault(capacityTable, "");
    owner.setDefault(memoryLimit, 0L);
    owner.setDefault(joins, new String[0]);
    owner.setDefault(maxClientInteractions, 50_000_000L);
    owner.setDefault(rounds, 2);
    owner.setDefault(participation, 1.0);
    owner.setDefault(localSteps, 2);
    owner.setDefault(anchorWeight, 0.1);
    owner.setDefault(serverRate, 0.3);
    owner.setDefault(maskInterval, 0);
    owner.setDefault(maskRatio, 0.1);
    owner.setDefault(buckets, "availability");
    owner.setDefault(itemBuckets, 0);
    owner.setDefault(dimBlocks, 0);
    owner.setDefault(gate, "chosen");
    owner.setDefault(gateFeatures, 0);
    owner.setDefault(gateBatch, 1_000_000);
    owner.setDefault(gateSteps, 1);
    owner.setDefault(gateRate, 0.5);
    owner.setDefault(minGate, 0.01);
    owner.setDefault(cuts, FederationSettings.CUTS);
    owner.setDefault(userRatio, FederationSettings.USER_RATIO);
    owner.setDefault(scoreWeight, FederationSettings.SCORE_WEIGHT);
    owner.setDefault(ownItems, true);
    owner.setDefault(finalSteps, FederationSettings.FINAL_STEPS);
    owner.setDefault(itemRatio, FederationSettings.ITEM_RATIO);
    owner.setDefault(joinItems, false);
    owner.setDefault(checkpointInterval, 10);
  }

  private static Function1<Object, Object> finiteFrom(double low) {
    return ParamValidators.inRange(low, Double.MAX_VALUE);
  }

  private static Function1<Object, Object> atLeast(int low) {
    return ParamValidators.gtEq(low);
  }
}
