package dev.coppice.core.serving;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which items a list is to hold. Immutable.
 *
 * @param k most items, 1 or more
 * @param seen whether items that the user has may be in the list; a file may hold no seen items,
 *     see {@link ServingModel#holdsSeen}, and nothing is left out for that reason then
 * @param excluded ids of items to leave out; unknown ones do no harm
 * @param allowed ids of the only items that may be in the list, such as those in stock; empty for
 *     all of them. Unknown ones do no harm
 */
public record Selection(int k, boolean seen, Set<String> excluded, Optional<Set<String>> allowed) {

  /**
   * Keeps its own copy.
   *
   * @throws IllegalArgumentException if k is below 1
   */
  public Selection {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; allowed: 1 or more");
    }
    excluded = Set.copyOf(excluded);
    allowed = allowed.map(Set::copyOf);
  }

  /** Returns the best k items that the user has not seen. */
  public static Selection of(int k) {
    return new Selection(k, false, Set.of(), Optional.empty());
  }

  /** Returns the same with seen items allowed. */
  public Selection withSeen() {
    return new Selection(k, true, excluded, allowed);
  }

  /** Returns the same without these items, beside those excluded already. */
  public Selection without(Collection<String> items) {
    Set<String> all = new LinkedHashSet<>(excluded);
    all.addAll(items);
    return new Selection(k, seen, all, allowed);
  }

  /** Returns the same with these items alone, as far as they were allowed before. */
  public Selection within(Collection<String> items) {
    Set<String> both = new LinkedHashSet<>(items);
    allowed.ifPresent(both::retainAll);
    return new Selection(k, seen, excluded, Optional.of(both));
  }
}
