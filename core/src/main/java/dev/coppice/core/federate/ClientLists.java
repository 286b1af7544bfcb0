package dev.coppice.core.federate;

/** What a model recommends to the users of a client. */
@FunctionalInterface
public interface ClientLists {
  /**
   * Returns a list.
   *
   * @param user row of the user in the client's data
   * @param seen items to leave out, ascending
   * @return rows of the global item table, best first
   */
  int[] of(int user, int[] seen);
}
