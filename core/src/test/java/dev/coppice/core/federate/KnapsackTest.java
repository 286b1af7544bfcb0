package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnapsackTest {

  /** The exact optimum, by dynamic programming over the capacity. */
  private static double best(double[] values, int[] weights, int capacity) {
    double[] best = new double[capacity + 1];
    for (int block = 0; block < values.length; block++) {
      for (int room = capacity; room >= weights[block]; room--) {
        best[room] = Math.max(best[room], best[room - weights[block]] + values[block]);
      }
    }
    return best[capacity];
  }

  private static double worth(boolean[] kept, double[] values) {
    double sum = 0;
    for (int block = 0; block < kept.length; block++) {
      sum += kept[block] ? values[block] : 0;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void staysWithinCapacityAndNearTheOptimum(long seed) {
    int blocks = 3 + SeedStream.below(20, seed, Purpose.SAMPLE, 0, 0);
    double[] values = new double[blocks];
    int[] weights = new int[blocks];
    for (int b = 0; b < blocks; b++) {
      values[b] = SeedStream.uniform(seed, Purpose.SAMPLE, 1, b);
      weights[b] = 1 + SeedStream.below(12, seed, Purpose.SAMPLE, 2, b);
    }
    int total = Arrays.stream(weights).sum();
    for (int capacity = 0; capacity <= total; capacity++) {
      boolean[] kept = Knapsack.greedy(values, weights, capacity);
      int taken = 0;
      for (int b = 0; b < blocks; b++) {
        taken += kept[b] ? weights[b] : 0;
      }
      double best = best(values, weights, capacity);
      assertThat(taken).isLessThanOrEqualTo(capacity);
      assertThat(worth(kept, values)).isBetween(best / 2, best + 1e-12);
    }
  }

  @Test
  void isExactForBlocksOfOneSize() {
    double[] values = {3, 1, 4, 1, 5, 9, 2, 6};
    int[] weights = new int[8];
    Arrays.fill(weights, 3);
    for (int capacity = 0; capacity <= 24; capacity++) {
      assertThat(worth(Knapsack.greedy(values, weights, capacity), values))
          .isEqualTo(best(values, weights, capacity));
    }
  }

  @Test
  void takesOneLargeBlockWhereManySmallOnesAreWorthLess() {
    assertThat(Knapsack.greedy(new double[] {2, 10}, new int[] {1, 10}, 10))
        .containsExactly(false, true);
  }

  @Test
  void leavesBlocksWithoutWeightsOrValue() {
    assertThat(Knapsack.greedy(new double[] {1, 0, 1}, new int[] {0, 1, 1}, 5))
        .containsExactly(false, false, true);
  }

  @Test
  void equalOnesGoByNumber() {
    assertThat(Knapsack.greedy(new double[] {1, 1, 1}, new int[] {1, 1, 1}, 2))
        .containsExactly(true, true, false);
  }
}
