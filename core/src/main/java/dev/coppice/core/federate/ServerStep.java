package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the driver does with the messages of a round: the mean change of each weight over the
 * clients that hold its block and have its item, weighted by their interactions with its bucket;
 * and, where asked for, an exploration of the global mask. Sums run in the order of the clients'
 * numbers.
 */
final class ServerStep {
  private ServerStep() {}

  /**
   * Returns the state after a round.
   *
   * @param updates of the clients that answered, in any order; those of another round are refused
   * @throws IllegalArgumentException if two updates are of one client, or one of another round
   */
  static GlobalState apply(
      GlobalState global, List<ClientUpdate> updates, FederationSettings settings) {
    List<ClientUpdate> ordered =
        updates.stream().sorted(Comparator.comparingInt(ClientUpdate::client)).toList();
    check(global, ordered);
    SparseTable items = averaged(global, ordered, settings.rounds().serverRate());
    if (settings.explores(global.round() + 1)) {
      items = explored(global, items, ordered, settings);
    }
    return new GlobalState(global.round() + 1, items, global.layout(), global.census());
  }

  private static void check(GlobalState global, List<ClientUpdate> updates) {
    for (int i = 0; i < updates.size(); i++) {
      ClientUpdate update = updates.get(i);
      if (update.round() != global.round() + 1) {
        throw new IllegalArgumentException(
            "client "
                + update.client()
                + " answers round "
                + update.round()
                + "; this is round "
                + (global.round() + 1)
                + ": leave late answers out");
      }
      if (i > 0 && update.client() == updates.get(i - 1).client()) {
        throw new IllegalArgumentException("client " + update.client() + " answers twice");
      }
    }
  }

  private static SparseTable averaged(GlobalState global, List<ClientUpdate> updates, double rate) {
    SparseTable all = global.items();
    BlockLayout layout = global.layout();
    double[] sum = new double[all.stored()];
    long[] samples = new long[all.stored()];
    for (ClientUpdate update : updates) {
      int n = 0;
      for (int item = 0; item < all.rows(); item++) {
        if (!update.has(item)) {
          continue;
        }
        int weight = update.samples()[layout.bucketOf()[item]];
        for (int p = all.begin(item); p < all.end(item); p++) {
          if (update.keeps(layout.block(item, all.dim(p)))) {
            sum[p] += (double) weight * update.changes()[n++];
            samples[p] += weight;
          }
        }
      }
    }
    float[] weights = all.weights().clone();
    for (int p = 0; p < weights.length; p++) {
      if (samples[p] > 0) {
        weights[p] += (float) (rate * sum[p] / samples[p]);
      }
    }
    return all.withWeights(weights);
  }

  /** Prunes the smallest w^2 times the item's interactions, grows the largest summed gains. */
  private static SparseTable explored(
      GlobalState global,
      SparseTable items,
      List<ClientUpdate> updates,
      FederationSettings settings) {
    int rank = items.rank();
    java.util.TreeMap<Long, Double> gains = new java.util.TreeMap<>();
    for (ClientUpdate update : updates) {
      for (int i = 0; i < update.growRows().length; i++) {
        long key = (long) update.growRows()[i] * rank + (update.growDims()[i] & 0xFFFF);
        gains.merge(key, (double) update.growGains()[i], Double::sum);
      }
    }
    double progress = (double) global.round() / Math.max(1, settings.rounds().count() - 1);
    double ratio = settings.maskMoves().maskRatio() / 2 * (1 + StrictMath.cos(Math.PI * progress));
    int moves = (int) Math.min(gains.size(), Math.floor(ratio * items.stored()));
    boolean[] pruned = leastSalient(items, global.census(), moves);
    int gone = (int) IntStream.range(0, pruned.length).filter(p -> pruned[p]).count();
    List<Long> grown =
        gains.entrySet().stream()
            .sorted(
                Comparator.comparingDouble((java.util.Map.Entry<Long, Double> e) -> -e.getValue())
                    .thenComparingLong(java.util.Map.Entry::getKey))
            .limit(gone)
            .map(java.util.Map.Entry::getKey)
            .sorted()
            .toList();
    return moved(items, pruned, grown);
  }

  private static boolean[] leastSalient(SparseTable items, Census census, int moves) {
    double[] saliency = new double[items.stored()];
    boolean[] fixed = new boolean[items.stored()];
    for (int item = 0; item < items.rows(); item++) {
      int best = -1;
      for (int p = items.begin(item); p < items.end(item); p++) {
        saliency[p] =
            (double) items.weights()[p] * items.weights()[p] * (1 + census.degrees()[item]);
        best = best < 0 || saliency[p] > saliency[best] ? p : best;
      }
      if (best >= 0) {
        // A row keeps one weight.
        fixed[best] = true;
      }
    }
    boolean[] pruned = new boolean[items.stored()];
    IntStream.range(0, items.stored())
        .filter(p -> !fixed[p])
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer p) -> saliency[p])
                .thenComparingInt(Integer::intValue))
        .limit(moves)
        .forEach(p -> pruned[p] = true);
    return pruned;
  }

  private static SparseTable moved(SparseTable items, boolean[] pruned, List<Long> grown) {
    int rank = items.rank();
    int[] offsets = new int[items.rows() + 1];
    short[] dims = new short[items.stored()];
    float[] weights = new float[items.stored()];
    int n = 0;
    int next = 0;
    for (int item = 0; item < items.rows(); item++) {
      int p = items.begin(item);
      while (p < items.end(item) || (next < grown.size() && grown.get(next) / rank == item)) {
        boolean grow =
            next < grown.size()
                && grown.get(next) / rank == item
                && (p == items.end(item) || grown.get(next) % rank < items.dim(p));
        if (grow) {
          dims[n++] = (short) (grown.get(next++) % rank);
        } else {
          if (!pruned[p]) {
            dims[n] = items.dims()[p];
            weights[n++] = items.weights()[p];
          }
          p++;
        }
      }
      offsets[item + 1] = n;
    }
    return new SparseTable(rank, offsets, Arrays.copyOf(dims, n), Arrays.copyOf(weights, n));
  }
}
