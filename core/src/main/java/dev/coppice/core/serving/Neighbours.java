package dev.coppice.core.serving;

/**
 * The neighbours of an item on their way into a file.
 *
 * @param code by which other items and users' histories name this item, 0 or more; -1 if none can
 * @param codes of the items whose users this one is recommended to, ascending; an item need not
 *     have one of them
 * @param weights finite, one a code: what each adds to the item's score
 */
@SuppressWarnings("ArrayRecordComponent") // goes to the writer, never compared
public record Neighbours(int code, int[] codes, float[] weights) {
  /** Those of an item that has none and is none. */
  public static final Neighbours NONE = new Neighbours(-1, new int[0], new float[0]);

  /**
   * Checks the code.
   *
   * @throws IllegalArgumentException if it is below -1, or if there are not as many codes as
   *     weights
   */
  public Neighbours {
    if (code < -1 || codes.length != weights.length) {
      throw new IllegalArgumentException(
          "an item of code "
              + code
              + " has "
              + codes.length
              + " neighbours and "
              + weights.length
              + " weights; needed: a code of -1 or more, and as many of both");
    }
  }
}
