package dev.coppice.spark.items;

import dev.coppice.core.items.HistoryWeight;
import java.io.Serializable;

/**
 * What the training of neighbours is told.
 *
 * @param weight how much a user counts by the length of the history
 * @param regParam λ in units of the co-occurrence in one history of mean length, above 0
 * @param perItem weights of an item on the mean, above 0; the budget is this times the items
 * @param mostPerItem most weights of one item, at least {@code perItem}
 * @param maxHistory most items that are read of a history, at least 2
 * @param numPartitions partitions of a step; 0 chooses by the cores there are
 */
public record NeighbourSpec(
    HistoryWeight weight,
    double regParam,
    double perItem,
    int mostPerItem,
    int maxHistory,
    int numPartitions)
    implements Serializable {

  /** Returns the same with another mean of weights an item, and as many times that at most. */
  public NeighbourSpec withPerItem(double value) {
    return new NeighbourSpec(
        weight,
        regParam,
        value,
        (int) Math.ceil(mostPerItem / perItem * value),
        maxHistory,
        numPartitions);
  }
}
