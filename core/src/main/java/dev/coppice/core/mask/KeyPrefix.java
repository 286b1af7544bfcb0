package dev.coppice.core.mask;

import java.io.Serializable;

/**
 * The leading digits that a key must have to be counted in one round of a {@link ThresholdSearch}.
 *
 * @param level how many leading digits are settled; -1 if nothing is to be counted any more
 * @param score score part, zero beyond the settled digits
 * @param tie tie part, zero beyond the settled digits
 */
public record KeyPrefix(int level, int score, long tie) implements Serializable {
  /** Returns whether a key begins with the settled digits. */
  public boolean matches(int otherScore, long otherTie) {
    return switch (level) {
      case -1 -> false;
      case 0 -> true;
      case 1 -> otherScore >>> 16 == score >>> 16;
      case 2 -> otherScore == score;
      default -> otherScore == score && (otherTie ^ tie) >>> (64 - 16 * (level - 2)) == 0;
    };
  }
}
