package dev.coppice.core.items;

import java.util.Random;
import java.util.TreeSet;

/** Small histories for comparisons with plain loops. */
final class RandomHistories {
  private RandomHistories() {}

  /** Returns the histories of some users, of up to {@code longest} items; some may be empty. */
  static int[][] of(long seed, int users, int items, int longest) {
    Random random = new Random(seed);
    int[][] histories = new int[users][];
    for (int u = 0; u < users; u++) {
      TreeSet<Integer> history = new TreeSet<>();
      int length = random.nextInt(longest + 1);
      for (int n = 0; n < length; n++) {
        // Squared, so that low items are popular.
        history.add((int) (items * Math.pow(random.nextDouble(), 2)));
      }
      histories[u] = history.stream().mapToInt(Integer::intValue).toArray();
    }
    return histories;
  }

  /** Returns all of them, with all items their own. */
  static Histories all(int[][] histories, int items, HistoryWeight weight) {
    Histories.Builder builder = new Histories.Builder(weight);
    for (int[] history : histories) {
      builder.add(history);
    }
    return builder.build(items, item -> true);
  }

  /** Returns G, summed over pairs of items user by user. */
  static double[][] gramian(int[][] histories, int items, HistoryWeight weight) {
    long[][] sums = new long[items][items];
    for (int[] history : histories) {
      for (int i : history) {
        for (int j : history) {
          sums[i][j] += weight.of(history.length);
        }
      }
    }
    double[][] gramian = new double[items][items];
    for (int i = 0; i < items; i++) {
      for (int j = 0; j < items; j++) {
        gramian[i][j] = HistoryWeight.value(sums[i][j]);
      }
    }
    return gramian;
  }

  /** Returns the diagonal of G as it is summed. */
  static long[] diagonal(int[][] histories, int items, HistoryWeight weight) {
    long[] diagonal = new long[items];
    for (int[] history : histories) {
      for (int i : history) {
        diagonal[i] += weight.of(history.length);
      }
    }
    return diagonal;
  }
}
