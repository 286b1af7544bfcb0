package dev.coppice.core.eval;

import java.util.Arrays;
import java.util.List;

/** Computes a fixed list of metrics for one user's ranking at a time. One thread at a time. */
public final class RankingMetrics {

  private final MetricKey[] keys;
  private final int depth;
  // Running sums behind each position of the current user's list, 0..depth.
  private final int[] hits;
  private final double[] dcg;
  private final double[] precisionSum;

  /**
   * Metrics in a given order.
   *
   * @throws IllegalArgumentException if the list is empty or names a key twice
   */
  public RankingMetrics(List<MetricKey> keys) {
    if (keys.isEmpty() || keys.stream().distinct().count() != keys.size()) {
      throw new IllegalArgumentException(
          "metrics are " + keys + "; needed: one or more, each once");
    }
    this.keys = keys.toArray(new MetricKey[0]);
    depth = keys.stream().mapToInt(MetricKey::k).max().getAsInt();
    hits = new int[depth + 1];
    dcg = new double[depth + 1];
    precisionSum = new double[depth + 1];
  }

  /** The longest list that any metric looks at. */
  public int depth() {
    return depth;
  }

  /**
   * The metrics of one user.
   *
   * @param ranking recommended items, best first, each once; entries behind {@code count} are
   *     ignored
   * @param count number of recommended items, may be 0
   * @param test the user's test items, ascending, each once, at least one
   * @param out filled with one value per key
   * @throws IllegalArgumentException if the test set is empty or does not ascend, or if {@code out}
   *     is too short; users without test items are not part of a mean and are to be left out before
   */
  public void evaluate(int[] ranking, int count, int[] test, double[] out) {
    check(test, out);
    int firstHit = 0;
    int end = Math.min(count, depth);
    for (int j = 1; j <= depth; j++) {
      boolean hit = j <= end && Arrays.binarySearch(test, ranking[j - 1]) >= 0;
      hits[j] = hits[j - 1];
      dcg[j] = dcg[j - 1];
      precisionSum[j] = precisionSum[j - 1];
      if (hit) {
        hits[j]++;
        dcg[j] += Discount.at(j);
        precisionSum[j] += (double) hits[j] / j;
        firstHit = firstHit == 0 ? j : firstHit;
      }
    }
    for (int m = 0; m < keys.length; m++) {
      int k = keys[m].k();
      out[m] =
          keys[m]
              .metric()
              .of(hits[k], firstHit <= k ? firstHit : 0, dcg[k], precisionSum[k], k, test.length);
    }
  }

  private void check(int[] test, double[] out) {
    if (test.length == 0) {
      throw new IllegalArgumentException(
          "test set is empty; leave users without test items out of the evaluation");
    }
    for (int t = 1; t < test.length; t++) {
      if (test[t] <= test[t - 1]) {
        throw new IllegalArgumentException(
            "test items " + test[t - 1] + ", " + test[t] + " do not ascend; sort, keep each once");
      }
    }
    if (out.length < keys.length) {
      throw new IllegalArgumentException(
          "out has " + out.length + " entries; needed: " + keys.length);
    }
  }
}
