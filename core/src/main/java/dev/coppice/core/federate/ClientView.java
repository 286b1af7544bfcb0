package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * The part of the global table that a client's own may be cut from: all rows, or those of the items
 * that it has interactions with. A client has no use for the others: its rows of them could only
 * stand in its lists before items that its users do take.
 *
 * @param state the global state, rows that are left out being empty
 * @param rows {@code long[(items + 63) / 64]}: a bit for each row that is not left out; empty where
 *     none is
 * @param globalWeights of the whole table, of which a capacity is a share
 */
record ClientView(GlobalState state, long[] rows, long globalWeights) {
  private static final long[] ALL = new long[0];

  static ClientView of(ClientData data, GlobalState global, boolean ownItems) {
    SparseTable all = global.items();
    if (!ownItems) {
      return new ClientView(global, ALL, all.stored());
    }
    int items = all.rows();
    long[] rows = new long[(items + 63) / 64];
    int[] offsets = new int[items + 1];
    short[] dims = new short[all.stored()];
    float[] weights = new float[all.stored()];
    int n = 0;
    for (int item = 0; item < items; item++) {
      if (data.items().observations(item) > 0) {
        rows[item / 64] |= 1L << item;
        int size = all.stored(item);
        System.arraycopy(all.dims(), all.begin(item), dims, n, size);
        System.arraycopy(all.weights(), all.begin(item), weights, n, size);
        n += size;
      }
      offsets[item + 1] = n;
    }
    SparseTable own =
        new SparseTable(all.rank(), offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
    return new ClientView(
        new GlobalState(global.round(), own, global.layout(), global.census()), rows, all.stored());
  }

  /**
   * Returns the share of these rows' weights that a share of the global weights is, at most 1.
   *
   * @throws IllegalArgumentException if {@code capacity} is not above 0 and at most 1
   */
  double share(double capacity) {
    long most = Capacity.weights(capacity, globalWeights);
    int stored = state.items().stored();
    if (most >= stored) {
      return 1;
    }
    // Less than one weight is still a share: nothing is kept then.
    return most == 0 ? Double.MIN_NORMAL : (double) most / stored;
  }
}
