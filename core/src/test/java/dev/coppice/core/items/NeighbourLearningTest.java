package dev.coppice.core.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neighbours of all items of a client, from its own pairs and a share of others'. */
class NeighbourLearningTest {
  private static final double RIDGE = 1.5;

  private static NeighbourTable learn(PairColumns columns, int items, long budget, int most) {
    return new NeighbourLearning(columns, items, IntStream.range(0, items).toArray(), RIDGE)
        .learn(budget, most);
  }

  /**
   * A worked case: own pairs 0-1 of two users, others' of four, half of which count, so that G_00 =
   * 2 + 2, G_01 = 2 + 2 and b = 4 / (4 + 1.5).
   */
  @Test
  void oneNeighbourFromTwoSources() {
    HistoryWeight whole = new HistoryWeight(0);
    Histories own = RandomHistories.all(new int[][] {{0, 1}, {0, 1}}, 2, whole);
    PairTable others =
        new PairTable(
            2,
            SentPairsTest.totals(
                SentPairsTest.sent(new int[][] {{0, 1}, {0, 1}, {0, 1}, {0, 1}}, 2, whole, 1)));
    NeighbourTable table = learn(own.plus(others, 0.5), 2, 10, 5);
    assertThat(table.items()).containsExactly(0, 1);
    assertThat(table.neighbours(0)).containsExactly(1);
    assertThat(table.neighbours(1)).containsExactly(0);
    assertThat(table.weights(1)).containsExactly((float) (4 / 5.5));
    assertThat(learn(PairColumns.NONE, 2, 10, 5).neighbours()).isEmpty();
  }

  private record Link(int target, int item, double gain) {}

  /** Supports by sorting all gains of a dense G, weights by solving dense systems. */
  @ParameterizedTest
  @CsvSource({"1, 2, 1, 1, 1", "60, 12, 8, 30, 5", "200, 25, 9, 90, 3", "90, 18, 6, 1000, 100"})
  void tablesAreThoseOfPlainLoops(int users, int items, int longest, int budget, int most) {
    HistoryWeight weight = new HistoryWeight(0.5);
    int[][] mine = RandomHistories.of(users, users, items, longest);
    int[][] theirs = RandomHistories.of(users + 1, users, items, longest);
    PairTable others =
        new PairTable(items, SentPairsTest.totals(SentPairsTest.sent(theirs, items, weight, 1)));
    PairColumns mixed = RandomHistories.all(mine, items, weight).plus(others, 0.3);
    double[][] gramian = new double[items][items];
    CoOccurrences column = new CoOccurrences(items);
    for (int item = 0; item < items; item++) {
      mixed.column(item, column);
      for (int other = 0; other < items; other++) {
        gramian[item][other] = HistoryWeight.value(column.sum(other));
      }
    }
    NeighbourTable table = learn(mixed, items, budget, most);
    List<Link> candidates = new ArrayList<>();
    for (int target = 0; target < items; target++) {
      List<Link> own = new ArrayList<>();
      for (int item = 0; item < items; item++) {
        if (item != target && gramian[target][item] > 0) {
          own.add(new Link(target, item, gain(gramian, target, item)));
        }
      }
      own.sort(Comparator.comparingDouble(Link::gain).reversed());
      candidates.addAll(own.subList(0, Math.min(most, own.size())));
    }
    candidates.sort(Comparator.comparingDouble(Link::gain).reversed());
    assertThat(table.weights().length).isEqualTo(Math.min(budget, candidates.size()));
    double least = candidates.isEmpty() ? 0 : candidates.get(table.weights().length - 1).gain();
    for (int target = 0; target < items; target++) {
      int[] support = table.neighbours(target);
      assertThat(support).isSorted().hasSizeLessThanOrEqualTo(most);
      for (int item : support) {
        assertThat(gain(gramian, target, item)).isGreaterThan(least * (1 - 1e-6));
      }
      double[] solved = solved(gramian, support, target);
      for (int p = 0; p < support.length; p++) {
        assertThat((double) table.weights(target)[p]).isCloseTo(solved[p], within(2e-5));
      }
    }
  }

