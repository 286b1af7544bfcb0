package dev.coppice.core.mask;

/**
 * The total order in which positions are pruned and grown.
 *
 * <p>A position's key has two parts. The first, {@link #grow} or {@link #prune}, comes from its
 * score: the bits of a non-negative float order like the float itself. The second, {@link #tie}, is
 * a mix of the row and the dimension that no other position of the table shares; it decides between
 * equal scores without favouring any row. Larger keys go first. Six digits of 16 bits make up a
 * key: two of the score, four of the tie.
 */
public final class ScoreKey {
  /** Number of values of one 16-bit digit. */
  public static final int BUCKETS = 1 << 16;

  /** Number of digits of a key. */
  public static final int LEVELS = 6;

  private ScoreKey() {}

  /** Returns the score part for growing: the larger the gain, the larger the key. */
  public static int grow(float gain) {
    return Float.floatToRawIntBits(gain);
  }

  /** Returns the score part for pruning: the smaller the saliency, the larger the key. */
  public static int prune(float saliency) {
    return Integer.MAX_VALUE - Float.floatToRawIntBits(saliency);
  }

  /**
   * Returns the tie part: a bijection of (row, dim), so that two positions of a table never tie.
   *
   * @param row index of the row in the whole table, below 2^47
   * @param dim dimension, 0 to 65,535
   */
  public static long tie(long row, int dim) {
    return mixed(row << 16 | dim);
  }

  /**
   * Returns the tie part of a pair of numbers, a bijection of (first, second).
   *
   * @param first at least 0
   * @param second at least 0
   */
  public static long pairTie(int first, int second) {
    return mixed((long) first << 32 | second);
  }

  private static long mixed(long position) {
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every step can be undone.
    long z = position + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Returns digit {@code level} of a key, 0 the most significant; 0 to 65,535. */
  public static int digit(int score, long tie, int level) {
    return level < 2
        ? score >>> (16 - 16 * level) & 0xFFFF
        : (int) (tie >>> (48 - 16 * (level - 2))) & 0xFFFF;
  }

  /** Compares two keys in their unsigned order. */
  public static int compare(int score, long tie, int otherScore, long otherTie) {
    return score != otherScore
        ? Integer.compare(score, otherScore)
        : Long.compareUnsigned(tie, otherTie);
  }
}
