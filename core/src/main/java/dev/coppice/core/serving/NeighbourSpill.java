package dev.coppice.core.serving;

import dev.coppice.core.linalg.HalfFloat;
import dev.coppice.core.topk.RowCheck;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * Writes neighbours and histories: they come item by item and user by user, by code, and leave by
 * key. Keys number the codes of the items, and those that items have for neighbours, in ascending
 * order. Held in memory are 8 bytes a key and item, and the lists of as many keys as take {@value
 * #MOST} entries; the scratch files are read once for each group of so many.
 */
final class NeighbourSpill implements AutoCloseable {
  /** Entries of lists that are held at once. */
  static final int MOST = 1 << 23;

  private static final int BATCH = 8192;

  private final int most;
  private final Spills raw;
  private final Spill codes;
  private final Spill counts;
  private final Spill links;
  private final Spill weights;
  private final Spill historyCounts;
  private final Spill histories;
  private int items;
  private int users;
  private long stored;
  private float largest;
  private boolean halves = true;

  /**
   * Makes the scratch files.
   *
   * @param raw for these alone; closed with this
   * @param most entries of lists that are held at once
   */
  NeighbourSpill(Spills raw, int most) throws IOException {
    this.raw = raw;
    this.most = most;
    codes = raw.of(SectionKind.NEIGHBOUR_KEYS);
    counts = raw.of(SectionKind.NEIGHBOUR_OFFSETS);
    links = raw.of(SectionKind.NEIGHBOUR_ITEMS);
    weights = raw.of(SectionKind.NEIGHBOUR_WEIGHTS);
    historyCounts = raw.of(SectionKind.HISTORY_OFFSETS);
    histories = raw.of(SectionKind.HISTORY_KEYS);
  }

  /** Returns the number of links. */
  long stored() {
    return stored;
  }

  /** Returns the codec of the weights: where 16 bits hold each of them, they take no more. */
  WeightCodec codec(WeightForm form) {
    return halves ? WeightCodec.ofHalves(largest) : WeightCodec.of(form, largest);
  }

  static void check(Object id, Neighbours neighbours) {
    int count = neighbours.codes().length;
    RowCheck.checkLinks("item " + id, neighbours.codes(), neighbours.weights(), 0, count);
  }

  static void check(Object id, int[] history) {
    RowCheck.checkLinks("user " + id, history, null, 0, history.length);
  }

  void addItem(Neighbours neighbours) throws IOException {
    codes.putInt(neighbours.code());
    counts.putInt(neighbours.codes().length);
    for (int i = 0; i < neighbours.codes().length; i++) {
      links.putInt(neighbours.codes()[i]);
      float weight = neighbours.weights()[i];
      weights.putFloat(weight);
      largest = Math.max(largest, Math.abs(weight));
      halves &= HalfFloat.rounded(weight) == weight;
    }
    stored += neighbours.codes().length;
    items++;
  }

  void addUser(int[] history) throws IOException {
    historyCounts.putInt(history.length);
    for (int code : history) {
      histories.putInt(code);
    }
    users++;
  }

  /**
   * Writes the sections.
   *
   * @return the number of keys
   * @throws IllegalArgumentException if two items have one code
   */
  int finish(Spills to) throws IOException {
    int[] own = new int[items];
    raw.map(SectionKind.NEIGHBOUR_KEYS).copy(0, own, 0, items);
    int[] known = known(own);
    itemKeys(to, own, known);
    lists(to, known);
    histories(to, known);
    return known.length;
  }

  /** Returns the codes that get a key. */
  private int[] known(int[] own) throws IOException {
    int[] sorted = Arrays.stream(own).filter(code -> code >= 0).sorted().toArray();
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "two items have the code " + sorted[i] + "; needed: one of its own for each");
      }
    }
    TreeSet<Integer> more = new TreeSet<>();
    forEach(
        (item, code, weight) -> {
          if (Arrays.binarySearch(sorted, code) < 0) {
            more.add(code);
          }
        });
    if (more.isEmpty()) {
      return sorted;
    }
    int[] all = Arrays.copyOf(sorted, sorted.length + more.size());
    int at = sorted.length;
    for (int code : more) {
      all[at++] = code;
    }
    Arrays.sort(all);
    return all;
  }

  private static void itemKeys(Spills to, int[] own, int[] known) throws IOException {
    boolean rows = known.length == own.length;
    for (int item = 0; item < own.length && rows; item++) {
      rows = own[item] == known[item];
    }
    if (!rows) {
      Spill out = to.of(SectionKind.NEIGHBOUR_KEYS);
      for (int code : own) {
        out.putInt(code < 0 ? -1 : Arrays.binarySearch(known, code));
      }
    }
  }

  private void lists(Spills to, int[] known) throws IOException {
    OffsetSpill entries =
        new OffsetSpill(to.of(SectionKind.NEIGHBOUR_BASES), to.of(SectionKind.NEIGHBOUR_OFFSETS));
    OffsetSpill units =
        new OffsetSpill(
            to.of(SectionKind.NEIGHBOUR_UNIT_BASES), to.of(SectionKind.NEIGHBOUR_UNIT_OFFSETS));
    Spill targets = to.of(SectionKind.NEIGHBOUR_ITEMS);
    Spill values = to.of(SectionKind.NEIGHBOUR_WEIGHTS);
    int[] sizes = new int[known.length];
    forEach((item, code, weight) -> sizes[Arrays.binarySearch(known, code)]++);
    long written = 0;
    int first = 0;
    while (first < known.length) {
      int last = first + 1;
      long size = sizes[first];
      while (last < known.length && size + sizes[last] <= most) {
        size += sizes[last++];
      }
      Lists lists = new Lists(known, first, last, sizes);
      forEach(lists);
      for (int key = first; key < last; key++) {
        entries.add(written);
        units.add(targets.bytes() / 2);
        int from = lists.starts[key - first];
        Gaps.put(targets, lists.rows, from, from + sizes[key]);
        for (int i = from; i < from + sizes[key]; i++) {
          values.putFloat(lists.values[i]);
        }
        written += sizes[key];
      }
      first = last;
    }
    entries.add(written);
    units.add(targets.bytes() / 2);
  }

  /** The lists of some keys; items come in ascending order. */
  private static final class Lists implements LinkSink {
    private final int[] known;
    private final int first;
    private final int last;
    private final int[] starts;
    private final int[] filled;
    private final int[] rows;
    private final float[] values;

    Lists(int[] known, int first, int last, int[] sizes) {
      this.known = known;
      this.first = first;
      this.last = last;
      starts = new int[last - first + 1];
      for (int key = first; key < last; key++) {
        starts[key - first + 1] = Math.addExact(starts[key - first], sizes[key]);
      }
      filled = starts.clone();
      rows = new int[starts[last - first]];
      values = new float[rows.length];
    }

    @Override
    public void accept(int item, int code, float weight) {
      int key = Arrays.binarySearch(known, first, last, code);
      if (key >= 0) {
        int at = filled[key - first]++;
        rows[at] = item;
        values[at] = weight;
      }
    }
  }

  private void histories(Spills to, int[] known) throws IOException {
    OffsetSpill units =
        new OffsetSpill(to.of(SectionKind.HISTORY_BASES), to.of(SectionKind.HISTORY_OFFSETS));
    Spill out = to.of(SectionKind.HISTORY_KEYS);
    Section sizes = raw.map(SectionKind.HISTORY_OFFSETS);
    Section given = raw.map(SectionKind.HISTORY_KEYS);
    long at = 0;
    for (int user = 0; user < users; user++) {
      int[] history = new int[sizes.intAt(user)];
      given.copy(at, history, 0, history.length);
      at += history.length;
      // No list begins at the other codes, and no item has them.
      int[] keys =
          Arrays.stream(history)
              .map(code -> Arrays.binarySearch(known, code))
              .filter(key -> key >= 0)
              .toArray();
      units.add(out.bytes() / 2);
      Gaps.put(out, keys, 0, keys.length);
    }
    units.add(out.bytes() / 2);
  }

  /** Takes one link. */
  @FunctionalInterface
  private interface LinkSink {
    void accept(int item, int code, float weight);
  }

  /** Goes through all links in the order of the items. */
  private void forEach(LinkSink sink) throws IOException {
    Section sizes = raw.map(SectionKind.NEIGHBOUR_OFFSETS);
    Section given = raw.map(SectionKind.NEIGHBOUR_ITEMS);
    Section values = raw.map(SectionKind.NEIGHBOUR_WEIGHTS);
    int[] codesRead = new int[BATCH];
    float[] weightsRead = new float[BATCH];
    long at = 0;
    for (int item = 0; item < items; item++) {
      int left = sizes.intAt(item);
      while (left > 0) {
        int count = Math.min(left, BATCH);
        given.copy(at, codesRead, 0, count);
        values.copy(at, weightsRead, 0, count);
        for (int i = 0; i < count; i++) {
          sink.accept(item, codesRead[i], weightsRead[i]);
        }
        at += count;
        left -= count;
      }
    }
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
