package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.InteractionBlock;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The interactions of one client, both ways. Never leaves the client.
 *
 * @param client number of the client, 0 and up: the order of all sums over clients
 * @param users one row a user, codes being rows of the global item table
 * @param items one row for every row of the global item table, codes being rows of {@code users}
 */
public record ClientData(int client, InteractionBlock users, InteractionBlock items)
    implements Serializable {

  /**
   * Lays out the interactions of a client.
   *
   * @param userIds {@code long[users]}, ascending
   * @param offsets {@code int[users + 1]}: where each user's interactions begin
   * @param items rows of the global item table, ascending within a user, each once
   * @param weights of the interactions; null where all are 1
   * @param itemDegrees {@code int[itemRows]}: interactions of every item over all clients
   * @throws IllegalArgumentException if ids or items do not ascend, or an item has no row
   */
  public static ClientData of(
      int client,
      long[] userIds,
      int[] offsets,
      int[] items,
      float[] weights,
      int[] itemDegrees,
      AlsObjective objective) {
    check(userIds, offsets, items, itemDegrees.length);
    if (objective.feedback() == AlsObjective.Feedback.EXPLICIT) {
      throw new IllegalArgumentException(
          "the objective is explicit; clients rank by implicit feedback: set implicitPrefs = true");
    }
    float[] confidences = new float[items.length];
    for (int user = 0; user < userIds.length; user++) {
      float own =
          AlsObjective.debiasFactor(offsets[user + 1] - offsets[user], objective.userDebias());
      for (int i = offsets[user]; i < offsets[user + 1]; i++) {
        int degree = Math.max(1, itemDegrees[items[i]]);
        float factor = own * AlsObjective.debiasFactor(degree, objective.itemDebias());
        confidences[i] = weights == null ? factor : weights[i] * factor;
      }
    }
    return bothWays(
        client,
        new InteractionBlock(0, userIds, offsets, items, confidences, null),
        itemDegrees.length);
  }

  /** Turns the users' interactions round, so that they stand by item as well. */
  private static ClientData bothWays(int client, InteractionBlock users, int itemRows) {
    int[] begins = new int[itemRows + 1];
    for (int item : users.codes()) {
      begins[item + 1]++;
    }
    for (int item = 0; item < itemRows; item++) {
      begins[item + 1] += begins[item];
    }
    int[] next = begins.clone();
    int[] codes = new int[users.codes().length];
    float[] turned = new float[codes.length];
    for (int user = 0; user < users.rows(); user++) {
      for (int i = users.offsets()[user]; i < users.offsets()[user + 1]; i++) {
        int to = next[users.codes()[i]]++;
        codes[to] = user;
        turned[to] = users.confidences()[i];
      }
    }
    long[] itemIds = new long[itemRows];
    for (int item = 0; item < itemRows; item++) {
      itemIds[item] = item;
    }
    return new ClientData(
        client, users, new InteractionBlock(0, itemIds, begins, codes, turned, null));
  }

  /**
   * Returns the same client with some of its interactions, each as confident as before.
   *
   * @param stays {@code boolean[samples]}, in the order of the users' interactions
   */
  ClientData part(boolean[] stays) {
    int[] offsets = new int[users.rows() + 1];
    int[] codes = new int[stays.length];
    float[] confidences = new float[stays.length];
    int n = 0;
    for (int user = 0; user < users.rows(); user++) {
      for (int i = users.offsets()[user]; i < users.offsets()[user + 1]; i++) {
        if (stays[i]) {
          codes[n] = users.codes()[i];
          confidences[n++] = users.confidences()[i];
        }
      }
      offsets[user + 1] = n;
    }
    return bothWays(
        client,
        new InteractionBlock(
            0, users.ids(), offsets, Arrays.copyOf(codes, n), Arrays.copyOf(confidences, n), null),
        items.rows());
  }

  /**
   * Returns the client as it would be laid out without the others: items are rows of a table of its
   * own, and their degrees are its own.
   *
   * @param own rows of the global table that the client has, ascending
   * @param itemDegrees as the client was laid out with
   */
  ClientData alone(int[] own, int[] itemDegrees, AlsObjective objective) {
    int[] codes = new int[users.codes().length];
    float[] weights = new float[codes.length];
    int[] degrees = new int[own.length];
    for (int user = 0; user < users.rows(); user++) {
      float byUser =
          AlsObjective.debiasFactor(
              users.offsets()[user + 1] - users.offsets()[user], objective.userDebias());
      for (int i = users.offsets()[user]; i < users.offsets()[user + 1]; i++) {
        int item = users.codes()[i];
        codes[i] = Arrays.binarySearch(own, item);
        degrees[codes[i]]++;
        int degree = Math.max(1, itemDegrees[item]);
        weights[i] =
            users.confidences()[i]
                / (byUser * AlsObjective.debiasFactor(degree, objective.itemDebias()));
      }
    }
    return of(client, users.ids(), users.offsets(), codes, weights, degrees, objective);
  }

  private static void check(long[] userIds, int[] offsets, int[] items, int itemRows) {
    if (offsets.length != userIds.length + 1 || offsets[userIds.length] != items.length) {
      throw new IllegalArgumentException(
          offsets.length
              + " offsets do not fit "
              + userIds.length
              + " users and "
              + items.length
              + " interactions");
    }
    for (int user = 0; user < userIds.length; user++) {
      if (user > 0 && userIds[user] <= userIds[user - 1]) {
        throw new IllegalArgumentException(
            "user ids " + userIds[user - 1] + ", " + userIds[user] + " do not ascend");
      }
      for (int i = offsets[user]; i < offsets[user + 1]; i++) {
        if (items[i] < 0 || items[i] >= itemRows) {
          throw new IllegalArgumentException(
              "item " + items[i] + " has no row; rows are 0 to " + (itemRows - 1));
        }
        if (i > offsets[user] && items[i] <= items[i - 1]) {
          throw new IllegalArgumentException(
              "items "
                  + items[i - 1]
                  + ", "
                  + items[i]
                  + " of user "
                  + userIds[user]
                  + " do not ascend; sort, keep each once");
        }
      }
    }
  }

  /** Returns the items of a user, ascending. */
  public int[] history(int user) {
    return Arrays.copyOfRange(users.codes(), users.offsets()[user], users.offsets()[user + 1]);
  }

  /** Returns the number of interactions: the client's weight in the server's average. */
  public int samples() {
    return users.codes().length;
  }
}
