package dev.coppice.core.als;

/** The two tables of a factorisation. */
public enum Side {
  USERS,
  ITEMS;

  /** Returns the side that this one is solved from. */
  public Side other() {
    return this == USERS ? ITEMS : USERS;
  }

  /** Returns the seed of this side's start, so that a user and an item of one id start apart. */
  public long startSeed(long seed) {
    return this == USERS ? seed : ~seed;
  }
}
