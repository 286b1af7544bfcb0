package dev.coppice.spark;

import java.util.Arrays;
import java.util.Locale;

/** Which parts a model has. */
enum Family {
  LATENT,
  ITEMS,
  HYBRID,
  AUTO;

  /** Returns the family of a word. */
  static Family of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Returns the words of all families. */
  static String[] words() {
    return Arrays.stream(values()).map(Family::word).toArray(String[]::new);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean hasRows() {
    return this != ITEMS;
  }

  boolean hasNeighbours() {
    return this != LATENT;
  }
}
