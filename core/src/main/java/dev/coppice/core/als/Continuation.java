package dev.coppice.core.als;

import java.io.Serializable;

/**
 * How the sweeps of a run that starts from an initial model differ from those of a fresh one
 * (docs/design.md section 5, "Retraining").
 *
 * @param foldIn whether the first sweep gives new rows a support from the rows that are known,
 *     which then are solved as if new rows of the other side were not there
 * @param solveShare share of the rows of each block that are solved and explored from the second
 *     sweep on; above 0, at most 1
 */
public record Continuation(boolean foldIn, double solveShare) implements Serializable {
  /** All rows in all sweeps. */
  public static final Continuation NONE = new Continuation(false, 1);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException naming value and allowed range
   */
  public Continuation {
    if (!(solveShare > 0 && solveShare <= 1)) {
      throw new IllegalArgumentException(
          "solveShare is " + solveShare + "; it must be above 0 and at most 1");
    }
  }

  /**
   * Returns which rows a half-sweep solves.
   *
   * @param sweep from 1
   * @param startSeed of the side
   */
  public SolveScope scope(int sweep, long startSeed) {
    return sweep == 1
        ? new SolveScope(foldIn, 1, startSeed)
        : new SolveScope(false, solveShare, startSeed);
  }
}
