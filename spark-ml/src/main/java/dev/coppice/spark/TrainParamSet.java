package dev.coppice.spark;

import dev.coppice.core.eval.MetricKey;
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
import org.apache.spark.storage.StorageLevel;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/** The Params that only the estimator has; see {@link ModelParamSet} for the pattern. */
final class TrainParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  final IntParam rank;
  final IntParam maxIter;
  final DoubleParam regParam;
  final DoubleParam regExponent;
  final DoubleParam alpha;
  final DoubleParam unobservedWeight;
  final BooleanParam implicitPrefs;
  final Param<String> ratingCol;
  final LongParam seed;
  final IntParam checkpointInterval;
  final DoubleParam density;
  final DoubleParam updateRatio;
  final Param<String> updateSchedule;
  final IntParam updateInterval;
  final DoubleParam userDebias;
  final DoubleParam itemDebias;
  final BooleanParam itemBias;
  final IntParam minWeightsPerRow;
  final Param<String> validationCol;
  final IntParam patience;
  final Param<String> metric;
  final Param<String> initialModel;
  final Param<String> vanishedRows;
  final Param<String> budget;
  final Param<String> newRows;
  final DoubleParam solveShare;
  final Param<String> growth;
  final Param<String> start;
  final DoubleParam protect;
  final DoubleParam protectDecay;
  final IntParam numBlocks;
  final Param<String> intermediateStorageLevel;
  final Param<String> finalStorageLevel;

  TrainParamSet(Params owner) {
    rank =
        integer(
            owner,
            "rank",
            "width of an embedding row, in dimensions; allowed: 1 to " + SparseTable.MAX_RANK,
            ParamValidators.inRange(1, SparseTable.MAX_RANK));
    maxIter =
        integer(owner, "maxIter", "most sweeps over both sides; allowed: 1 or more", atLeast(1));
    regParam =
        number(owner, "regParam", "L2 strength lambda; allowed: 0 or more, finite", finiteFrom(0));
    regExponent =
        number(
            owner,
            "regExponent",
            "exponent nu of a row's observations in its L2 strength; 0 gives every row the same;"
                + " allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    alpha =
        number(
            owner,
            "alpha",
            "confidence per unit of weight in MLlib's implicit form 1 + alpha * weight, which is"
                + " used only if this is set, and then instead of unobservedWeight; allowed: above"
                + " 0, finite",
            ParamValidators.inRange(0, Double.MAX_VALUE, false, true));
    unobservedWeight =
        number(
            owner,
            "unobservedWeight",
            "weight alpha_0 of every unobserved pair; allowed: 0 or more, finite",
            finiteFrom(0));
    implicitPrefs =
        new BooleanParam(
            owner,
            "implicitPrefs",
            "true: interactions are implicit feedback and unobserved pairs are in the loss; false:"
                + " ratings, only observed pairs are in the loss");
    ratingCol =
        new Param<>(
            owner,
            "ratingCol",
            "column of weights (implicit, at least 0) or ratings (explicit), any number type;"
                + " empty: every interaction weighs 1");
    seed = new LongParam(owner, "seed", "seed of all random draws; allowed: any long");
    checkpointInterval =
        integer(
            owner,
            "checkpointInterval",
            "sweeps between checkpoints, which need a checkpoint directory; -1: none; allowed: -1"
                + " or 1 or more",
            new CheckpointIntervals());
    density =
        number(
            owner,
            "density",
            "stored weights over rank times rows, of each table; 1 is dense ALS; allowed: above 0"
                + " and at most 1",
            ParamValidators.inRange(0, 1, false, true));
    updateRatio =
        number(
            owner,
            "updateRatio",
            "share of the stored weights that the first exploration prunes and regrows; allowed: 0"
                + " to 1",
            ParamValidators.inRange(0, 1));
    updateSchedule =
        new Param<>(
            owner,
            "updateSchedule",
            "how updateRatio falls over the run; allowed: cosine, linear, constant",
            ParamValidators.inArray(List.of("cosine", "linear", "constant")));
    updateInterval =
        integer(
            owner, "updateInterval", "sweeps between explorations; allowed: 1 or more", atLeast(1));
    userDebias =
        number(
            owner,
            "userDebias",
            "popularity exponent of the users in the confidence; allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    itemDebias =
        number(
            owner,
            "itemDebias",
            "popularity exponent of the items in the confidence; allowed: 0 to 2",
            ParamValidators.inRange(0, 2));
    itemBias =
        new BooleanParam(
            owner,
            "itemBias",
            "whether every item has a bias, learnt with the rows: dimension 0 holds it, and 1 in"
                + " every user's row, both counted in density; helps where popularity is hard to"
                + " beat");
    minWeightsPerRow =
        integer(
            owner,
            "minWeightsPerRow",
            "weights that pruning leaves a row at least; allowed: 0 to density * rank",
            atLeast(0));
    validationCol =
        new Param<>(
            owner,
            "validationCol",
            "boolean column; rows where it is true are validated on instead of trained on; empty:"
                + " none");
    patience =
        integer(
            owner,
            "patience",
            "sweeps without a better validation metric before training stops; 0 never stops;"
                + " allowed: 0 or more",
            atLeast(0));
    metric =
        new Param<>(
            owner,
            "metric",
            "validation metric, such as ndcg@20; allowed: recall, ndcg, precision, hitrate, map,"
                + " mrr, each @ a length of 1 or more",
            new MetricNames());
    initialModel =
        new Param<>(
            owner,
            "initialModel",
            "path of a saved model of the same rank and type of ids; its rows keep weights and"
                + " positions as far as the budget allows, new ids get rows; empty: random rows");
    vanishedRows =
        new Param<>(
            owner,
            "vanishedRows",
            "what becomes of rows of the initial model that have no interactions any more: drop, or"
                + " keep, unchanged and counted in the budget; allowed: drop, keep",
            ParamValidators.inArray(List.of("drop", "keep")));
    budget =
        new Param<>(
            owner,
            "budget",
            "weights that a run from an initial model may store: grow, density * rank * rows, or"
                + " keep, as many as the initial model; allowed: grow, keep",
            ParamValidators.inArray(List.of("grow", "keep")));
    newRows =
        new Param<>(
            owner,
            "newRows",
            "how rows that the initial model does not have begin: random, or fold, on positions"
                + " that their interactions with known rows choose; allowed: random, fold",
            ParamValidators.inArray(List.of("random", "fold")));
    solveShare =
        number(
            owner,
            "solveShare",
            "share of the rows that a run from an initial model solves and explores from its second"
                + " sweep on, those with the largest gain; allowed: above 0, at most 1",
            ParamValidators.inRange(0, 1, false, true));
    growth =
        new Param<>(
            owner,
            "growth",
            "which empty positions explorations grow: those where the objective falls most"
                + " (gradient), the largest running means of gradients (momentum), any (random), or"
                + " any that held no weight in the run yet (unfired); allowed: gradient, momentum,"
                + " random, unfired",
            ParamValidators.inArray(List.of("gradient", "momentum", "random", "unfired")));
    start =
        new Param<>(
            owner,
            "start",
            "how the two tables share out the weights of both: with the same density (uniform), or"
                + " in proportion to rows + rank, so that the smaller one is denser (er); allowed:"
                + " uniform, er",
            ParamValidators.inArray(List.of("uniform", "er")));
    protect =
        number(
            owner,
            "protect",
            "weight of the importance that weights had in earlier periods beside their present"
                + " saliency when explorations prune; above 0, importances are saved with the"
                + " model, one byte a weight; allowed: 0 or more, finite",
            ParamValidators.inRange(0, Float.MAX_VALUE));
    protectDecay =
        number(
            owner,
            "protectDecay",
            "share of an earlier importance that is left a period later; allowed: 0 to 1",
            ParamValidators.inRange(0, 1));
    numBlocks =
        integer(
            owner,
            "numBlocks",
            "logical blocks of a side, over which sums run in a fixed order; the last bits of a"
                + " result depend on it, never on partitions; allowed: 1 to 65536",
            ParamValidators.inRange(1, 65_536));
    intermediateStorageLevel =
        new Param<>(
            owner,
            "intermediateStorageLevel",
            "Spark storage level of what lives between half-sweeps; allowed: any but NONE",
            new StorageLevels());
    finalStorageLevel =
        new Param<>(
            owner,
            "finalStorageLevel",
            "Spark storage level of the model's tables; allowed: any but NONE",
            new StorageLevels());
  }

  void setDefaults(Params owner) {
    owner.setDefault(rank, 256);
    owner.setDefault(maxIter, 10);
    owner.setDefault(regParam, 0.008);
    owner.setDefault(regExponent, 1.0);
    owner.setDefault(unobservedWeight, 0.01);
    owner.setDefault(implicitPrefs, true);
    owner.setDefault(ratingCol, "");
    owner.setDefault(seed, 42L);
    owner.setDefault(checkpointInterval, 5);
    owner.setDefault(density, 0.05);
    owner.setDefault(updateRatio, 0.5);
    owner.setDefault(updateSchedule, "cosine");
    owner.setDefault(updateInterval, 1);
    owner.setDefault(userDebias, 0.0);
    owner.setDefault(itemDebias, 0.0);
    owner.setDefault(itemBias, false);
    owner.setDefault(minWeightsPerRow, 1);
    owner.setDefault(validationCol, "");
    owner.setDefault(patience, 0);
    owner.setDefault(metric, "ndcg@20");
    owner.setDefault(initialModel, "");
    owner.setDefault(vanishedRows, "drop");
    owner.setDefault(budget, "grow");
    owner.setDefault(newRows, "fold");
    owner.setDefault(solveShare, 1.0);
    owner.setDefault(growth, "gradient");
    owner.setDefault(start, "uniform");
    owner.setDefault(protect, 0.0);
    owner.setDefault(protectDecay, 0.5);
    owner.setDefault(numBlocks, 64);
    owner.setDefault(intermediateStorageLevel, "MEMORY_AND_DISK");
    owner.setDefault(finalStorageLevel, "MEMORY_AND_DISK");
  }

  private static IntParam integer(
      Params owner, String name, String doc, Function1<Object, Object> valid) {
    return new IntParam(owner, name, doc, valid);
  }

  private static DoubleParam number(
      Params owner, String name, String doc, Function1<Object, Object> valid) {
    return new DoubleParam(owner, name, doc, valid);
  }

  private static Function1<Object, Object> atLeast(int low) {
    return ParamValidators.gtEq(low);
  }

  private static Function1<Object, Object> finiteFrom(double low) {
    return ParamValidators.inRange(low, Double.MAX_VALUE);
  }

  /** Accepts -1 and everything from 1. */
  private static final class CheckpointIntervals extends AbstractFunction1<Object, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object apply(Object value) {
      int interval = (Integer) value;
      return interval == -1 || interval >= 1;
    }
  }

  /** Accepts what {@link MetricKey#parse} reads; its message says what is known. */
  static final class MetricNames extends AbstractFunction1<String, Object> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object apply(String value) {
      return MetricKey.parse(value).k() >= 1;
    }
  }

  /** Accepts the names of Spark's storage levels. */
  private static final class StorageLevels extends AbstractFunction1<String, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object apply(String value) {
      return !StorageLevel.fromString(value).equals(StorageLevel.NONE());
    }
  }
}
