package dev.coppice.core.als;

import java.io.Serializable;

/**
 * Which rows a half-sweep solves.
 *
 * @param foldIn whether rows whose weights are all 0 get a support that their observations choose
 * @param share share of the rows with observations that are solved, those first for which the
 *     objective falls most ({@link PositionScores#slack}); above 0, at most 1
 * @param startSeed of the weights of a new row that knows no learnt row of the other side
 */
public record SolveScope(boolean foldIn, double share, long startSeed) implements Serializable {
  /** All rows, on the supports that they have. */
  public static final SolveScope ALL = new SolveScope(false, 1, 0);
}
