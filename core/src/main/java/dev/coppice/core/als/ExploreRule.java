package dev.coppice.core.als;

import dev.coppice.core.mask.Growth;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.Serializable;

/**
 * What explorations of a run go by (docs/design.md section 5, "Explore" and "Retraining").
 *
 * @param growth which empty positions are grown
 * @param protect weight of the importance that a weight had in earlier periods beside its present
 *     saliency; 0 for none, and then no importance is computed either
 * @param protectDecay share of the earlier importance that is left a period later, 0 to 1
 */
public record ExploreRule(Growth growth, double protect, double protectDecay)
    implements Serializable {
  /** The exact gain; nothing is protected. */
  public static final ExploreRule EXACT = new ExploreRule(Growth.GRADIENT, 0, 0);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming value and allowed range
   */
  public ExploreRule {
    if (!(protect >= 0 && protect <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "protect is " + protect + "; it must be at least 0 and finite");
    }
    if (!(protectDecay >= 0 && protectDecay <= 1)) {
      throw new IllegalArgumentException(
          "protectDecay is " + protectDecay + "; it must lie between 0 and 1");
    }
  }

  /** Returns whether importances are used, and computed at the end. */
  public boolean protects() {
    return protect > 0;
  }

  /**
   * Returns how one exploration scores.
   *
   * @param sweep from 1; each draws anew
   * @param startSeed of the side
   */
  public Scoring scoring(int sweep, long startSeed) {
    long seed = SeedStream.hash(startSeed, Purpose.EXPLORE, sweep, 0);
    return new Scoring(growth, protect, seed);
  }

  /**
   * How one exploration scores positions.
   *
   * @param drawSeed of the random rules; draws are by row id and dimension
   */
  public record Scoring(Growth growth, double protect, long drawSeed) implements Serializable {}
}
