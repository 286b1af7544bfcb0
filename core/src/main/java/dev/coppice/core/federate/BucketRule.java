package dev.coppice.core.federate;

import java.util.Locale;

/** By what items are put into buckets. */
public enum BucketRule {
  /** Which clients have the item, then popularity. */
  AVAILABILITY,
  /** The item's interactions over all clients. */
  POPULARITY,
  /**
   * What the item is chosen together with, as the global table has learnt it: the dimension and
   * sign of its largest weight, then popularity.
   */
  COOCCURRENCE,
  /** A hash of the item's row: the plain choice to compare with. */
  HASH;

  /**
   * Reads a name, in any case.
   *
   * @throws IllegalArgumentException naming what is known
   */
  public static BucketRule parse(String text) {
    for (BucketRule rule : values()) {
      if (rule.key().equalsIgnoreCase(text.trim())) {
        return rule;
      }
    }
    throw new IllegalArgumentException(
        "buckets is '" + text + "'; allowed: availability, popularity, cooccurrence, hash");
  }

  /** Lower case. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
