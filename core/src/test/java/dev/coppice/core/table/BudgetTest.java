package dev.coppice.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {

  @ParameterizedTest
  @CsvSource({
    // density, rank, rows, weights by hand
    "1, 64, 10, 640",
    "0.05, 256, 29858, 382182", // 382,182.4
    "0.05, 512, 40981, 1049113", // 1,049,113.6
    "0.29, 100, 1, 29", // 0.29 * 100 is 28.999999999999996 in doubles
    "0.57, 100, 1, 57",
    "0.1, 10, 3, 3",
    "0.15, 7, 3, 3", // 3.15
    "1, 65535, 1000000000000, 65535000000000000",
    "1, 1, 1, 1",
    "0.5, 2, 0, 0"
  })
  void isTheFloorOfTheDecimalProduct(double density, int rank, long rows, long weights) {
    assertThat(Budget.of(density, rank, rows)).isEqualTo(new Budget(rank, rows, weights));
  }

  @ParameterizedTest
  @CsvSource({"1, 64, 10", "0.05, 256, 301", "0.29, 100, 7", "0.34, 3, 999", "1, 65535, 3"})
  void startWeightsSumToTheBudget(double density, int rank, long rows) {
    Budget budget = Budget.of(density, rank, rows);
    long sum = 0;
    for (long row = 0; row < rows; row++) {
      int weights = budget.startWeights(row);
      assertThat(weights).isBetween((int) (budget.weights() / rows), rank);
      sum += weights;
    }
    assertThat(sum).isEqualTo(budget.weights());
    assertThat(budget.startWeights(0) - budget.startWeights(rows - 1)).isBetween(0, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesADensityOutsideItsRange(double density) {
    assertThatThrownBy(() -> Budget.of(density, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("density is " + density + "; it must be above 0 and at most 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void refusesARankOutsideItsRange(int rank) {
    assertThatThrownBy(() -> Budget.of(0.5, rank, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank is " + rank + "; it must lie between 1 and 65535");
  }

  @Test
  void refusesNegativeRows() {
    assertThatThrownBy(() -> Budget.of(0.5, 8, -1)).hasMessageContaining("rows is -1");
  }

  @Test
  void refusesLessThanOneWeightARow() {
    assertThatThrownBy(() -> Budget.of(0.01, 64, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "density 0.01 of rank 64 leaves 64 weights for 100 rows; a row needs at least one: set"
                + " density to at least 0.01563, or raise rank");
  }

  @Test
  void theDensityThatTheMessageNamesIsEnough() {
    for (int rank = 2; rank < 400; rank++) {
      int width = rank;
      String message =
          org.assertj.core.api.Assertions.catchThrowable(() -> Budget.of(1e-9, width, 3))
              .getMessage();
      String density = message.replaceAll(".*at least ([0-9.]+), or.*", "$1");
      assertThat(Budget.of(Double.parseDouble(density), rank, 3).weights())
          .isGreaterThanOrEqualTo(3);
    }
  }
}
