package dev.coppice.core.util;

import java.util.Arrays;
import java.util.Iterator;

/** Numbers on their way out of boxes, of which a list would take several times the memory. */
public final class Longs {
  private Longs() {}

  /** Returns all that is left of an iterator, in its order. */
  public static long[] of(Iterator<Long> values) {
    long[] found = new long[64];
    int size = 0;
    while (values.hasNext()) {
      if (size == found.length) {
        found = Arrays.copyOf(found, 2 * size);
      }
      found[size++] = values.next();
    }
    return Arrays.copyOf(found, size);
  }
}
