package dev.coppice.core.util;

/**
 * Random numbers without state: each draw is a function of (seed, purpose, row, index) alone.
 *
 * <p>So a result does not depend on partitions, threads, retries, or the order in which rows are
 * visited. The four keys are absorbed one after another, each followed by the finaliser of
 * SplitMix64 in Stafford's variant 13 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, OOPSLA 2014), a bijection of 64 bits. Not for cryptography.
 */
public final class SeedStream {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SeedStream() {}

  /** 64 random bits for the key. */
  public static long hash(long seed, long purpose, long row, long index) {
    long h = mix(seed + GOLDEN);
    h = mix((h ^ purpose) + GOLDEN);
    h = mix((h ^ row) + GOLDEN);
    return mix((h ^ index) + GOLDEN);
  }

  /** 64 random bits for the key. */
  public static long hash(long seed, Purpose purpose, long row, long index) {
    return hash(seed, purpose.code(), row, index);
  }

  /** A draw from [0, 1), a multiple of 2<sup>-53</sup>. */
  public static double uniform(long seed, Purpose purpose, long row, long index) {
    return (hash(seed, purpose.code(), row, index) >>> 11) * 0x1.0p-53;
  }

  /**
   * A draw from {0, ..., bound-1}. Multiply and shift; a value's probability is off by less than
   * bound / 2<sup>64</sup>.
   *
   * @throws IllegalArgumentException if bound is below 1
   */
  public static int below(int bound, long seed, Purpose purpose, long row, long index) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is " + bound + "; allowed: 1 or more");
    }
    long bits = hash(seed, purpose.code(), row, index);
    // The high word of the unsigned product: multiplyHigh is signed.
    long high = Math.multiplyHigh(bits, bound) + ((bits >> 63) & bound);
    return (int) high;
  }

  /**
   * A draw from the standard normal distribution: the cosine half of Box and Muller's transform
   * (1958) on the draws 2 index and 2 index + 1 of the stream. {@link StrictMath} gives the same
   * bits on every machine. |result| is at most sqrt(106 ln 2), about 8.57.
   */
  public static double gaussian(long seed, Purpose purpose, long row, long index) {
    // (0, 1], so that the logarithm is finite.
    double u = ((hash(seed, purpose.code(), row, 2 * index) >>> 11) + 1) * 0x1.0p-53;
    double v = (hash(seed, purpose.code(), row, 2 * index + 1) >>> 11) * 0x1.0p-53;
    return StrictMath.sqrt(-2.0 * StrictMath.log(u)) * StrictMath.cos(2.0 * StrictMath.PI * v);
  }

  private static long mix(long z) {
    long h = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
