package dev.coppice.spark;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Which parts a model has: the values of Param {@code family}. */
public enum Family {
  /** Latent rows. */
  LATENT,
  /** Neighbours of items. */
  ITEMS,
  /** Both. */
  HYBRID,
  /** Those that are best on the validation part; no model's own family. */
  AUTO;

  /**
   * Returns the family of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Family of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Returns the families that a model can be of. */
  public static Set<Family> trained() {
    return EnumSet.complementOf(EnumSet.of(AUTO));
  }

  /** Returns the words of all families. */
  static String[] words() {
    return Arrays.stream(values()).map(Family::word).toArray(String[]::new);
  }

  /** Returns the word in files and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether its models have latent rows. */
  public boolean hasRows() {
    return this != ITEMS;
  }

  /** Returns whether its models have neighbours. */
  public boolean hasNeighbours() {
    return this != LATENT;
  }
}
