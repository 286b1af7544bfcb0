package dev.coppice.core.als;

import java.util.Comparator;
import java.util.List;

/**
 * What a data set's size says of it.
 *
 * @param users users with interactions
 * @param items items with interactions
 * @param interactions pairs of a user and an item
 * @param popular interactions with the {@value #POPULAR} items that have most
 */
public record InteractionCounts(long users, long items, long interactions, long popular) {
  /** How many items are called popular. */
  public static final int POPULAR = 20;

  /** No data: what is chosen for it is only good for checks before there are any. */
  public static final InteractionCounts NONE = new InteractionCounts(0, 0, 0, 0);

  /**
   * How many rows of a side have a number of interactions.
   *
   * @param degree interactions of each of these rows, at least 1
   * @param rows how many rows
   */
  public record Degrees(long degree, long rows) {}

  /**
   * Counts.
   *
   * @param users degrees of the users, each once, in any order
   * @param items degrees of the items, each once, in any order
   */
  public static InteractionCounts of(List<Degrees> users, List<Degrees> items) {
    long popular = 0;
    long left = POPULAR;
    for (Degrees each :
        items.stream().sorted(Comparator.comparingLong(Degrees::degree).reversed()).toList()) {
      long taken = Math.min(left, each.rows());
      popular += taken * each.degree();
      left -= taken;
    }
    return new InteractionCounts(
        users.stream().mapToLong(Degrees::rows).sum(),
        items.stream().mapToLong(Degrees::rows).sum(),
        items.stream().mapToLong(each -> each.degree() * each.rows()).sum(),
        popular);
  }

  /** Returns the popular items' share of the interactions, 0 without any. */
  public double popularShare() {
    return interactions == 0 ? 0 : (double) popular / interactions;
  }
}
