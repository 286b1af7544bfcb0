package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Collects what the rows of a block remember of an exploration ({@link History#memory}). Rows that
 * were not explored remember what they did before.
 */
final class MemoryBuilder {
  private final SparseTable before;
  private final int rank;
  private final int[] offsets;
  private short[] dims;
  private float[] values;
  private int next;

  /**
   * Begins with the first row.
   *
   * @param table the block's rows
   * @param before what they remembered; null for nothing
   */
  MemoryBuilder(SparseTable table, SparseTable before) {
    this.before = before == null ? SparseTable.empty(table.rank(), table.rows()) : before;
    rank = table.rank();
    offsets = new int[table.rows() + 1];
    dims = new short[this.before.stored() + 64];
    values = new float[dims.length];
  }

  /** Adds a row that was explored; rows ascend. */
  void add(int row, RowScores scores) {
    copyUpTo(row);
    reserve(scores.mostRemembered());
    end(scores.remember(dims, values, offsets[next]));
  }

  SparseTable build() {
    copyUpTo(offsets.length - 1);
    int stored = offsets[next];
    return new SparseTable(
        rank, offsets, Arrays.copyOf(dims, stored), Arrays.copyOf(values, stored));
  }

  private void copyUpTo(int row) {
    while (next < row) {
      int stored = before.stored(next);
      reserve(stored);
      System.arraycopy(before.dims(), before.begin(next), dims, offsets[next], stored);
      System.arraycopy(before.weights(), before.begin(next), values, offsets[next], stored);
      end(stored);
    }
  }

  private void end(int count) {
    offsets[next + 1] = offsets[next] + count;
    next++;
  }

  private void reserve(int count) {
    int needed = Math.addExact(offsets[next], count);
    if (needed > dims.length) {
      int capacity = Math.max(needed, Math.addExact(dims.length, dims.length >> 1));
      dims = Arrays.copyOf(dims, capacity);
      values = Arrays.copyOf(values, capacity);
    }
  }
}
