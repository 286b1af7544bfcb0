package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapAccumulatorTest {
  private static final int USERS = 2_000;
  private static final int RESAMPLES = 400;

  private static double[] values(int user) {
    Random random = new Random(user * 0x9E3779B97F4A7C15L);
    return new double[] {random.nextDouble(), random.nextInt(2)};
  }

  @Test
  void drawsHaveMeanAndVarianceOne() {
    long draws = 200_000;
    long sum = 0;
    long squares = 0;
    for (int user = 0; user < draws; user++) {
      int copies = BootstrapAccumulator.copies(5, user, 3);
      sum += copies;
      squares += (long) copies * copies;
    }
    double mean = (double) sum / draws;
    // Standard errors: sqrt(1 / 200,000) = .0022 of the mean, sqrt(3 / 200,000) = .0039 of the
    // variance (the fourth central moment of Poisson(1) is 4).
    assertThat(mean).isCloseTo(1, within(0.012));
    assertThat((double) squares / draws - mean * mean).isCloseTo(1, within(0.02));
  }

  @Test
  void theSpreadIsThatOfTheCentralLimitTheorem() {
    BootstrapAccumulator sums = new BootstrapAccumulator(RESAMPLES, 2);
    for (int user = 0; user < USERS; user++) {
      sums.add(values(user), 1, user);
    }
    // Of a uniform variable: variance 1/12, so the standard error is sqrt(1 / 12 / 2,000) = .00645.
    Spread spread = Spread.of(sums.means(0));
    assertThat(spread.high() - spread.low()).isCloseTo(2 * 1.96 * 0.00645, within(0.004));
    assertThat(spread.low()).isLessThan(0.5);
    assertThat(spread.high()).isGreaterThan(0.5);
  }

  @Test
  void orderAndPartsChangeNoBit() {
    BootstrapAccumulator whole = new BootstrapAccumulator(20, 2);
    BootstrapAccumulator[] parts = new BootstrapAccumulator[7];
    for (int p = 0; p < parts.length; p++) {
      parts[p] = new BootstrapAccumulator(20, 2);
    }
    for (int user = 0; user < 300; user++) {
      whole.add(values(user), 9, user);
      parts[(user * 31) % 7].add(values(299 - user), 9, 299 - user);
    }
    BootstrapAccumulator merged = new BootstrapAccumulator();
    for (BootstrapAccumulator part : parts) {
      merged.merge(part);
    }
    assertThat(merged.means(0)).isEqualTo(whole.means(0));
    assertThat(merged.means(1)).isEqualTo(whole.means(1));
  }

  @Test
  void aDifferenceOnTheSameUsersIsNarrowerThanItsParts() {
    BootstrapAccumulator one = new BootstrapAccumulator(RESAMPLES, 1);
    BootstrapAccumulator other = new BootstrapAccumulator(RESAMPLES, 1);
    for (int user = 0; user < USERS; user++) {
      double value = 0.9 * values(user)[0];
      one.add(new double[] {value}, 1, user);
      other.add(new double[] {value + 0.01}, 1, user);
    }
    Spread difference = Spread.ofDifference(other.means(0), one.means(0));
    assertThat(difference.low()).isCloseTo(0.01, within(1e-9));
    assertThat(difference.high()).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void quantilesLieBetweenTheNearestValues() {
    double[] values = new double[41];
    for (int i = 0; i < values.length; i++) {
      values[i] = 40 - i;
    }
    // 2.5 % of 40 steps is one step from either end.
    assertThat(Spread.of(values)).isEqualTo(new Spread(1, 39));
    assertThat(Spread.of(new double[0])).isEqualTo(Spread.NONE);
  }

  @Test
  void differentNumbersOfResamplesAreRefused() {
    assertThatThrownBy(() -> Spread.ofDifference(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3 resamples");
  }
}
