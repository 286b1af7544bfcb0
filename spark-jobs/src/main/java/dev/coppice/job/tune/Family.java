package dev.coppice.job.tune;

import java.util.Locale;

/** What a model consists of: latent rows, neighbours of items, or both. */
enum Family {
  LATENT(true, false),
  HYBRID(true, true),
  ITEMS(false, true);

  private final boolean latent;
  private final boolean neighbours;

  Family(boolean latent, boolean neighbours) {
    this.latent = latent;
    this.neighbours = neighbours;
  }

  /** Whether models have latent rows. */
  boolean latent() {
    return latent;
  }

  /** Whether models have neighbours. */
  boolean neighbours() {
    return neighbours;
  }

  /** The name in files and messages, a value of the key {@code family}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Family of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
