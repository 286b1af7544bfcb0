package dev.coppice.core.eval;

import java.util.Arrays;

/**
 * Which items a set of lists shows, and how unevenly: how often each item was recommended, counted
 * exactly, so that order and partitions do not matter. 8 bytes per item. Plain arrays and an empty
 * constructor, for serialisation.
 */
public final class ExposureAccumulator {

  private long[] counts;

  /** For serialisation, and for a merge to fill. */
  ExposureAccumulator() {
    this(0);
  }

  /** Nothing recommended yet, of a catalogue of so many items. */
  public ExposureAccumulator(int items) {
    counts = new long[items];
  }

  /**
   * Counts one list.
   *
   * @param ranking item indices below the catalogue's size in the first {@code count} entries
   * @throws IndexOutOfBoundsException if an item is outside the catalogue
   */
  public void add(int[] ranking, int count) {
    for (int j = 0; j < count; j++) {
      counts[ranking[j]]++;
    }
  }

  /**
   * Adds the counts of another accumulator; returns this one.
   *
   * @throws IllegalArgumentException if the catalogues differ in size and neither is empty
   */
  public ExposureAccumulator merge(ExposureAccumulator other) {
    if (counts.length == 0) {
      counts = new long[other.counts.length];
    }
    if (other.counts.length != 0 && other.counts.length != counts.length) {
      throw new IllegalArgumentException(
          "cannot merge a catalogue of " + other.counts.length + " into " + counts.length);
    }
    for (int i = 0; i < other.counts.length; i++) {
      counts[i] += other.counts[i];
    }
    return this;
  }

  /** Share of the catalogue that was recommended at least once, in [0, 1]; 0 for no items. */
  public double coverage() {
    long shown = Arrays.stream(counts).filter(c -> c > 0).count();
    return counts.length == 0 ? 0 : (double) shown / counts.length;
  }

  /**
   * Mean popularity of a recommended item: sum of count_i degree_i over sum of count_i, in
   * interactions; 0 if nothing was recommended. Exact up to a total of 2<sup>63</sup>.
   *
   * @param degrees interactions of each item in the training data
   * @throws IllegalArgumentException if there is not one degree per item
   */
  public double meanPopularity(int[] degrees) {
    if (degrees.length != counts.length) {
      throw new IllegalArgumentException(
          degrees.length + " degrees for " + counts.length + " items");
    }
    long weighted = 0;
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      weighted += counts[i] * degrees[i];
      total += counts[i];
    }
    return total == 0 ? 0 : (double) weighted / total;
  }

  /**
   * Gini coefficient of the counts over the whole catalogue: sum over i of (2 i - n - 1) x_(i) / (n
   * sum x), x_(1) &lt;= ... &lt;= x_(n). 0 when all items are shown equally often (or none at all),
   * (n - 1) / n when one takes all. (Fleder and Hosanagar, Management Science 2009, for
   * recommenders.)
   */
  public double gini() {
    long[] sorted = counts.clone();
    Arrays.sort(sorted);
    long n = sorted.length;
    double weighted = 0;
    long total = 0;
    for (int i = 0; i < n; i++) {
      weighted += (2.0 * (i + 1) - n - 1) * sorted[i];
      total += sorted[i];
    }
    return total == 0 ? 0 : weighted / ((double) n * total);
  }
}
