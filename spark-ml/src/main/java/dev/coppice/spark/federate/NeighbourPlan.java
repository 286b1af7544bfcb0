package dev.coppice.spark.federate;

import dev.coppice.core.federate.NeighbourSettings;
import java.io.Serializable;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a federation of neighbours on Spark is told, beside its data.
 *
 * @param settings of what is sent and learnt
 * @param capacities {@code double[clients]}: share of the neighbours an item that each may hold
 * @param most {@code long[clients]}: neighbours that each may hold, whatever its capacity
 * @param joins clients that the others do not learn from: they come when these have sent
 * @param partitions at least 1; any number gives the same result
 * @param hush whether the texts of failures stay in the tasks
 */
public record NeighbourPlan(
    NeighbourSettings settings,
    double[] capacities,
    long[] most,
    Set<Integer> joins,
    int partitions,
    Hush hush)
    implements Serializable {

  /** Copies what could change. */
  public NeighbourPlan {
    capacities = capacities.clone();
    most = most.clone();
    joins = new TreeSet<>(joins);
  }

  /** Returns whether others learn from a client. */
  boolean isMember(int client) {
    return !joins.contains(client);
  }

  /** Returns whether a client learns from its own users. */
  boolean learns(int client) {
    return isMember(client) || settings.joinItems();
  }
}
