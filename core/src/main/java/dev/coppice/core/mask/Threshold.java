package dev.coppice.core.mask;

import java.io.Serializable;

/**
 * The smallest key that is taken: positions whose key is at least this one are pruned or grown.
 *
 * @param score score part of the key
 * @param tie tie part of the key, unsigned
 * @param taken how many positions of the table reach it
 */
public record Threshold(int score, long tie, long taken) implements Serializable {
  /** Takes nothing. */
  public static final Threshold NOTHING = new Threshold(Integer.MAX_VALUE, -1L, 0);

  /** Returns whether a position with this key is taken. */
  public boolean takes(int otherScore, long otherTie) {
    return taken > 0 && ScoreKey.compare(otherScore, otherTie, score, tie) >= 0;
  }
}