  /** Gauss's elimination; the systems are positive definite. */
  private static double[] solved(double[][] gramian, int[] support, int target) {
    int k = support.length;
    double[][] rows = new double[k][k + 1];
    for (int p = 0; p < k; p++) {
      for (int q = 0; q < k; q++) {
        rows[p][q] = gramian[support[p]][support[q]] + (p == q ? RIDGE : 0);
      }
      rows[p][k] = gramian[support[p]][target];
    }
    for (int p = 0; p < k; p++) {
      for (int other = 0; other < k; other++) {
        double factor = other == p ? 0 : rows[other][p] / rows[p][p];
        for (int q = p; q <= k; q++) {
          rows[other][q] -= factor * rows[p][q];
        }
      }
    }
    return IntStream.range(0, k).mapToDouble(p -> rows[p][k] / rows[p][p]).toArray();
  }

  private static double gain(double[][] gramian, int target, int item) {
    double g = gramian[target][item];
    return g * g / ((gramian[item][item] + RIDGE) * (gramian[target][target] + RIDGE));
  }

  /** At the weights the objective b'(G + λ I)b - 2 b'G_j has no slope. */
  @Test
  void theObjectiveHasNoSlopeAtTheWeights() {
    int items = 15;
    HistoryWeight weight = new HistoryWeight(0.2);
    Histories own = RandomHistories.all(RandomHistories.of(8, 120, items, 7), items, weight);
    NeighbourTable table = learn(own, items, 60, 8);
    for (int target = 0; target < items; target++) {
      int[] support = table.neighbours(target);
      float[] weights = table.weights(target);
      for (int p = 0; p < support.length; p++) {
        double step = 1e-3;
        double above = objective(own, items, support, weights, target, p, step);
        double below = objective(own, items, support, weights, target, p, -step);
        assertThat((above - below) / (2 * step)).isCloseTo(0, within(1e-3));
      }
    }
  }

  private static double objective(
      Histories own, int items, int[] support, float[] weights, int target, int moved, double by) {
    CoOccurrences column = new CoOccurrences(items);
    double sum = 0;
    for (int p = 0; p < support.length; p++) {
      double b = weights[p] + (p == moved ? by : 0);
      own.column(support[p], column);
      for (int q = 0; q < support.length; q++) {
        double c = weights[q] + (q == moved ? by : 0);
        sum += b * c * HistoryWeight.value(column.sum(support[q]));
      }
      sum += RIDGE * b * b - 2 * b * HistoryWeight.value(column.sum(target));
    }
    return sum;
  }

  /**
   * Pairs 0-1 and 1-2 of a hundred users and 0-2 of none, as if it had been rare in each of many
   * clients: no users could have such sums, and with λ = 1.5 the system of item 3 is indefinite.
   */
  @Test
  void sumsOfNobodyAreSolvedWithALargerRidge() {
    long users = 100 * HistoryWeight.ONE;
    List<PairTotals> sent =
        List.of(
            new PairTotals(0, new int[] {0}, new long[] {users}),
            new PairTotals(1, new int[] {0, 1}, new long[] {users, users}),
            new PairTotals(2, new int[] {1, 2}, new long[] {users, users}),
            new PairTotals(3, new int[] {0, 1, 2, 3}, new long[] {users, users, users, users}));
    NeighbourTable table = learn(new PairTable(4, sent), 4, 100, 3);
    assertThat(table.neighbours(3)).containsExactly(0, 1, 2);
    // λ = 150: (250 100 0; 100 250 100; 0 100 250) b = (100 100 100).
    assertThat(table.weights(3)[0]).isCloseTo(15 / 42.5f, within(1e-5f));
    assertThat(table.weights(3)[1]).isCloseTo(5 / 42.5f, within(1e-5f));
    assertThat(table.weights(3)[2]).isCloseTo(15 / 42.5f, within(1e-5f));
  }
}
