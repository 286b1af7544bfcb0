package dev.coppice.data.prepare;

import java.io.Serializable;

/** A set of users and a set of items. No record, because Kryo cannot write one. */
final class IndexSets implements Serializable {
  private static final long serialVersionUID = 1L;

  private final IndexSet users;
  private final IndexSet items;

  IndexSets(IndexSet users, IndexSet items) {
    this.users = users;
    this.items = items;
  }

  IndexSet users() {
    return users;
  }

  IndexSet items() {
    return items;
  }

  /** Whether both ends of the pair are in. */
  boolean contains(int user, int item) {
    return users.contains(user) && items.contains(item);
  }
}
