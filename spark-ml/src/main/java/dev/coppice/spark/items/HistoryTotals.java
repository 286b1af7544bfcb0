package dev.coppice.spark.items;

import dev.coppice.core.items.HistoryCut;
import java.io.Serializable;

/** What is summed over all histories before anything is trained. Sums are exact. */
final class HistoryTotals implements Serializable {
  private static final long serialVersionUID = 1L;

  final long[] diagonal;
  final int[] degrees;
  long users;
  long interactions;
  long read;
  long cut;

  HistoryTotals(int items) {
    diagonal = new long[items];
    degrees = new int[items];
  }

  /** Adds a history as it is, and to the diagonal of G as it is read. */
  HistoryTotals add(int[] history, NeighbourSpec spec) {
    users++;
    interactions += history.length;
    for (int item : history) {
      degrees[item]++;
    }
    int[] kept = HistoryCut.cut(history, spec.maxHistory());
    read += kept.length;
    cut += kept.length < history.length ? 1 : 0;
    long weight = spec.weight().of(kept.length);
    for (int item : kept) {
      diagonal[item] += weight;
    }
    return this;
  }

  /** Adds the sums of other histories. */
  HistoryTotals plus(HistoryTotals other) {
    users += other.users;
    interactions += other.interactions;
    read += other.read;
    cut += other.cut;
    for (int item = 0; item < diagonal.length; item++) {
      diagonal[item] += other.diagonal[item];
      degrees[item] += other.degrees[item];
    }
    return this;
  }

  /** Returns λ in the units of G: that of the co-occurrence in one history of mean length. */
  double ridge(NeighbourSpec spec) {
    double mean = (double) read / users;
    return spec.regParam() * StrictMath.pow(mean, -spec.weight().exponent());
  }
}
