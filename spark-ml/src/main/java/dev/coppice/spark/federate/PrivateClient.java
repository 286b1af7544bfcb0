package dev.coppice.spark.federate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * All rows of a client in the partition that they stay in.
 *
 * @param client its number, -1 while it has none
 * @param users {@code String[users]}: ids of the users that are learnt from, in Spark's order; the
 *     position is the number that the rows have
 * @param learnt what is learnt from
 * @param heldOut what is measured on; items that have no row in the global table have numbers
 *     beyond it
 * @param leftOut rows to learn from whose items have no row in the global table
 */
record PrivateClient(
    String name, int client, String[] users, ClientRows learnt, ClientRows heldOut, long leftOut)
    implements Serializable {

  /**
   * What is told of a client.
   *
   * @param interactions learnt from
   * @param users that are learnt from
   * @param leftOut as above
   */
  record Told(String name, long interactions, long users, long leftOut) implements Serializable {}

  /** Numbers the ids of a client. */
  static PrivateClient of(RawRows rows, ItemNumbers numbers) {
    int[] items = new int[rows.itemIds().length];
    Arrays.setAll(items, i -> numbers.row(rows.itemIds()[i]));
    boolean[] learns = new boolean[rows.userIds().length];
    int leftOut = 0;
    int n = rows.users().length;
    for (int i = 0; i < n; i++) {
      if (!rows.heldOut()[i]) {
        boolean known = items[rows.items()[i]] >= 0;
        learns[rows.users()[i]] |= known;
        leftOut += known ? 0 : 1;
      }
    }
    String[] users = ids(rows.userIds(), learns);
    int[] numbersOfUsers = new int[learns.length];
    for (int user = 0; user < learns.length; user++) {
      numbersOfUsers[user] =
          learns[user] ? Arrays.binarySearch(users, rows.userIds()[user], RawRows.ORDER) : -1;
    }
    ClientRows.Builder train = new ClientRows.Builder();
    ClientRows.Builder wanted = new ClientRows.Builder();
    for (int i = 0; i < n; i++) {
      int user = numbersOfUsers[rows.users()[i]];
      int item = items[rows.items()[i]];
      if (rows.heldOut()[i] && user >= 0) {
        // A number of its own for each item without a row, so that each is missed.
        wanted.add(
            user, item < 0 ? numbers.ids().length + rows.items()[i] : item, rows.weights()[i]);
      } else if (!rows.heldOut()[i] && item >= 0) {
        train.add(user, item, rows.weights()[i]);
      }
    }
    return new PrivateClient(rows.name(), -1, users, merged(train), merged(wanted), leftOut);
  }

  private static ClientRows merged(ClientRows.Builder rows) {
    return ClientRows.merged(List.of(rows.build()));
  }

  private static String[] ids(String[] all, boolean[] wanted) {
    String[] ids = new String[all.length];
    int n = 0;
    for (int i = 0; i < all.length; i++) {
      if (wanted[i]) {
        ids[n++] = all[i];
      }
    }
    String[] sorted = Arrays.copyOf(ids, n);
    Arrays.sort(sorted, RawRows.ORDER);
    return sorted;
  }

  PrivateClient numbered(int number) {
    return new PrivateClient(name, number, users, learnt, heldOut, leftOut);
  }

  Told told() {
    return new Told(name, learnt.users().length, users.length, leftOut);
  }
}
