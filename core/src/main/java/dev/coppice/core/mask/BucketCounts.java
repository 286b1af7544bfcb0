package dev.coppice.core.mask;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The buckets of a {@link ScoreHistogram} that are not empty: what is sent and kept instead of
 * 65,536 counts each, most of them zero.
 */
public final class BucketCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] pruneBuckets;
  private final long[] pruneCounts;
  private final int[] growBuckets;
  private final long[] growCounts;

  private BucketCounts(
      int[] pruneBuckets, long[] pruneCounts, int[] growBuckets, long[] growCounts) {
    this.pruneBuckets = pruneBuckets;
    this.pruneCounts = pruneCounts;
    this.growBuckets = growBuckets;
    this.growCounts = growCounts;
  }

  /** Returns the non-empty buckets of a histogram. */
  public static BucketCounts of(ScoreHistogram histogram) {
    int[] prune = filled(histogram.prune());
    int[] grow = filled(histogram.grow());
    return new BucketCounts(
        prune, pick(histogram.prune(), prune), grow, pick(histogram.grow(), grow));
  }

  /** Adds these counts to a histogram. */
  public void addTo(ScoreHistogram histogram) {
    add(pruneBuckets, pruneCounts, histogram.prune());
    add(growBuckets, growCounts, histogram.grow());
  }

  /** Returns the sum of both. */
  public BucketCounts plus(BucketCounts other) {
    int[] prune = union(pruneBuckets, other.pruneBuckets);
    int[] grow = union(growBuckets, other.growBuckets);
    return new BucketCounts(
        prune,
        sum(prune, pruneBuckets, pruneCounts, other.pruneBuckets, other.pruneCounts),
        grow,
        sum(grow, growBuckets, growCounts, other.growBuckets, other.growCounts));
  }

  /** Returns the buckets of two lists, all ascending. */
  private static int[] union(int[] a, int[] b) {
    int[] all = new int[a.length + b.length];
    int size = 0;
    for (int i = 0, j = 0; i < a.length || j < b.length; size++) {
      boolean ofA = i < a.length && (j == b.length || a[i] <= b[j]);
      boolean ofB = j < b.length && (i == a.length || b[j] <= a[i]);
      all[size] = ofA ? a[i] : b[j];
      i += ofA ? 1 : 0;
      j += ofB ? 1 : 0;
    }
    return Arrays.copyOf(all, size);
  }

  private static long[] sum(int[] buckets, int[] a, long[] countsOfA, int[] b, long[] countsOfB) {
    long[] counts = new long[buckets.length];
    for (int to = 0, i = 0, j = 0; to < buckets.length; to++) {
      if (i < a.length && a[i] == buckets[to]) {
        counts[to] += countsOfA[i++];
      }
      if (j < b.length && b[j] == buckets[to]) {
        counts[to] += countsOfB[j++];
      }
    }
    return counts;
  }

  private static int[] filled(long[] counts) {
    int filled = 0;
    for (long count : counts) {
      filled += count == 0 ? 0 : 1;
    }
    int[] buckets = new int[filled];
    int to = 0;
    for (int b = 0; b < counts.length; b++) {
      if (counts[b] != 0) {
        buckets[to++] = b;
      }
    }
    return buckets;
  }

  private static long[] pick(long[] counts, int[] buckets) {
    long[] picked = new long[buckets.length];
    for (int i = 0; i < buckets.length; i++) {
      picked[i] = counts[buckets[i]];
    }
    return picked;
  }

  private static void add(int[] buckets, long[] counts, long[] sums) {
    for (int i = 0; i < buckets.length; i++) {
      sums[buckets[i]] += counts[i];
    }
  }
}
