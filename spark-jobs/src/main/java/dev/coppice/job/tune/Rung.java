package dev.coppice.job.tune;

/**
 * A rung of the search, on which candidates are trained at one size.
 *
 * @param number from 0
 * @param of how many rungs there are
 * @param width candidates at most
 */
record Rung(int number, int of, int width) {
  private static final int LEAST_SWEEPS = 3;

  /** The sweeps, as a share of all: 1 on the last rung, and half as many on each one before. */
  private double share() {
    return Math.pow(2, number + 1 - of);
  }

  /**
   * The size of models, as a share of the full one. It falls more slowly than the sweeps: very
   * small models say little of what suits large ones, and latent rows lose more by it than
   * neighbours do.
   */
  double size() {
    return Math.sqrt(share());
  }

  /** Sweeps of a training that has {@code all} at full size. */
  int sweeps(int all) {
    return (int) Math.max(Math.min(LEAST_SWEEPS, all), Math.round(all * share()));
  }

  /** The size in words. */
  String inWords() {
    return number == of - 1 ? "full size" : Math.round(100 * size()) + " % of the size";
  }
}
