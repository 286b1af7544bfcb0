package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * All that leaves a client in a round.
 *
 * @param client number of the client
 * @param round number of the round, from 1
 * @param samples {@code int[buckets]}: the client's interactions with the items of each bucket; the
 *     weights of the server's average
 * @param kept {@code long[(blocks + 63) / 64]}: a bit for each block the client holds
 * @param rows {@code long[(items + 63) / 64]}: a bit for each item whose row the client may hold;
 *     empty where that is all
 * @param changes {@code float[kept weights]}: local less global weight, in the order of the global
 *     table
 * @param growRows rows of the positions the client would grow most; empty unless asked for
 * @param growDims their dimensions
 * @param growGains by how much the client's loss would fall
 */
public record ClientUpdate(
    int client,
    int round,
    int[] samples,
    long[] kept,
    long[] rows,
    float[] changes,
    int[] growRows,
    short[] growDims,
    float[] growGains)
    implements Serializable {

  /** Bytes that one position to grow takes: row, dimension, gain. */
  public static final int GROW_BYTES = Integer.BYTES + Short.BYTES + Float.BYTES;

  /** Writes down the changes of the kept blocks. */
  static ClientUpdate of(
      ClientData data, ClientView view, boolean[] kept, SparseTable items, ProposedGrowth growth) {
    GlobalState global = view.state();
    BlockLayout layout = global.layout();
    int[] samples = new int[layout.buckets()];
    for (int code : data.users().codes()) {
      samples[layout.bucketOf()[code]]++;
    }
    long[] bits = new long[(kept.length + 63) / 64];
    for (int b = 0; b < kept.length; b++) {
      if (kept[b]) {
        bits[b / 64] |= 1L << b;
      }
    }
    float[] changes = new float[items.stored()];
    SparseTable all = global.items();
    int n = 0;
    for (int item = 0; item < all.rows(); item++) {
      for (int p = all.begin(item); p < all.end(item); p++) {
        if (kept[layout.block(item, all.dim(p))]) {
          changes[n] = items.weights()[n] - all.weights()[p];
          n++;
        }
      }
    }
    return new ClientUpdate(
        data.client(),
        global.round() + 1,
        samples,
        bits,
        view.rows(),
        changes,
        growth.rows(),
        growth.dims(),
        growth.gains());
  }

  /** Returns whether the client holds a block. */
  boolean keeps(int block) {
    return (kept[block / 64] >>> block & 1) != 0;
  }

  /** Returns whether the client may hold an item's row. */
  boolean has(int item) {
    return rows.length == 0 || (rows[item / 64] >>> item & 1) != 0;
  }

  /** Returns the bytes of the arrays and numbers. */
  public long bytes() {
    return 8L
        + 4L * samples.length
        + 8L * kept.length
        + 8L * rows.length
        + 4L * changes.length
        + (long) GROW_BYTES * growRows.length;
  }
}
