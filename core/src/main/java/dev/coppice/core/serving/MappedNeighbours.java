package dev.coppice.core.serving;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.topk.LinkAdder;
import dev.coppice.core.topk.LinkSums;
import dev.coppice.core.topk.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The neighbours of a mapped file by key, and the users' histories. A key stands for an item that
 * users have: its list names the items that it speaks for, with weights. Keys are numbered in the
 * order of the model's codes, in which linked parts are summed. Safe for use by several threads.
 */
final class MappedNeighbours {
  private final int items;
  private final int keys;
  private final Section itemKeys;
  private final Offsets entries;
  private final Offsets units;
  private final Section targets;
  private final Section weights;
  private final WeightCodec codec;
  private final Offsets histories;
  private final Section historyKeys;
  // Rows by key, made when first asked for.
  private volatile int[] keyItems;

  MappedNeighbours(Sections sections, int users, int items, int keys, WeightCodec codec) {
    this.items = items;
    this.keys = keys;
    this.codec = codec;
    boolean rows = !sections.has(SectionKind.NEIGHBOUR_KEYS);
    if (keys < 0 || (rows && keys != items)) {
      throw new IllegalArgumentException(keys + " keys of " + items + " items");
    }
    itemKeys = rows ? null : sections.section(SectionKind.NEIGHBOUR_KEYS, 4L * items);
    targets = sections.section(SectionKind.NEIGHBOUR_ITEMS);
    weights = sections.section(SectionKind.NEIGHBOUR_WEIGHTS);
    historyKeys = sections.section(SectionKind.HISTORY_KEYS);
    entries =
        sections.offsets(
            SectionKind.NEIGHBOUR_BASES,
            SectionKind.NEIGHBOUR_OFFSETS,
            keys,
            weights,
            codec.form().bytes());
    units =
        sections.offsets(
            SectionKind.NEIGHBOUR_UNIT_BASES,
            SectionKind.NEIGHBOUR_UNIT_OFFSETS,
            keys,
            targets,
            Short.BYTES);
    histories =
        sections.offsets(
            SectionKind.HISTORY_BASES,
            SectionKind.HISTORY_OFFSETS,
            users,
            historyKeys,
            Short.BYTES);
  }

  /** Returns the key of an item, or -1. */
  int key(int item) {
    if (itemKeys == null) {
      return item;
    }
    int key = itemKeys.intAt(item);
    if (key < -1 || key >= keys) {
      throw itemKeys.damaged("item row " + item + " has key " + key + " of " + keys);
    }
    return key;
  }

  /** Returns the keys of items, ascending, each once. */
  int[] keys(int[] rows) {
    return Arrays.stream(rows).map(this::key).filter(key -> key >= 0).sorted().distinct().toArray();
  }

  /** Returns the row of the item that a key stands for, or -1 if the model does not hold it. */
  int item(int key) {
    if (itemKeys == null) {
      return key;
    }
    int[] found = keyItems;
    if (found == null) {
      found = new int[keys];
      Arrays.fill(found, -1);
      for (int item = 0; item < items; item++) {
        int own = key(item);
        if (own >= 0) {
          found[own] = item;
        }
      }
      keyItems = found;
    }
    return found[key];
  }

  /** Returns the keys of the items that a user has, ascending. */
  int[] history(int user) {
    long begin = histories.begin(user);
    return Gaps.read(historyKeys, begin, histories.count(user, begin), keys);
  }

  /** Returns the links of some keys to an item, in the order of the keys. */
  List<HistoryLink> links(int[] of, int item) {
    List<HistoryLink> links = new ArrayList<>();
    for (int key : of) {
      long begin = units.begin(key);
      int[] rows = Gaps.read(targets, begin, units.count(key, begin), items);
      int at = Arrays.binarySearch(rows, item);
      if (at >= 0) {
        float[] weight = new float[1];
        read(entries.begin(key) + at, weight, new short[1], 1);
        links.add(new HistoryLink(key, item(key), weight[0]));
      }
    }
    return links;
  }

