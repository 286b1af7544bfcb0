package dev.coppice.core.items;

/** Gives the columns of a matrix of summed weights of pairs of items, such as G, one at a time. */
@FunctionalInterface
public interface PairColumns {
  /** Those of nobody. */
  PairColumns NONE = (item, column) -> column.clear();

  /** Sums the column of an item; what was in {@code column} before is gone. */
  void column(int item, CoOccurrences column);

  /**
   * Returns the sum of these and a share of others.
   *
   * @param share 0 to 1; a sum times a share is rounded to a whole unit
   */
  default PairColumns plus(PairTable others, double share) {
    return (item, column) -> {
      column(item, column);
      others.addTo(item, share, column);
    };
  }
}
