package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialMaskTest {

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "1,5,1",
    "0.5,7,1",
    "0.05,256,33",
    "0.34,3,999",
    "1,65535,2",
    "0.001,65535,5"
  })
  void storesExactlyTheBudget(double density, int rank, int rows) {
    Budget budget = Budget.of(density, rank, rows);
    SparseTable table = InitialMask.uniform(budget, 0, LongStream.range(0, rows).toArray(), 3);
    table.validate();
    assertThat(table.stored()).isEqualTo((int) budget.weights());
    for (int row = 0; row < rows; row++) {
      assertThat(table.stored(row)).isEqualTo(budget.startWeights(row));
    }
  }

  @Test
  void aBlockWithoutRowsIsEmpty() {
    SparseTable table = InitialMask.uniform(Budget.of(0.5, 8, 4), 4, new long[0], 3);
    assertThat(table.rows()).isZero();
    assertThat(table.stored()).isZero();
  }

  @Test
  void aRowStartsTheSameWhereverItLies() {
    long[] ids = {-5, 3, 40_000_000_000L, 41_000_000_000L, Long.MAX_VALUE};
    Budget budget = Budget.of(0.25, 64, 5);
    SparseTable whole = InitialMask.uniform(budget, 0, ids, 11);
    for (int row = 0; row < ids.length; row++) {
      SparseTable alone = InitialMask.uniform(budget, row, new long[] {ids[row]}, 11);
      assertThat(alone.rowDims(0)).isEqualTo(whole.rowDims(row));
      assertThat(alone.rowWeights(0)).isEqualTo(whole.rowWeights(row));
    }
    SparseTable otherSeed = InitialMask.uniform(budget, 0, ids, 12);
    assertThat(Arrays.equals(otherSeed.dims(), whole.dims())).isFalse();
  }

  @Test
  void everyPositionIsEquallyLikely() {
    int rows = 20_000;
    Budget budget = Budget.of(0.25, 16, rows);
    SparseTable table = InitialMask.uniform(budget, 0, LongStream.range(0, rows).toArray(), 1);
    int[] uses = new int[16];
    for (int p = 0; p < table.stored(); p++) {
      uses[table.dim(p)]++;
    }
    // Each is Binomial(20,000, 1/4): mean 5,000, standard deviation 61.
    for (int use : uses) {
      assertThat(use).isBetween(5_000 - 5 * 62, 5_000 + 5 * 62);
    }
  }

  @Test
  void pairsOfPositionsAreEquallyLikely() {
    int rows = 30_000;
    Budget budget = Budget.of(0.5, 4, rows);
    SparseTable table = InitialMask.uniform(budget, 0, LongStream.range(0, rows).toArray(), 1);
    int[] uses = new int[16];
    for (int row = 0; row < rows; row++) {
      int p = table.begin(row);
      uses[4 * table.dim(p) + table.dim(p + 1)]++;
    }
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        // Each of the 6 pairs is Binomial(30,000, 1/6): mean 5,000, standard deviation 65.
        int[] allowed = a < b ? new int[] {4_675, 5_325} : new int[] {0, 0};
        assertThat(uses[4 * a + b]).isBetween(allowed[0], allowed[1]);
      }
    }
  }

  @Test
  void weightsAreDrawnFromTheirDistribution() {
    int rows = 2_000;
    int rank = 25;
    SparseTable table =
        InitialMask.uniform(Budget.of(0.8, rank, rows), 0, LongStream.range(0, rows).toArray(), 1);
    double sum = 0;
    double squares = 0;
    for (float weight : table.weights()) {
      sum += weight;
      squares += (double) weight * weight;
    }
    int n = table.stored();
    // Variance .01 / 25 = 4e-4, deviation .02; the mean of 40,000 has deviation 1e-4, the variance
    // a relative deviation of sqrt(2 / 40,000) = .7%.
    assertThat(sum / n).isCloseTo(0, within(5e-4));
    assertThat(squares / n).isCloseTo(4e-4, within(4e-4 * 0.035));
  }

  @Test
  void staysTheSameFromReleaseToRelease() {
    SparseTable table = InitialMask.uniform(Budget.of(0.3, 10, 2), 0, new long[] {0, 17}, 42);
    // Worked out apart, in Python: SplitMix64 finaliser over the keys, Fisher-Yates, Box-Muller.
    assertThat(table.dims()).isEqualTo(new short[] {2, 4, 9, 1, 3, 6});
    float[] weights = {
      0.025743712f, 0.017408619f, -0.003284044f, -0.06594656f, -0.026524754f, -0.00982031f
    };
    assertThat(table.weights()).isEqualTo(weights);
  }
}
