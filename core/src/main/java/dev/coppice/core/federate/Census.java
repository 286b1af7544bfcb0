package dev.coppice.core.federate;

import java.io.Serializable;

/**
 * What is counted once, before the first round: interactions of every item, which clients have it,
 * and the numbers that the confidences are scaled by. Adding commutes, so the result does not
 * depend on the order of the clients.
 *
 * @param degrees {@code int[items]}: interactions of each item
 * @param availability {@code long[items]}: a bit for each client that has the item, client c being
 *     bit c mod 64
 * @param users users with interactions
 * @param interactions of all clients
 */
public record Census(int[] degrees, long[] availability, long users, long interactions)
    implements Serializable {

  /** Counts nothing yet. */
  public static Census none(int items) {
    return new Census(new int[items], new long[items], 0, 0);
  }

  /**
   * Counts one client.
   *
   * @param client number of the client
   * @param users its users with interactions
   * @param items the items of its interactions
   */
  public static Census of(int client, int users, int[] items, int itemRows) {
    Census census = none(itemRows);
    for (int item : items) {
      census.degrees[item]++;
      census.availability[item] |= 1L << client;
    }
    return new Census(census.degrees, census.availability, users, items.length);
  }

  /** Returns the counts of both. */
  public Census plus(Census other) {
    int[] sum = degrees.clone();
    long[] either = availability.clone();
    for (int item = 0; item < sum.length; item++) {
      sum[item] += other.degrees[item];
      either[item] |= other.availability[item];
    }
    return new Census(sum, either, users + other.users, interactions + other.interactions);
  }

  /** Returns what the objective's confidences are multiplied with. */
  public double confidenceScale(dev.coppice.core.als.AlsObjective objective) {
    long items = 0;
    for (int degree : degrees) {
      items += degree > 0 ? 1 : 0;
    }
    return objective.confidenceScale(
        (double) interactions / Math.max(1, users), (double) interactions / Math.max(1, items));
  }
}
