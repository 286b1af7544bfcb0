package dev.coppice.core.explain;

import java.util.List;

/**
 * What a dimension stands for: the rows that hold most weight there.
 *
 * @param dim the dimension, 0 to rank - 1
 * @param itemCount items that hold a weight there
 * @param userCount users that hold a weight there
 * @param strength root of (sum of squared item weights times sum of squared user weights), the
 *     Frobenius norm of what the dimension adds to the scores of all pairs
 * @param items the items of the largest absolute weights, largest first, equal ones by row
 * @param users the users, likewise
 */
public record DimensionProfile(
    int dim,
    int itemCount,
    int userCount,
    double strength,
    List<WeightedId> items,
    List<WeightedId> users) {
  /** Keeps its own copies. */
  public DimensionProfile {
    items = List.copyOf(items);
    users = List.copyOf(users);
  }
}
