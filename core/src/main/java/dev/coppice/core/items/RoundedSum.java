package dev.coppice.core.items;

/**
 * A sum of weights in 16 bits, as it leaves a client: its ten leading bits, rounded, and how many
 * bits follow them. Off by at most one part in 1,024; sums of up to 1,023 units are exact, and so
 * are whole numbers of users of weight 1 up to 1,023.
 */
public final class RoundedSum {
  private static final int BITS = 10;
  private static final int LEADING = (1 << BITS) - 1;

  private RoundedSum() {}

  /**
   * Rounds a sum.
   *
   * @param sum 0 or more
   */
  public static short code(long sum) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(sum) - BITS);
    long leading = (sum >>> shift) + (shift == 0 ? 0 : sum >>> (shift - 1) & 1);
    if (leading > LEADING) {
      leading >>>= 1;
      shift++;
    }
    return (short) (shift << BITS | leading);
  }

  /** Returns the sum that a code stands for. */
  public static long value(short code) {
    return (long) (code & LEADING) << ((code & 0xffff) >>> BITS);
  }
}
