package dev.coppice.spark.rank;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gathers the pairs of a partition by source before they are shuffled: as many parts as sources
 * instead of one for each pair. Holds at most {@value #MAX_PAIRS} codes at a time.
 */
final class PairPacker implements MapPartitionsFunction<IdPair, KeyedPart> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_PAIRS = 1 << 21;

  private final Broadcast<TableBlock> targets;
  private final boolean strings;
  private final boolean keepUnknown;

  /**
   * @param targets where to look codes up; null if the pairs bring them
   * @param strings whether the sources' ids are strings
   * @param keepUnknown whether targets that the table does not hold are kept, as -1
   */
  PairPacker(Broadcast<TableBlock> targets, boolean strings, boolean keepUnknown) {
    this.targets = targets;
    this.strings = strings;
    this.keepUnknown = keepUnknown;
  }

  @Override
  public Iterator<KeyedPart> call(Iterator<IdPair> pairs) {
    TableBlock table = targets == null ? null : targets.value();
    return new Iterator<>() {
      private Iterator<KeyedPart> full = List.<KeyedPart>of().iterator();

      @Override
      public boolean hasNext() {
        while (!full.hasNext() && pairs.hasNext()) {
          full = fill(pairs, table);
        }
        return full.hasNext();
      }

      @Override
      public KeyedPart next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return full.next();
      }
    };
  }

  private Iterator<KeyedPart> fill(Iterator<IdPair> pairs, TableBlock table) {
    Map<Object, Codes> bySource = new HashMap<>();
    for (int n = 0; n < MAX_PAIRS && pairs.hasNext(); n++) {
      IdPair pair = pairs.next();
      int code =
          table == null ? pair.getCode() : table.code(pair.getTargetName(), pair.getTargetNumber());
      if (code >= 0 || keepUnknown) {
        Object key = strings ? pair.getName() : (Object) pair.getNumber();
        bySource.computeIfAbsent(key, k -> new Codes()).add(code);
      }
    }
    List<KeyedPart> parts = new ArrayList<>(bySource.size());
    for (Map.Entry<Object, Codes> entry : bySource.entrySet()) {
      KeyedPart part = new KeyedPart();
      if (strings) {
        part.setName((String) entry.getKey());
      } else {
        part.setNumber((Long) entry.getKey());
      }
      part.setSeen(entry.getValue().toArray());
      parts.add(part);
    }
    return parts.iterator();
  }

  /** A growing list of ints. */
  private static final class Codes {
    private int[] values = new int[8];
    private int size;

    void add(int code) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = code;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
