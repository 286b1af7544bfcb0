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

  Offsets(Section bases, Section offsets) {
    this.bases = bases;
    this.offsets = offsets;
  }

  /** Returns where the entries of a row begin; those of the row behind the last, where all end. */
  long begin(long row) {
    return bases.longAt(row >>> GROUP_BITS) + Integer.toUnsignedLong(offsets.intAt(row));
  }

  /** Returns the number of entries of a row that begin at {@code begin}. */
  int count(long row, long begin) {
    long count = begin(row + 1) - begin;
    if (begin < 0 || count < 0 || count > Integer.MAX_VALUE - 8) {
      throw offsets.damaged(
          "row " + row + " of section " + offsets.kind() + " has " + count + " entries");
    }
    return (int) count;
  }
}
