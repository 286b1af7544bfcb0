package dev.coppice.data.synthetic;

import dev.coppice.data.prepare.Keyed;
import java.io.Serializable;

/**
 * The model behind generated interactions. Every user and item belongs to one community; a user's
 * draws fall inside the community with probability {@code affinity}, else anywhere; popularity
 * falls with the rank of an item by a power law. All of it is computed from the seed and an index,
 * so that neither the driver nor an executor holds a table of users or items.
 *
 * @param users number of users
 * @param items number of items
 * @param interactions number of interactions aimed at
 * @param communities number of communities
 * @param affinity probability of a draw inside the community
 * @param itemSkew exponent of the items' popularity, at least 0
 * @param userSkew exponent of the users' activity, 0 to below 1
 * @param seed seed of everything
 */
public record PlantedModel(
    int users,
    int items,
    long interactions,
    int communities,
    double affinity,
    double itemSkew,
    double userSkew,
    long seed)
    implements Serializable {

  private static final int USER_COMMUNITY = 1;
  private static final int USER_ORDER = 2;
  private static final int ITEM_ORDER = 3;
  private static final int DRAWS = 4;

  /** The community of a user, from 0. */
  public int userCommunity(int user) {
    return (int) Math.floorMod(Keyed.hash(seed, USER_COMMUNITY, user), (long) communities);
  }

  /** The community of an item, from 0. */
  public int itemCommunity(int item) {
    return (int) (itemRank(item) % communities);
  }

  /** The rank of an item by popularity, from 0; ranks are dealt to communities in turn. */
  public long itemRank(int item) {
    return order(items, ITEM_ORDER).apply(item);
  }

  Permutation itemOrder() {
    return order(items, ITEM_ORDER);
  }

  Permutation userOrder() {
    return order(users, USER_ORDER);
  }

  private Permutation order(int size, int purpose) {
    return new Permutation(size, Keyed.hash(seed, purpose, 0));
  }

  /** Items in a community. */
  int itemsOf(int community) {
    return items / communities + (community < items % communities ? 1 : 0);
  }

  /**
   * Interactions of the user of the given activity rank: the power law, scaled so that all users
   * together come to {@link #interactions}, between 1 and half of the items.
   */
  int degree(long rank) {
    double share = integral(rank + 1.0) - integral((double) rank);
    double wanted = interactions * share / integral(users);
    // The fraction is rounded by chance, or small degrees would add up to too few.
    double chance = Keyed.unit(Keyed.hash(seed, USER_ORDER, -1 - rank));
    double degree = Math.floor(wanted + chance);
    return (int) Math.max(1, Math.min(degree, Math.max(1, items / 2)));
  }

  /** Integral of x^-userSkew from 0 to x, up to a factor. */
  private double integral(double x) {
    return Math.pow(x, 1 - userSkew);
  }

  /** Bits of the user's draw number {@code draw}. */
  long bits(int user, long draw) {
    return Keyed.hash(Keyed.hash(seed, DRAWS, user), DRAWS, draw);
  }

  /**
   * A rank below {@code size}, drawn by {@code u} (0 to 1) from a power law: the inverse of the
   * continuous distribution with density (x+1)^-itemSkew on [0, size).
   */
  long drawRank(double u, long size) {
    double exponent = 1 - itemSkew;
    double rank =
        Math.abs(exponent) < 1e-9
            ? Math.exp(u * Math.log1p((double) size)) - 1
            : Math.pow(1 + u * (Math.pow(size + 1.0, exponent) - 1), 1 / exponent) - 1;
    return Math.max(0, Math.min(size - 1, (long) rank));
  }
}
