package dev.coppice.core.serving;

import java.io.IOException;

/** Writes {@link Offsets}. */
final class OffsetSpill {
  private final Spill bases;
  private final Spill offsets;
  private long rows;
  private long base;

  OffsetSpill(Spill bases, Spill offsets) {
    this.bases = bases;
    this.offsets = offsets;
  }

  /**
   * Adds where the entries of the next row begin; after the last row, where they end.
   *
   * @throws IllegalArgumentException if the rows of a group have too many entries together
   */
  void add(long begin) throws IOException {
    if (rows % Offsets.GROUP == 0) {
      base = begin;
      bases.putLong(base);
    }
    if (begin - base > 0xFFFFFFFFL) {
      throw new IllegalArgumentException(
          (rows % Offsets.GROUP)
              + " rows one after another have "
              + (begin - base)
              + " entries; allowed: fewer than 2^32");
    }
    offsets.putInt((int) (begin - base));
    rows++;
  }
}
