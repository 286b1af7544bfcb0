package dev.coppice.spark.federate;

import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.FederationSettings;
import java.io.Serializable;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a federation on Spark is told, beside its data.
 *
 * @param settings of rounds, gates and local steps
 * @param buckets by what items are put into buckets
 * @param itemBuckets of the block layout; 0 for {@link LayoutSize}'s choice
 * @param dimBlocks dimension groups of it; 0 likewise
 * @param capacities {@code double[clients]}: share of the global weights that each may hold
 * @param joins clients that take no part: not counted, not in a round, only their gates trained,
 *     and their own models with {@code joinItems}
 * @param partitions at least 1; any number gives the same result
 * @param checkpointInterval rounds between cuts of the lineage, at least 1; without effect unless
 *     Spark has a checkpoint directory
 * @param hush whether the texts of failures stay in the tasks, and states of clients out of
 *     checkpoints
 * @param fault throws where a step shall fail
 */
public record FederationPlan(
    FederationSettings settings,
    BucketRule buckets,
    int itemBuckets,
    int dimBlocks,
    double[] capacities,
    Set<Integer> joins,
    int partitions,
    int checkpointInterval,
    Hush hush,
    StepFault fault)
    implements Serializable {

  /** Copies what could change. */
  public FederationPlan {
    capacities = capacities.clone();
    joins = new TreeSet<>(joins);
  }
}
