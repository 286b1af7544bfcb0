package dev.coppice.core.serving;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * The ids of one table, in their order: the id of row r is the r-th. Found by binary search where
 * they lie, so nothing is built when a file is opened. Safe for use by several threads.
 */
public final class IdDictionary {
  private final IdKind kind;
  private final int rows;
  private final Section ids;
  private final Offsets offsets;

  /** A dictionary over sections; {@code offsets} for text ids only, else null. */
  IdDictionary(IdKind kind, int rows, Section ids, Offsets offsets) {
    this.kind = kind;
    this.rows = rows;
    this.ids = ids;
    this.offsets = offsets;
  }

  /** Returns the type of the ids. */
  public IdKind kind() {
    return kind;
  }

  /** Returns the number of ids. */
  public int size() {
    return rows;
  }

  /**
   * Returns the row of an id, or -1 if there is none. Where ids are numbers, the text is to be the
   * number as it is written in decimal, without leading zeros or blanks.
   */
  public int find(String id) {
    if (kind == IdKind.STRING) {
      Optional<byte[]> name = Utf8.encode(id);
      return name.isPresent() ? find(name.get()) : -1;
    }
    try {
      long number = Long.parseLong(id);
      return Long.toString(number).equals(id) ? find(number) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Returns the row of an id, or -1; where ids are texts, the number's decimal form is meant. */
  public int find(long id) {
    if (kind == IdKind.STRING) {
      return find(Long.toString(id));
    }
    int low = 0;
    int high = rows - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(number(middle), id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int find(byte[] name) {
    int low = 0;
    int high = rows - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int compare(int row, byte[] name) {
    long begin = offsets.begin(row);
    int length = offsets.count(row, begin);
    int both = Math.min(length, name.length);
    for (int b = 0; b < both; b++) {
      int order = Byte.compareUnsigned(ids.byteAt(begin + b), name[b]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(length, name.length);
  }

  private long number(int row) {
    return kind == IdKind.INT ? ids.intAt(row) : ids.longAt(row);
  }

  /**
   * Returns the id of a row; a number in decimal.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public String id(int row) {
    Objects.checkIndex(row, rows);
    if (kind != IdKind.STRING) {
      return Long.toString(number(row));
    }
    long begin = offsets.begin(row);
    byte[] name = new byte[offsets.count(row, begin)];
    ids.copy(begin, name, 0, name.length);
    return new String(name, StandardCharsets.UTF_8);
  }
}
