package dev.coppice.core.mask;

/**
 * An importance in one byte: 0, or 255 values in steps of 2<sup>1/4</sup> from 2<sup>-32</sup> to
 * 2<sup>31.5</sup>. Within that range the value read back is off by at most 9.1 per cent (half a
 * step); smaller ones become 0, larger ones the largest.
 */
public final class ImportanceCode {
  private static final int STEPS = 4;
  private static final int LOWEST = -32;
  private static final double LN2 = StrictMath.log(2);

  private ImportanceCode() {}

  /** Returns the code of an importance; 0 for what is not above 0. */
  public static byte encode(float importance) {
    if (!(importance > 0)) {
      return 0;
    }
    double octaves = StrictMath.log(importance) / LN2 - LOWEST;
    return (byte) Math.max(0, Math.min(255, 1 + Math.rint(STEPS * octaves)));
  }

  /** Returns the importance of a code. */
  public static float decode(byte code) {
    int unsigned = code & 0xFF;
    return unsigned == 0 ? 0 : (float) StrictMath.pow(2, (double) (unsigned - 1) / STEPS + LOWEST);
  }
}
