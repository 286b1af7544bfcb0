package dev.coppice.core.explain;

import java.util.List;

/**
 * A dimension that a user and an item share.
 *
 * @param dim the dimension, 0 to rank - 1
 * @param userWeight the user's weight there
 * @param itemWeight the item's weight there
 * @param part the product of the two: what the dimension adds to the score
 * @param ownItems the user's own items with weight there; first those that pull the user's weight
 *     to its side most. Empty where the user's items are not known
 */
public record SharedDimension(
    int dim, float userWeight, float itemWeight, float part, List<OwnItem> ownItems) {
  /** Keeps its own copy. */
  public SharedDimension {
    ownItems = List.copyOf(ownItems);
  }
}
