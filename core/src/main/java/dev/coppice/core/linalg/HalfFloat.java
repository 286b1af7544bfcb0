package dev.coppice.core.linalg;

/**
 * Conversions between single and half precision (IEEE 754 binary16), which the JDK has from version
 * 20 on only. Nearest, ties to even; subnormal numbers, infinities and NaN included.
 */
public final class HalfFloat {
  private static final int EXPONENT_SHIFT = 13;
  private static final int INFINITY = 0x7C00;

  private HalfFloat() {}

  /** Returns the nearest value that 16 bits hold; beyond 65,520 it is infinite. */
  public static float rounded(float value) {
    return decode(encode(value));
  }

  /** Returns the value of 16 bits; exact. */
  public static float decode(short half) {
    int magnitude = half & 0x7FFF;
    float value;
    if (magnitude >= INFINITY) {
      // Infinity, or a NaN with the same leading bits of its payload.
      value = Float.intBitsToFloat(0x7F800000 | (magnitude & 0x3FF) << EXPONENT_SHIFT);
    } else {
      // The exponent's bias is 15 here and 127 there; the product makes up for it, also where the
      // half is subnormal.
      value = Float.intBitsToFloat(magnitude << EXPONENT_SHIFT) * 0x1p112f;
    }
    return half < 0 ? -value : value;
  }

  /** Returns the nearest half; beyond 65,520 it is infinite. */
  public static short encode(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) {
      // A NaN stays one: the quiet bit, and what fits of the payload.
      return (short) (sign | INFINITY | 0x200 | ((magnitude >>> EXPONENT_SHIFT) & 0x3FF));
    }
    if (magnitude >= 0x477FF000) {
      return (short) (sign | INFINITY);
    }
    if (magnitude >= 0x38800000) {
      int rebased = magnitude - (112 << 23);
      int odd = (rebased >>> EXPONENT_SHIFT) & 1;
      return (short) (sign | ((rebased + 0xFFF + odd) >>> EXPONENT_SHIFT));
    }
    // Subnormal: units of 2^-24. Adding 0.5 leaves exactly the bits of 2^-24 and above in the
    // significand, rounded as the hardware does: to nearest, ties to even.
    int units = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3F000000;
    return (short) (sign | units);
  }
}
