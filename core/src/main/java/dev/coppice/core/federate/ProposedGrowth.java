package dev.coppice.core.federate;

import dev.coppice.core.als.PositionScores;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The empty positions of the global mask that a client would grow most, in the blocks it holds.
 *
 * @param rows ascending, dims ascending within a row
 * @param gains g^2 / h of each
 */
record ProposedGrowth(int[] rows, short[] dims, float[] gains) {
  static final ProposedGrowth NONE = new ProposedGrowth(new int[0], new short[0], new float[0]);

  /**
   * Lists so many positions that the message stays within 6 bytes a kept weight, 4 of which the
   * changes take.
   *
   * @param scores of item rows on the client's users
   */
  static ProposedGrowth of(
      ClientData data,
      GlobalState global,
      boolean[] kept,
      SparseTable items,
      PositionScores scores) {
    int most = (int) (2L * items.stored() / ClientUpdate.GROW_BYTES);
    record Position(int row, int dim, float gain) {}
    Comparator<Position> order =
        Comparator.comparingDouble((Position p) -> -p.gain())
            .thenComparingInt(Position::row)
            .thenComparingInt(Position::dim);
    java.util.PriorityQueue<Position> best = new java.util.PriorityQueue<>(order.reversed());
    boolean[] stored = new boolean[items.rank()];
    for (int item = 0; item < items.rows() && most > 0; item++) {
      if (data.items().observations(item) == 0) {
        continue;
      }
      scores.score(data.items(), item, items);
      mark(global.items(), item, stored, true);
      for (int dim = 0; dim < stored.length; dim++) {
        float gain = scores.gain(dim);
        if (stored[dim] || !(gain > 0) || !kept[global.layout().block(item, dim)]) {
          continue;
        }
        if (best.size() < most) {
          best.add(new Position(item, dim, gain));
        } else if (gain > best.peek().gain()) {
          best.poll();
          best.add(new Position(item, dim, gain));
        }
      }
      mark(global.items(), item, stored, false);
    }
    Position[] list = best.toArray(Position[]::new);
    Arrays.sort(list, Comparator.comparingInt(Position::row).thenComparingInt(Position::dim));
    ProposedGrowth growth =
        new ProposedGrowth(new int[list.length], new short[list.length], new float[list.length]);
    for (int i = 0; i < list.length; i++) {
      growth.rows[i] = list[i].row();
      growth.dims[i] = (short) list[i].dim();
      growth.gains[i] = list[i].gain();
    }
    return growth;
  }

  private static void mark(SparseTable table, int row, boolean[] stored, boolean value) {
    for (int p = table.begin(row); p < table.end(row); p++) {
      stored[table.dim(p)] = value;
    }
  }
}
