package dev.coppice.core.federate;

import dev.coppice.core.items.HistoryWeight;
import java.io.Serializable;

/**
 * How the clients of a federation learn neighbours (docs/federation.md, "Neighbours").
 *
 * @param weight how much a user counts by the length of the history
 * @param regParam λ in units of the co-occurrence in one history of mean length, above 0
 * @param perItem weights an item on the mean that a client of capacity 1 may hold, above 0
 * @param mostOverMean most weights of one item over the mean, at least 1
 * @param maxHistory most items that are read of a history, at least 2
 * @param minUsers users that a pair of items must have in a client to be sent, at least 1
 * @param othersWeight β, from 0 to 1, of every client; NaN if each chooses its own
 * @param ownItems whether a client's model has rows of its own items alone
 * @param joinItems whether clients that join learn from their own users too
 * @param seed of the draw of what is held back
 */
public record NeighbourSettings(
    HistoryWeight weight,
    double regParam,
    double perItem,
    double mostOverMean,
    int maxHistory,
    int minUsers,
    double othersWeight,
    boolean ownItems,
    boolean joinItems,
    long seed)
    implements Serializable {

  /** Returns λ in units of G. */
  double ridge(double meanHistory) {
    return regParam * StrictMath.pow(meanHistory, -weight.exponent());
  }

  /**
   * Returns how many weights a client may have.
   *
   * @param capacity share of {@code perItem}
   * @param items rows of its table
   */
  long budget(double capacity, int items) {
    return Math.max(1, (long) (capacity * perItem * items));
  }

  /** Returns how many weights an item may have. */
  int mostPerItem(double capacity) {
    return Math.max(1, (int) Math.ceil(mostOverMean * capacity * perItem));
  }
}
