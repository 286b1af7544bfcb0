package dev.coppice.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts rows by degree and by number of stored weights: whole counts only, so the result does not
 * depend on the order.
 *
 * <p>Degrees are grouped by powers of two: 0, 1, 2-3, 4-7, 8-15 and so on. Memory: at most 65 bands
 * of {@code rank + 1} longs; only bands that hold a row are allocated.
 */
public final class DegreeHistogram {
  private static final int BANDS = Long.SIZE;

  private final int rank;
  private final long[][] rows = new long[BANDS][];

  /**
   * An empty histogram.
   *
   * @param rank the most weights a row can hold
   * @throws IllegalArgumentException if {@code rank} is below 1
   */
  public DegreeHistogram(int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank is " + rank + "; allowed: 1 or more.");
    }
    this.rank = rank;
  }

  /**
   * Counts one row.
   *
   * @param degree observations of the row, 0 or more
   * @param weights weights it stores, 0 to {@code rank}
   * @throws IllegalArgumentException if either is out of its range
   */
  public void add(long degree, int weights) {
    if (degree < 0) {
      throw new IllegalArgumentException("degree is " + degree + "; allowed: 0 or more.");
    }
    if (weights < 0 || weights > rank) {
      throw new IllegalArgumentException(
          "weights is " + weights + "; allowed: 0 to the rank, " + rank + ".");
    }
    int band = Long.SIZE - Long.numberOfLeadingZeros(degree);
    if (rows[band] == null) {
      rows[band] = new long[rank + 1];
    }
    rows[band][weights]++;
  }

  /** The bands that hold a row, by ascending degree. */
  public List<DegreeBand> bands() {
    List<DegreeBand> bands = new ArrayList<>();
    for (int band = 0; band < BANDS; band++) {
      if (rows[band] != null) {
        long from = band == 0 ? 0 : 1L << (band - 1);
        long to = band == 0 ? 0 : from + (from - 1);
        bands.add(band(from, to, rows[band]));
      }
    }
    return bands;
  }

  private static DegreeBand band(long from, long to, long[] counts) {
    long total = 0;
    double sum = 0;
    for (int weights = 0; weights < counts.length; weights++) {
      total += counts[weights];
      sum += (double) weights * counts[weights];
    }
    return new DegreeBand(
        from,
        to,
        total,
        sum / total,
        quantile(counts, total, .1),
        quantile(counts, total, .5),
        quantile(counts, total, .9));
  }

  /** The smallest number of weights that the share {@code q} of the rows does not exceed. */
  private static int quantile(long[] counts, long total, double q) {
    long wanted = Math.max(1, (long) Math.ceil(q * total));
    long seen = 0;
    for (int weights = 0; weights < counts.length; weights++) {
      seen += counts[weights];
      if (seen >= wanted) {
        return weights;
      }
    }
    return counts.length - 1;
  }
}
