package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.util.Locale;

/** A section of a mapped file, addressed by number of element; refuses what lies outside. */
final class Section {
  private final MappedFile file;
  private final SectionKind kind;
  private final long start;
  private final long bytes;
  private final int crc;

  Section(MappedFile file, SectionKind kind, long start, long bytes, int crc) {
    this.file = file;
    this.kind = kind;
    this.start = start;
    this.bytes = bytes;
    this.crc = crc;
  }

  SectionKind kind() {
    return kind;
  }

  long bytes() {
    return bytes;
  }

  private long at(long index, int size, long count) {
    // Also refuses products beyond 64 bits: index is compared before it is multiplied.
    long elements = bytes / size;
    if (index < 0 || count < 0 || index > elements || count > elements - index) {
      throw damaged(
          "section "
              + kind
              + " of "
              + elements
              + " entries is asked for "
              + count
              + " from "
              + index);
    }
    return start + index * size;
  }

  /** Returns the error for what cannot be in a file that is whole. */
  BadInputException damaged(String what) {
    return new BadInputException(
        file.path() + " is damaged: " + what + "; write the file again (export)");
  }

  byte byteAt(long index) {
    return file.byteAt(at(index, 1, 1));
  }

  short shortAt(long index) {
    return file.shortAt(at(index, 2, 1));
  }

  int intAt(long index) {
    return file.intAt(at(index, 4, 1));
  }

  long longAt(long index) {
    return file.longAt(at(index, 8, 1));
  }

  double doubleAt(long index) {
    return file.doubleAt(at(index, 8, 1));
  }

  void copy(long index, byte[] to, int offset, int count) {
    file.copy(at(index, 1, count), to, offset, count);
  }

  void copy(long index, short[] to, int offset, int count) {
    file.copy(at(index, 2, count), to, offset, count);
  }

  void copy(long index, int[] to, int offset, int count) {
    file.copy(at(index, 4, count), to, offset, count);
  }

  void copy(long index, float[] to, int offset, int count) {
    file.copy(at(index, 4, count), to, offset, count);
  }

  void copy(long index, double[] to, int offset, int count) {
    file.copy(at(index, 8, count), to, offset, count);
  }

  /**
   * Compares the checksum.
   *
   * @throws BadInputException if it is another
   */
  void verify() {
    int found = file.crc(start, bytes);
    if (found != crc) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "section %s of %d bytes has the checksum %08x, not %08x",
              kind,
              bytes,
              found,
              crc));
    }
  }
}
