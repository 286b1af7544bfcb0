package dev.coppice.core.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.linalg.NotPositiveDefiniteException;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which neighbours an item gets, and their weights. */
class NeighbourSystemTest {
  private static final double RIDGE = 1.5;

  private static NeighbourEquations equations(Histories histories, int[] neighbours, int target) {
    CoOccurrences column =
        new CoOccurrences(1 + Math.max(target, neighbours[neighbours.length - 1]) + 50);
    NeighbourEquations equations = new NeighbourEquations(neighbours.length);
    // In no order.
    for (int position = neighbours.length - 1; position >= 0; position--) {
      histories.column(neighbours[position], column);
      float[] values = new float[3 + NeighbourEquations.length(position)];
      NeighbourEquations.take(column, neighbours, position, target, values, 3);
      equations.put(position, values, 3);
    }
    return equations;
  }

  /** A worked case: one neighbour's weight is G_ij / (G_ii + λ). */
  @Test
  void oneNeighbour() {
    int[][] lists = {{0, 1}, {0, 1}, {0}, {1}};
    Histories histories = RandomHistories.all(lists, 2, new HistoryWeight(0));
    float[] weights = new NeighbourSystem().solve(equations(histories, new int[] {0}, 1), 1);
    assertThat(weights).containsExactly(2f / (3 + 1));
  }

  /** Two neighbours by Cramer's rule, users weighing n^-1/2. */
  @Test
  void twoNeighbours() {
    int[][] lists = {{0, 1, 2, 3}, {0, 2, 4, 5}, {0, 1, 3, 4}, {1}, {2}};
    Histories histories = RandomHistories.all(lists, 6, new HistoryWeight(0.5));
    // G over items 0, 1: 1.5, 1 / 1, 2; with item 2: 1, .5.
    double determinant = (1.5 + RIDGE) * (2 + RIDGE) - 1;
    float[] weights = new NeighbourSystem().solve(equations(histories, new int[] {0, 1}, 2), RIDGE);
    assertThat(weights[0]).isEqualTo((float) ((2 + RIDGE - .5) / determinant));
    assertThat(weights[1]).isEqualTo((float) (((1.5 + RIDGE) * .5 - 1) / determinant));
  }

  /** Nothing lowers the objective any more: its differences around the solution are 0. */
  @ParameterizedTest
  @CsvSource({"40, 12, 8, .5", "200, 30, 20, .2", "80, 60, 40, 0"})
  void theObjectiveIsAtItsMinimum(int users, int items, int longest, double exponent) {
    HistoryWeight weight = new HistoryWeight(exponent);
    int[][] lists = RandomHistories.of(11, users, items, longest);
    Histories histories = RandomHistories.all(lists, items, weight);
    NeighbourSystem system = new NeighbourSystem();
    for (int target = 0; target < items; target += 5) {
      int[] neighbours = others(items, target);
      float[] solved = system.solve(equations(histories, neighbours, target), RIDGE);
      double[] weights = new double[solved.length];
      for (int p = 0; p < solved.length; p++) {
        weights[p] = solved[p];
      }
      double step = 1e-3;
      for (int p = 0; p < solved.length; p++) {
        weights[p] = solved[p] + step;
        double above = objective(lists, weight, neighbours, weights, target);
        weights[p] = solved[p] - step;
        double below = objective(lists, weight, neighbours, weights, target);
        weights[p] = solved[p];
        assertThat((above - below) / (2 * step)).isCloseTo(0, within(1e-4));
      }
    }
  }

  private static int[] others(int items, int target) {
    int[] neighbours = new int[items - 1];
    for (int p = 0; p < neighbours.length; p++) {
      neighbours[p] = p < target ? p : p + 1;
    }
    return neighbours;
  }

  private static double objective(
      int[][] lists, HistoryWeight weight, int[] neighbours, double[] weights, int target) {
    double sum = 0;
    for (int[] list : lists) {
      double residual = 0;
      for (int item : list) {
        if (item == target) {
          residual += 1;
        }
        for (int p = 0; p < neighbours.length; p++) {
          if (neighbours[p] == item) {
            residual -= weights[p];
          }
        }
      }
      sum +=
          list.length == 0 ? 0 : HistoryWeight.value(weight.of(list.length)) * residual * residual;
    }
    for (double value : weights) {
      sum += RIDGE * value * value;
    }
    return sum;
  }

