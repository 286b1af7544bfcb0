package dev.coppice.spark.rank;

import dev.coppice.spark.table.SparseRow;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Puts rows into blocks. Parts of the same id must follow each other; ids without a row are left
 * out. A block ends at a number of rows, or of weights, links and seen codes together, whichever
 * comes first, so memory is bounded except for a single row.
 */
final class BlockBuilder implements Iterator<TableBlock> {
  private static final int MAX_ENTRIES = 1 << 20;

  private final Iterator<? extends SparseRow> parts;
  private final int rank;
  private final boolean strings;
  private final boolean withSeen;
  private final int maxRows;
  private final int maxEntries;
  private int firstCode;
  private SparseRow ahead;

  private String[] names = new String[16];
  private long[] numbers = new long[16];
  private int[] offsets = new int[17];
  private int[] seenOffsets = new int[17];
  private short[] dims = new short[64];
  private float[] weights = new float[64];
  private int[] seen = new int[64];
  private final LinkCollector links = new LinkCollector();
  private int rows;
  private int stored;
  private int excluded;

  /**
   * @param firstCode code of the first row
   * @param withSeen whether the parts are {@link KeyedPart}s with seen codes
   */
  BlockBuilder(
      Iterator<? extends SparseRow> parts,
      int rank,
      boolean strings,
      boolean withSeen,
      int maxRows,
      int firstCode) {
    this(parts, rank, strings, withSeen, maxRows, MAX_ENTRIES, firstCode);
  }

  /** As above, with the number of weights, links and seen codes at which a block ends. */
  BlockBuilder(
      Iterator<? extends SparseRow> parts,
      int rank,
      boolean strings,
      boolean withSeen,
      int maxRows,
      int maxEntries,
      int firstCode) {
    this.parts = parts;
    this.rank = rank;
    this.strings = strings;
    this.withSeen = withSeen;
    this.maxRows = maxRows;
    this.maxEntries = maxEntries;
    this.firstCode = firstCode;
    advance();
  }

  private void advance() {
    ahead = parts.hasNext() ? parts.next() : null;
  }

  @Override
  public boolean hasNext() {
    // Ids without a row may be all that is left.
    while (rows == 0 && ahead != null) {
      takeId();
    }
    return rows > 0;
  }

  @Override
  public TableBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    while (ahead != null
        && rows < maxRows
        && (long) stored + excluded + links.size() < maxEntries) {
      takeId();
    }
    TableBlock block =
        new TableBlock(
            rank,
            firstCode,
            strings ? Arrays.copyOf(names, rows) : null,
            strings ? null : Arrays.copyOf(numbers, rows),
            Arrays.copyOf(offsets, rows + 1),
            Arrays.copyOf(dims, stored),
            Arrays.copyOf(weights, stored),
            withSeen ? Arrays.copyOf(seenOffsets, rows + 1) : null,
            withSeen ? Arrays.copyOf(seen, excluded) : null,
            links.take());
    firstCode += rows;
    rows = 0;
    stored = 0;
    excluded = 0;
    return block;
  }

  /** Takes all parts of one id. */
  private void takeId() {
    String name = ahead.getName();
    long number = ahead.getNumber();
    SparseRow row = null;
    int seenEnd = excluded;
    do {
      if (withSeen && !((KeyedPart) ahead).isRow()) {
        int[] more = ((KeyedPart) ahead).getSeen();
        seen = room(seen, seenEnd + more.length);
        System.arraycopy(more, 0, seen, seenEnd, more.length);
        seenEnd += more.length;
      } else if (row == null) {
        row = ahead;
      } else {
        throw new IllegalStateException(
            "id " + (strings ? name : number) + " has two rows in one table; a table has one");
      }
      advance();
    } while (withSeen
        && ahead != null
        && ahead.getNumber() == number
        && ahead.getName().equals(name));
    if (row != null) {
      add(row, seenEnd);
    }
  }

  private void add(SparseRow row, int seenEnd) {
    if (rows + 1 >= offsets.length) {
      names = Arrays.copyOf(names, 2 * rows);
      numbers = Arrays.copyOf(numbers, 2 * rows);
      offsets = Arrays.copyOf(offsets, 2 * rows + 1);
      seenOffsets = Arrays.copyOf(seenOffsets, 2 * rows + 1);
    }
    int count = row.getDims().length;
    if (row.getWeights().length != count) {
      throw new IllegalStateException(
          "row "
              + (strings ? row.getName() : row.getNumber())
              + " has "
              + count
              + " dims and "
              + row.getWeights().length
              + " weights; needed: as many of both");
    }
    if (stored + count > dims.length) {
      int size = Math.max(stored + count, 2 * dims.length);
      dims = Arrays.copyOf(dims, size);
      weights = Arrays.copyOf(weights, size);
    }
    System.arraycopy(row.getDims(), 0, dims, stored, count);
    System.arraycopy(row.getWeights(), 0, weights, stored, count);
    links.add(row, strings ? row.getName() : row.getNumber());
    Arrays.sort(seen, excluded, seenEnd);
    names[rows] = row.getName();
    numbers[rows] = row.getNumber();
    stored += count;
    excluded = seenEnd;
    rows++;
    offsets[rows] = stored;
    seenOffsets[rows] = excluded;
  }

  private static int[] room(int[] array, int size) {
    return size <= array.length ? array : Arrays.copyOf(array, Math.max(size, 2 * array.length));
  }
}
