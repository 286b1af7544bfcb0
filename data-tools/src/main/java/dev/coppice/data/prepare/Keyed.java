package dev.coppice.data.prepare;

/**
 * Random bits keyed by what they are for, never by where they are drawn: SplitMix64's finaliser
 * (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014) over the parts
 * of the key in turn.
 */
public final class Keyed {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Keyed() {}

  /** 64 bits for (seed, purpose, row). */
  public static long hash(long seed, long purpose, long row) {
    return mix(mix(mix(seed + GOLDEN) ^ (purpose + 1) * GOLDEN) ^ row);
  }

  /** A number from 0 (included) to 1 (excluded) out of 53 of {@code bits}. */
  public static double unit(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