  /** Reads weights; {@code halves} is scratch. */
  private void read(long from, float[] to, short[] halves, int count) {
    if (codec.form() == WeightForm.FLOAT32) {
      weights.copy(from, to, 0, count);
    } else {
      weights.copy(from, halves, 0, count);
      codec.decode(halves, to, 0, count);
    }
  }

  /** Returns an adder for one thread. */
  LinkAdder adder(int chunkSize, Kernels kernels) {
    return new Cursors(chunkSize, kernels);
  }

  /**
   * One thread's places in the lists of a row's keys. A window of a list is copied at a time, so a
   * row with every item of the model takes no more scratch than its cursors.
   */
  private final class Cursors implements LinkAdder {
    private static final int WINDOW = 256;
    private static final int END = Integer.MAX_VALUE;

    private final LinkSums sums;
    private final short[] window = new short[WINDOW];
    private final int[] places = new int[WINDOW];
    private final float[] values = new float[WINDOW];
    private final short[] halves = new short[WINDOW];
    private Links links;
    private int base;
    // The next item of each list, and where its weight and the units behind it are.
    private int[] next = new int[0];
    private long[] entry = new long[0];
    private long[] at = new long[0];
    private long[] end = new long[0];

    Cursors(int chunkSize, Kernels kernels) {
      sums = new LinkSums(chunkSize, kernels);
    }

    @Override
    public void open(Links rows, int first, int last) {
      links = rows;
      base = rows.offsets()[first];
      int count = rows.offsets()[last] - base;
      if (next.length < count) {
        next = new int[count];
        entry = new long[count];
        at = new long[count];
        end = new long[count];
      }
      for (int c = 0; c < count; c++) {
        int key = rows.keys()[base + c];
        next[c] = END;
        if (key < keys) {
          at[c] = units.begin(key);
          end[c] = at[c] + units.count(key, at[c]);
          entry[c] = entries.begin(key);
          first(c);
        }
      }
    }

    /** Reads the first item of a list that has one. */
    private void first(int c) {
      int gap = 0;
      for (int shift = 0; at[c] < end[c]; shift += Gaps.BITS) {
        int unit = targets.shortAt(at[c]++);
        gap |= (unit & Gaps.MASK) << shift;
        if (unit >= 0) {
          next[c] = Gaps.checked(targets, 0, gap, items);
          return;
        }
        if (at[c] == end[c] || shift == (Gaps.MOST - 1) * Gaps.BITS) {
          throw Gaps.damaged(targets);
        }
      }
    }

    @Override
    public void add(int row, int from, int size, float[] scores) {
      for (int q = links.offsets()[row]; q < links.offsets()[row + 1]; q++) {
        int c = q - base;
        float weight = links.weight(q);
        while (next[c] < from + size) {
          int count = take(c, from, from + size);
          read(entry[c], values, halves, count);
          entry[c] += count;
          sums.add(weight, places, values, count);
        }
      }
      sums.moveTo(scores, size);
    }

    /** Reads the places of a list below {@code until}, as far as the window holds them. */
    private int take(int c, int from, int until) {
      int length = (int) Math.min(WINDOW, end[c] - at[c]);
      targets.copy(at[c], window, 0, length);
      // A gap that may go on behind the window is left to the next one.
      int safe = length == end[c] - at[c] ? length : length - Gaps.MOST;
      int target = next[c];
      int count = 0;
      int p = 0;
      while (target < until && count < WINDOW) {
        if (p >= safe && safe != length) {
          break;
        }
        places[count++] = target - from;
        if (p == length) {
          target = END;
          break;
        }
        int unit = window[p++];
        int gap = unit & Gaps.MASK;
        for (int shift = Gaps.BITS; unit < 0; shift += Gaps.BITS) {
          if (p == length || shift >= Gaps.MOST * Gaps.BITS) {
            throw Gaps.damaged(targets);
          }
          unit = window[p++];
          gap |= (unit & Gaps.MASK) << shift;
        }
        target = Gaps.checked(targets, target + 1, gap, items);
      }
      next[c] = target;
      at[c] += p;
      return count;
    }
  }
}
