package dev.coppice.core.serving;

import dev.coppice.core.linalg.HalfFloat;
import dev.coppice.core.linalg.VectorKernels;

/**
 * Writes and reads the weights of one table.
 *
 * <p>Halves are stored as {@code half(w / 2^scale)}, with the scale that brings the table's largest
 * weight to at least 2<sup>14</sup> and below 2<sup>15</sup>: no weight is out of range then, and
 * all but the tiniest keep the full eleven bits.
 *
 * @param form of the stored weights
 * @param scale binary exponent; 0 for {@link WeightForm#FLOAT32}
 */
record WeightCodec(WeightForm form, int scale) {
  private static final int TOP = 14;

  WeightCodec {
    if (scale < -163 || scale > 113) {
      throw new IllegalArgumentException(
          "scale of weights is 2^" + scale + "; allowed: 2^-163 to 2^113");
    }
  }

  /** Returns the codec of a table whose largest weight is so far from zero. */
  static WeightCodec of(WeightForm form, float largest) {
    boolean plain = form == WeightForm.FLOAT32 || largest == 0;
    return new WeightCodec(form, plain ? 0 : exponent(largest) - TOP);
  }

  /** Returns the codec of weights that are halves already, which loses nothing of them. */
  static WeightCodec ofHalves(float largest) {
    int scale = of(WeightForm.FLOAT16, largest).scale();
    // Larger, they keep every bit; smaller, subnormal ones would lose some.
    return new WeightCodec(WeightForm.FLOAT16, Math.min(0, scale));
  }

  /** Returns e with {@code 2^e <= value < 2^(e+1)}, also for subnormal numbers. */
  private static int exponent(float value) {
    return Math.getExponent((double) value);
  }

  /** Returns what is read back of a weight after it was stored. */
  float stored(float weight) {
    return form == WeightForm.FLOAT32 ? weight : decode(encode(weight));
  }

  /** Returns the 16 bits of a weight. */
  short encode(float weight) {
    return HalfFloat.encode((float) Math.scalb((double) weight, -scale));
  }

  /** Returns the weight of 16 bits. */
  float decode(short bits) {
    return (float) Math.scalb((double) HalfFloat.decode(bits), scale);
  }

  /** Decodes {@code from[0 .. count)} to {@code to[at .. at + count)}. */
  void decode(short[] from, float[] to, int at, int count) {
    // The bits of a half, moved to their places in a float, are the half times 2^-112.
    if (scale + 112 <= Float.MAX_EXPONENT) {
      VectorKernels.chosen().readHalves(from, Math.scalb(1f, scale + 112), to, at, count);
      return;
    }
    // The factor is no float, though what it makes of a half is one.
    double factor = Math.scalb(1.0, scale + 112);
    for (int i = 0; i < count; i++) {
      int bits = from[i];
      to[at + i] =
          (float) (factor * Float.intBitsToFloat((bits & 0x8000) << 16 | (bits & 0x7FFF) << 13));
    }
  }
}
