package dev.coppice.core.als;

/** The two tables of a factorisation. */
public enum Side {
  USERS,
  ITEMS;

  /** Returns the side that this one is solved from. */
  public Side other() {
    return this == USERS ? ITEMS : USERS;
  }
}
