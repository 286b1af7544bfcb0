package dev.coppice.core.serving;

/**
 * Where the entries of each row begin: 64-bit numbers in 4 bytes a row, counted from a base for
 * every {@value #GROUP} rows.
 */
final class Offsets {
  /** Binary logarithm of {@link #GROUP}. */
  static final int GROUP_BITS = 10;

  /** Rows that share a base. */
  static final int GROUP = 1 << GROUP_BITS;

  private final Section bases;
  private final Section offsets;
  private final long entries;

  /**
   * Offsets of rows.
   *
   * @param entries how many entries all rows have together
   */
  Offsets(Section bases, Section offsets, long entries) {
    this.bases = bases;
    this.offsets = offsets;
    this.entries = entries;
  }

  /** Returns where the entries of a row begin; those of the row behind the last, where all end. */
  long begin(long row) {
    return bases.longAt(row >>> GROUP_BITS) + Integer.toUnsignedLong(offsets.intAt(row));
  }

  /**
   * Returns the number of entries of a row that begin at {@code begin}. They lie within the section
   * that they are in, so what is allocated for them is never larger than the file.
   */
  int count(long row, long begin) {
    long count = begin(row + 1) - begin;
    if (begin < 0 || count < 0 || count > Integer.MAX_VALUE - 8 || count > entries - begin) {
      throw offsets.damaged(
          "row "
              + row
              + " of section "
              + offsets.kind()
              + " has "
              + count
              + " of "
              + entries
              + " entries from "
              + begin);
    }
    return (int) count;
  }
}
