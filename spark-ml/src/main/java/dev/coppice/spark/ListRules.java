package dev.coppice.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;

/**
 * What lists of items may hold. Immutable: each method gives another object. Ids that the model
 * does not know do no harm anywhere.
 *
 * <pre>{@code
 * model.recommendForAllUsers(
 *     20, ListRules.any().withoutSeen(plays).allowing(inStock).atMost(2, artists, "artist"));
 * }</pre>
 */
public final class ListRules {
  private static final ListRules ANY = new ListRules(null, null, null, List.of());

  private final Dataset<?> seen;
  private final Dataset<?> allowed;
  private final Dataset<?> denied;
  private final List<Cap> caps;

  /**
   * At most so many items of a group in a list.
   *
   * @param groups null where items of one strongest dimension are a group
   */
  record Cap(int most, Dataset<?> groups, String groupCol) {
    Cap {
      if (most < 1) {
        throw new IllegalArgumentException(
            "at most " + most + " items of a group are asked for; allowed: 1 or more");
      }
    }
  }

  private ListRules(Dataset<?> seen, Dataset<?> allowed, Dataset<?> denied, List<Cap> caps) {
    this.seen = seen;
    this.allowed = allowed;
    this.denied = denied;
    this.caps = caps;
  }

  /** Every item that the model knows. */
  public static ListRules any() {
    return ANY;
  }

  /**
   * Leaves out what a user has seen.
   *
   * @param pairs has the model's user and item columns; null for none
   */
  public ListRules withoutSeen(Dataset<?> pairs) {
    return new ListRules(pairs, allowed, denied, caps);
  }

  /**
   * Ranks nothing but some items.
   *
   * @param items has the model's item column, such as the items in stock; with the user column too,
   *     each row allows the item to that user alone, and a user without a row gets an empty list;
   *     null for all items
   */
  public ListRules allowing(Dataset<?> items) {
    return new ListRules(seen, items, denied, caps);
  }

  /**
   * Leaves some items out.
   *
   * @param items has the model's item column; with the user column too, each row keeps the item
   *     from that user alone; null for none
   */
  public ListRules denying(Dataset<?> items) {
    return new ListRules(seen, allowed, items, caps);
  }

  /**
   * Lets a list hold few items of one group, for variety: a list is filled from the top, and an
   * item is passed over when its group is full. Lists are ranked deeper for that, again and again
   * for users whose list does not fill, so a small cap on large groups costs time. The driver and
   * each executor hold the groups of all items. A further call, or {@link #atMostPerDimension},
   * adds a cap to those that are there.
   *
   * @param most items of one group in a list, 1 or more
   * @param groups has the model's item column and {@code groupCol}; an item without a row, or with
   *     a null group, is in no group; one with several rows is in several, and none of them may be
   *     full
   * @param groupCol column of the group
   * @throws IllegalArgumentException if {@code most} is below 1
   */
  public ListRules atMost(int most, Dataset<?> groups, String groupCol) {
    return with(new Cap(most, Objects.requireNonNull(groups, "groups"), groupCol));
  }

  /**
   * As {@link #atMost}, where nothing is known of items but the model: those whose largest weight
   * is in one dimension are a group, and an item without latent weights is in none. Of equally
   * large weights the one of the lower dimension counts.
   *
   * @param most items of one dimension in a list, 1 or more
   * @throws IllegalArgumentException if {@code most} is below 1
   */
  public ListRules atMostPerDimension(int most) {
    return with(new Cap(most, null, null));
  }

  private ListRules with(Cap cap) {
    List<Cap> more = new ArrayList<>(caps);
    more.add(cap);
    return new ListRules(seen, allowed, denied, List.copyOf(more));
  }

  Optional<Dataset<?>> seen() {
    return Optional.ofNullable(seen);
  }

  Optional<Dataset<?>> allowed() {
    return Optional.ofNullable(allowed);
  }

  Optional<Dataset<?>> denied() {
    return Optional.ofNullable(denied);
  }

  List<Cap> caps() {
    return caps;
  }

  /** Checks that data have a column. */
  static void require(Dataset<?> data, String what, String column) {
    if (!has(data, column)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s have no column '%s'; their columns are %s. Rename one, or set the model's"
                  + " column.",
              what,
              column,
              Arrays.toString(data.columns())));
    }
  }

  /** Whether data have a column, told apart as Spark does. */
  static boolean has(Dataset<?> data, String column) {
    boolean exact =
        Boolean.parseBoolean(data.sparkSession().conf().get("spark.sql.caseSensitive", "false"));
    return Arrays.stream(data.columns())
        .anyMatch(name -> exact ? name.equals(column) : name.equalsIgnoreCase(column));
  }
}
