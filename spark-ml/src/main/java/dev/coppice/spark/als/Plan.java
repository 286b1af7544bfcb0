package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Continuation;
import dev.coppice.core.als.ExploreRule;
import dev.coppice.core.als.Side;
import dev.coppice.core.als.SolveScope;
import dev.coppice.core.table.Budget;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * What stays the same throughout a run.
 *
 * @param meanUserDegree interactions a user, of those that have any
 * @param meanItemDegree interactions an item, of those that have any
 * @param users budget of the user table
 * @param items budget of the item table
 * @param minWeightsPerRow weights of a row that are never pruned
 * @param storage where interactions and rows are kept
 * @param checkpointInterval sweeps between Spark's own checkpoints, below 1 for none; used when
 *     rows travel from block to block and there is no durable state
 * @param continuation how sweeps that start from an initial model differ
 * @param rule what explorations go by
 * @param seed of all draws
 * @param history what is kept of interactions that are not at hand; null for nothing
 */
record Plan(
    JavaSparkContext spark,
    InteractionLayout layout,
    AlsObjective objective,
    double meanUserDegree,
    double meanItemDegree,
    Budget users,
    Budget items,
    int minWeightsPerRow,
    StorageLevel storage,
    int checkpointInterval,
    Continuation continuation,
    ExploreRule rule,
    long seed,
    StepPlan.KeptHistory history) {

  /** Returns what stored confidences are multiplied with. */
  double confidenceScale() {
    return objective.confidenceScale(meanUserDegree, meanItemDegree);
  }

  /** Returns which rows a half-sweep solves; sweeps from 1. */
  SolveScope scope(Side side, int sweep) {
    return continuation.scope(sweep, side.startSeed(seed));
  }

  /** Returns how the exploration of a half-sweep scores; sweeps from 1. */
  ExploreRule.Scoring scoring(Side side, int sweep) {
    return rule.scoring(sweep, side.startSeed(seed));
  }

  /** Returns what all half-sweeps of a side have in common. */
  StepPlan steps(Side side) {
    return new StepPlan(
        objective, side, confidenceScale(), budget(side.other()).rows(), layout.code(), history);
  }

  Budget budget(Side side) {
    return side == Side.USERS ? users : items;
  }
}
