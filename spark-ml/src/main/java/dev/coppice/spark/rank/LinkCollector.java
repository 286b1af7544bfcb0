package dev.coppice.spark.rank;

import dev.coppice.core.topk.Links;
import dev.coppice.core.topk.RowCheck;
import dev.coppice.spark.table.LinkedRow;
import dev.coppice.spark.table.SparseRow;
import java.util.Arrays;

/** Gathers the links of the rows of a block, one row after another. */
final class LinkCollector {
  private int[] offsets = new int[17];
  private int[] keys = new int[0];
  private float[] weights = new float[0];
  private boolean weighted;
  private int rows;

  /** Returns the number of links gathered. */
  int size() {
    return offsets[rows];
  }

  /**
   * Adds the links of a row; a row without any counts as well.
   *
   * @param id names the row in messages
   */
  void add(SparseRow row, Object id) {
    if (rows + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    int from = offsets[rows++];
    offsets[rows] = from;
    if (!(row instanceof LinkedRow linked) || linked.getLinks() == null) {
      return;
    }
    int[] more = linked.getLinks();
    float[] values = linked.getLinkWeights();
    if (values != null && values.length != more.length) {
      throw new IllegalStateException(
          "row "
              + id
              + " has "
              + more.length
              + " links and "
              + values.length
              + " linkWeights; needed: as many of both, or no weights");
    }
    RowCheck.checkLinks("row " + id, more, values, 0, more.length);
    int end = from + more.length;
    if (end > keys.length) {
      int room = Math.max(end, 2 * keys.length);
      keys = Arrays.copyOf(keys, room);
      weights = Arrays.copyOf(weights, room);
    }
    System.arraycopy(more, 0, keys, from, more.length);
    if (values == null) {
      Arrays.fill(weights, from, end, 1f);
    } else {
      System.arraycopy(values, 0, weights, from, more.length);
      weighted |= more.length > 0;
    }
    offsets[rows] = end;
  }

  /** Returns the links of the rows added since the last call, or null if none has any. */
  Links take() {
    int count = offsets[rows];
    Links links =
        count == 0
            ? null
            : new Links(
                Arrays.copyOf(offsets, rows + 1),
                Arrays.copyOf(keys, count),
                weighted ? Arrays.copyOf(weights, count) : null);
    rows = 0;
    weighted = false;
    return links;
  }
}