  @Test
  void aSystemHasAllItsEquationsAndARidge() {
    Histories histories =
        RandomHistories.all(
            new int[][] {{0, 1, 2}, {0, 1, 2}, {0, 1, 2}, {0, 1, 2}}, 3, new HistoryWeight(0));
    NeighbourEquations whole = equations(histories, new int[] {0, 1}, 2);
    assertThatThrownBy(() -> new NeighbourSystem().solve(whole, 0))
        .isInstanceOf(NotPositiveDefiniteException.class);
    assertThat(new NeighbourSystem().solve(whole, 1)).containsExactly(4 / 9f, 4 / 9f);
    assertThatThrownBy(() -> new NeighbourSystem().solve(new NeighbourEquations(2), 1))
        .hasMessageContaining("2 of 2 equations are missing");
    assertThat(new NeighbourSystem().solve(new NeighbourEquations(0), 1)).isEmpty();
  }

  private record Scored(int target, int item, float gain) {}

  private static List<Scored> scored(int[][] lists, int items, HistoryWeight weight) {
    double[][] gramian = RandomHistories.gramian(lists, items, weight);
    List<Scored> all = new ArrayList<>();
    for (int target = 0; target < items; target++) {
      for (int item = 0; item < items; item++) {
        double g = gramian[target][item];
        if (item != target && g > 0) {
          all.add(
              new Scored(
                  target,
                  item,
                  (float)
                      (g
                          * g
                          / ((gramian[item][item] + RIDGE) * (gramian[target][target] + RIDGE)))));
        }
      }
    }
    return all;
  }

  private static List<NeighbourCandidates.Found> candidates(
      int[][] lists, int items, HistoryWeight weight, int most) {
    Histories histories = RandomHistories.all(lists, items, weight);
    NeighbourCandidates search =
        new NeighbourCandidates(RandomHistories.diagonal(lists, items, weight), RIDGE, most);
    CoOccurrences column = new CoOccurrences(items);
    List<NeighbourCandidates.Found> found = new ArrayList<>();
    for (int target = 0; target < items; target++) {
      histories.column(target, column);
      found.add(search.best(column, target));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void candidatesAreThoseOfTheLargestGain(int most) {
    int items = 30;
    HistoryWeight weight = new HistoryWeight(0.3);
    int[][] lists = RandomHistories.of(3, 90, items, 9);
    List<NeighbourCandidates.Found> candidates = candidates(lists, items, weight, most);
    List<Scored> all = scored(lists, items, weight);
    for (int target = 0; target < items; target++) {
      int of = target;
      int[] expected =
          all.stream()
              .filter(pair -> pair.target() == of)
              .sorted(Comparator.comparing(Scored::gain).reversed().thenComparing(Scored::item))
              .limit(most)
              .mapToInt(Scored::item)
              .sorted()
              .toArray();
      NeighbourCandidates.Found found = candidates.get(target);
      assertThat(found.items()).isEqualTo(expected);
      for (int t = 0; t < expected.length; t++) {
        int item = expected[t];
        float gain = found.gains()[t];
        assertThat(all).anyMatch(pair -> pair.equals(new Scored(of, item, gain)));
      }
    }
  }

  /** One threshold over all columns takes exactly as many as the budget allows, the best. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 60, 200})
  void aThresholdMeetsTheBudgetToTheWeight(int budget) {
    int items = 30;
    HistoryWeight weight = new HistoryWeight(0);
    // Equal gains are frequent where all users count alike.
    int[][] lists = RandomHistories.of(5, 60, items, 5);
    List<NeighbourCandidates.Found> found = candidates(lists, items, weight, items);
    ThresholdSearch settled = new ThresholdSearch(budget);
    while (!settled.done()) {
      KeyPrefix prefix = settled.prefix();
      ScoreHistogram counts = new ScoreHistogram();
      for (int target = 0; target < items; target++) {
        found.get(target).count(target, prefix, settled.level(), counts);
      }
      settled.accept(counts.grow());
    }
    Threshold threshold = settled.threshold();
    List<Float> taken = new ArrayList<>();
    for (int target = 0; target < items; target++) {
      for (float gain : found.get(target).taken(target, threshold).gains()) {
        taken.add(gain);
      }
    }
    List<Float> expected =
        scored(lists, items, weight).stream()
            .map(Scored::gain)
            .sorted(Comparator.reverseOrder())
            .limit(budget)
            .toList();
    assertThat(taken).containsExactlyInAnyOrderElementsOf(expected);
  }
}
