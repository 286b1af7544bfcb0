package dev.coppice.core.als;

import java.io.Serializable;

/**
 * How a row of the other side is written as one int: the number of its block in the high bits, its
 * index inside the block in the low ones. The order of codes is the order of (block, local index),
 * in which all sums over observations run.
 *
 * @param localBits bits of the local index
 */
public record RowCode(int localBits) implements Serializable {

  /**
   * Returns the code for a number of blocks: as few bits as the blocks need, all others for the
   * local index.
   *
   * @throws IllegalArgumentException if blocks is below 1 or above 65,536
   */
  public static RowCode forBlocks(int blocks) {
    if (blocks < 1 || blocks > 65_536) {
      throw new IllegalArgumentException(
          "numBlocks is " + blocks + "; it must lie between 1 and 65536");
    }
    return new RowCode(31 - (32 - Integer.numberOfLeadingZeros(blocks - 1)));
  }

  /**
   * Writes a row as one int.
   *
   * @throws IllegalArgumentException if the local index needs more bits than there are
   */
  public int encode(int block, int local) {
    if (local >>> localBits != 0) {
      throw new IllegalArgumentException(
          "a block holds more than "
              + (1L << localBits)
              + " rows; raise numBlocks so that blocks are smaller");
    }
    return block << localBits | local;
  }

  /**
   * Returns the block that a row belongs to: a mix of its id, so that blocks fill evenly whatever
   * pattern the ids follow.
   */
  public static int blockOf(long id, int numBlocks) {
    // The finaliser of MurmurHash3 (Appleby), a bijection of 64 bits.
    long z = (id ^ id >>> 33) * 0xFF51AFD7ED558CCDL;
    z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
    return (int) Long.remainderUnsigned(z ^ z >>> 33, numBlocks);
  }

  /** Returns the block of a code. */
  public int block(int code) {
    return code >>> localBits;
  }

  /** Returns the local index of a code. */
  public int local(int code) {
    return code & ((1 << localBits) - 1);
  }
}
