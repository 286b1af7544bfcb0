package dev.coppice.data.synthetic;

import dev.coppice.data.prepare.Keyed;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Draws the different items of one user. */
final class UserDraws {
  /** A draw that hits an item again is repeated, up to this often on average. */
  private static final int ATTEMPTS = 50;

  private final PlantedModel model;
  private final Permutation userOrder;
  private final Permutation itemOrder;

  UserDraws(PlantedModel model) {
    this.model = model;
    this.userOrder = model.userOrder();
    this.itemOrder = model.itemOrder();
  }

  /** The items of {@code user} in the order in which they were drawn. */
  Set<Integer> items(int user) {
    int degree = model.degree(userOrder.apply(user));
    int community = model.userCommunity(user);
    int own = model.itemsOf(community);
    // When its own community is used up, a user would draw for ever.
    int ownLeft = own - own / 4;
    Set<Integer> chosen = new LinkedHashSet<>();
    Set<Long> ranks = new HashSet<>();
    long attempts = (long) degree * ATTEMPTS;
    for (long draw = 0; draw < attempts && chosen.size() < degree; draw++) {
      double choice = Keyed.unit(model.bits(user, 2 * draw));
      double u = Keyed.unit(model.bits(user, 2 * draw + 1));
      boolean inside = choice < model.affinity() && ownLeft > 0;
      long rank =
          inside
              ? model.drawRank(u, own) * model.communities() + community
              : model.drawRank(u, model.items());
      if (ranks.add(rank)) {
        chosen.add((int) itemOrder.invert(rank));
        ownLeft -= inside ? 1 : 0;
      }
    }
    return chosen;
  }
}
