package dev.coppice.core.serving;

/** How the weights of a serving file are stored. */
public enum WeightForm {
  /** IEEE 754 single precision: 4 bytes, the weights as they were trained. */
  FLOAT32(32),
  /**
   * IEEE 754 half precision times one power of two a table: 2 bytes, a relative error of at most
   * 2<sup>-11</sup> for weights down to 2<sup>-29</sup> of the table's largest.
   */
  FLOAT16(16);

  private final int bits;

  WeightForm(int bits) {
    this.bits = bits;
  }

  /** Returns the bits of a weight. */
  public int bits() {
    return bits;
  }

  /** Returns the bytes of a weight. */
  public int bytes() {
    return bits / 8;
  }

  /**
   * Finds a form by its bits.
   *
   * @throws IllegalArgumentException naming the allowed ones
   */
  public static WeightForm ofBits(int bits) {
    for (WeightForm form : values()) {
      if (form.bits == bits) {
        return form;
      }
    }
    throw new IllegalArgumentException("weights of " + bits + " bits; allowed: 16, 32");
  }
}
