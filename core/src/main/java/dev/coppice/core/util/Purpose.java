package dev.coppice.core.util;

/**
 * The named random streams of {@link SeedStream}. Draws for different purposes are independent, so
 * a new use of randomness takes a new constant and leaves every earlier result as it was.
 */
public enum Purpose {
  /** Which positions of a row hold a weight at the start. */
  START_MASK(1),
  /** The value of a weight at the start. */
  START_WEIGHTS(2),
  /** Order among equal scores at a pruning or growing threshold. */
  TIES(3),
  /** Which interactions go to validation or test. */
  SPLIT(4),
  /** Unobserved pairs drawn as negatives. */
  NEGATIVES(5),
  /** The order in which examples are visited. */
  SHUFFLE(6),
  /** Random growth and random pruning. */
  EXPLORE(7),
  /** Rows taken for a check or an estimate. */
  SAMPLE(8),
  /** Which client a user belongs to. */
  CLIENTS(9),
  /** Synthetic data. */
  GENERATE(10),
  /** Which interactions a client holds back to choose how it trains. */
  HOLD_BACK(11),
  /** Where a search for settings begins. */
  TUNE(12),
  /** How often a user is drawn into a resample. */
  RESAMPLE(13);

  private final long code;

  Purpose(long code) {
    this.code = code;
  }

  /** The number that goes into the hash. Never changed once released. */
  long code() {
    return code;
  }
}
