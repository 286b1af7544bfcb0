package dev.coppice.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Recall@K and NDCG@K of the full ranking over unseen items, written apart from the evaluation that
 * Coppice ships and used for every system alike: scores from the factors, the user's training items
 * left out, the K best, then the sums as in LightGCN (He et al., SIGIR 2020). The mean is over the
 * users with test items.
 */
final class IndependentRanking {
  private final Factors factors;
  private final int k;

  /**
   * The two means.
   *
   * @param users users with test items
   * @param recall mean Recall@K
   * @param ndcg mean NDCG@K
   */
  record Result(int users, double recall, double ndcg) {}

  private IndependentRanking(Factors factors, int k) {
    this.factors = factors;
    this.k = k;
  }

  /**
   * Evaluates factors.
   *
   * @param seen training pairs, left out of the lists
   * @param test the pairs to find; all of them count, known to the model or not
   */
  static Result evaluate(Factors factors, Interactions seen, Interactions test, int k) {
    double[][] each = byUser(factors, seen, test, k);
    double recall = 0;
    double ndcg = 0;
    for (double[] user : each) {
      recall += user[0];
      ndcg += user[1];
    }
    return new Result(each.length, recall / each.length, ndcg / each.length);
  }

  /**
   * As {@link #evaluate}, without the means.
   *
   * @return {@code double[users with test items][2]}: Recall@K and NDCG@K, by ascending user
   */
  static double[][] byUser(Factors factors, Interactions seen, Interactions test, int k) {
    IndependentRanking ranking = new IndependentRanking(factors, k);
    return IntStream.range(0, test.users())
        .parallel()
        .filter(user -> test.of(user).length > 0)
        .mapToObj(user -> ranking.user(user, seen.of(user), test.of(user)))
        .toArray(double[][]::new);
  }

  private double[] user(int user, int[] seen, int[] test) {
    if (user >= factors.users().length || factors.users()[user] == null) {
      return new double[2];
    }
    int[] list = best(user, factors.users()[user], seen);
    int hits = 0;
    double dcg = 0;
    double ideal = 0;
    for (int j = 0; j < k; j++) {
      double discount = 1 / (Math.log(j + 2) / Math.log(2));
      if (j < list.length && Arrays.binarySearch(test, list[j]) >= 0) {
        hits++;
        dcg += discount;
      }
      ideal += j < test.length ? discount : 0;
    }
    return new double[] {(double) hits / test.length, dcg / ideal};
  }

  /** Returns the K best items, best first; equal scores by ascending id. */
  private int[] best(int user, float[] row, int[] seen) {
    int items = factors.itemKnown().length;
    float[] scores = new float[items];
    for (int d = 0; d < row.length; d++) {
      float weight = row[d];
      if (weight != 0) {
        float[] column = factors.itemColumns()[d];
        for (int i = 0; i < items; i++) {
          scores[i] += weight * column[i];
        }
      }
    }
    if (factors.links() != null) {
      factors.links().addTo(user, scores);
    }
    for (int item : seen) {
      if (item < items) {
        scores[item] = Float.NEGATIVE_INFINITY;
      }
    }
    int[] list = new int[k];
    int count = 0;
    for (int i = 0; i < items; i++) {
      if (!factors.itemKnown()[i] || scores[i] == Float.NEGATIVE_INFINITY) {
        continue;
      }
      if (count == k && scores[i] <= scores[list[k - 1]]) {
        continue;
      }
      int at = count < k ? count++ : k - 1;
      while (at > 0 && scores[list[at - 1]] < scores[i]) {
        list[at] = list[at - 1];
        at--;
      }
      list[at] = i;
    }
    return Arrays.copyOf(list, count);
  }
}
