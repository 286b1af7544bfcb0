package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The start of a serving file, little-endian:
 *
 * <pre>
 *    0  8 bytes  magic
 *    8  int      format version: 1, or 2 with neighbours
 *   12  int      bytes of the header, a multiple of 64
 *   16  long     bytes of the file
 *   24  int      flags: 1 for item biases, 2 for nonnegative weights; a reader refuses those it
 *                does not know
 *   28  int      sections
 *   32  int      bytes of the settings
 *   36  int      CRC-32C of the header but these four bytes
 *   40  24 bytes a section: int code, int CRC-32C, long offset, long bytes
 *       settings: UTF-8 lines key=value; then zeros
 * </pre>
 *
 * @param fileBytes bytes of the whole file
 * @param entries the sections, in the order of their offsets
 * @param settings what else is to be known
 */
record Header(long fileBytes, List<Entry> entries, HeaderSettings settings) {
  /** The newest format that this code reads. */
  static final int VERSION = 2;

  /** The format of a model without neighbours, which older releases read. */
  private static final int WITHOUT_NEIGHBOURS = 1;

  /** Sections and the header end at multiples of this. */
  static final int ALIGNMENT = 64;

  /** The flag of a model with item biases: who does not know them folds users in wrongly. */
  private static final int ITEM_BIAS = 1;

  /** The flag of a model of nonnegative weights, for the same reason. */
  private static final int NONNEGATIVE = 2;

  private static final int KNOWN_FLAGS = ITEM_BIAS | NONNEGATIVE;

  private static final int FIXED = 40;
  private static final int ENTRY = 24;
  private static final int CRC_AT = 36;
  private static final int LARGEST = 1 << 20;

  // A byte above 127, line ends of two kinds and an end-of-file, so that a copy through a text
  // mode is seen.
  private static final byte[] MAGIC = {(byte) 0x89, 'C', 'O', 'P', '\r', '\n', 0x1A, '\n'};

  /** One section: what it is, where it lies and what its checksum is. */
  record Entry(int code, int crc, long offset, long bytes) {}

  /** Returns whether bytes start as all serving files do. */
  static boolean hasMagic(byte[] start) {
    return start.length >= MAGIC.length
        && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Returns the bytes of a header with so many sections and these settings. */
  static int size(int sections, HeaderSettings settings) {
    int bytes =
        FIXED + ENTRY * sections + settings.format().getBytes(StandardCharsets.UTF_8).length;
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Returns the header as it stands in the file. */
  ByteBuffer encode() {
    byte[] text = settings.format().getBytes(StandardCharsets.UTF_8);
    int size = size(entries.size(), settings);
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC)
        .putInt(settings.neighbours() ? VERSION : WITHOUT_NEIGHBOURS)
        .putInt(size)
        .putLong(fileBytes)
        .putInt((settings.itemBias() ? ITEM_BIAS : 0) | (settings.nonnegative() ? NONNEGATIVE : 0))
        .putInt(entries.size())
        .putInt(text.length)
        .putInt(0);
    for (Entry entry : entries) {
      out.putInt(entry.code()).putInt(entry.crc()).putLong(entry.offset()).putLong(entry.bytes());
    }
    out.put(text).clear();
    return out.putInt(CRC_AT, crc(out));
  }

  private static int crc(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, CRC_AT));
    crc.update(header.slice(CRC_AT + 4, header.capacity() - CRC_AT - 4));
    return (int) crc.getValue();
  }

  /**
   * Reads and checks the header of a file.
   *
   * @throws BadInputException if it is no serving file, one of a newer version, cut short, or
   *     damaged; the message says which
   */
  static Header read(MappedFile file) {
    if (file.length() < FIXED) {
      throw foreign(file, "it has " + file.length() + " bytes");
    }
    byte[] fixed = bytes(file, FIXED);
    if (!hasMagic(fixed)) {
      throw foreign(file, "its first bytes are others");
    }
    ByteBuffer start = littleEndian(fixed).position(MAGIC.length);
    int version = start.getInt();
    if (version > VERSION) {
      throw new BadInputException(
          file.path()
              + " has format version "
              + version
              + "; this release knows versions 1 to "
              + VERSION
              + ": read it with a newer release, or export the model again with this one");
    }
    int size = start.getInt();
    long fileBytes = start.getLong();
    int flags = start.getInt();
    int sections = start.getInt();
    int textBytes = start.getInt();
    if (version < 1
        || size < FIXED
        || size > LARGEST
        || size > fileBytes
        || sections < 0
        || textBytes < 0
        || FIXED + (long) ENTRY * sections + textBytes > size) {
      throw damaged(file, "its header contradicts itself");
    }
    if (file.length() < size) {
      throw damaged(file, "it ends after " + file.length() + " bytes, within its header");
    }
    ByteBuffer header = littleEndian(bytes(file, size));
    if (header.getInt(CRC_AT) != crc(header)) {
      throw damaged(file, "the checksum of its header is wrong");
    }
    if (file.length() != fileBytes) {
      throw damaged(file, "it has " + file.length() + " bytes and should have " + fileBytes);
    }
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s has flags %08x, which this release does not know; read it with a newer release",
              file.path(),
              flags & ~KNOWN_FLAGS));
    }
    List<Entry> entries = new ArrayList<>();
    header.position(FIXED);
    for (int s = 0; s < sections; s++) {
      Entry entry = new Entry(header.getInt(), header.getInt(), header.getLong(), header.getLong());
      if (entry.offset() < size
          || entry.offset() % ALIGNMENT != 0
          || entry.bytes() < 0
          || entry.bytes() > fileBytes - entry.offset()) {
        throw damaged(file, "section " + entry.code() + " lies outside");
      }
      entries.add(entry);
    }
    byte[] text = new byte[textBytes];
    header.get(text);
    try {
      return new Header(
          fileBytes, entries, HeaderSettings.parse(new String(text, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw damaged(file, e.getMessage());
    }
  }

  private static byte[] bytes(MappedFile file, int count) {
    byte[] bytes = new byte[count];
    file.copy(0, bytes, 0, count);
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static BadInputException foreign(MappedFile file, String why) {
    return new BadInputException(
        file.path() + " is no serving file: " + why + "; give a file that export has written");
  }

  static BadInputException damaged(MappedFile file, String what) {
    return new BadInputException(
        file.path() + " is damaged or cut short: " + what + "; write the file again (export)");
  }
}
