package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrecisionTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.PRECISION;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    return ranking.stream().filter(test::contains).count() / (double) k;
  }

  @Test
  void workedByHand() {
    // Hits at 1 and 4: 2/5 at K = 5, 1/2 at K = 2.
    int[] ranking = {10, 1, 2, 11, 3};
    assertThat(at(5, ranking, 10, 11)).isEqualTo(0.4);
    assertThat(at(2, ranking, 10, 11)).isEqualTo(0.5);
  }

  @Test
  void aShortListCountsAsOneThatGoesOnWithMisses() {
    assertThat(at(4, new int[] {10}, 10)).isEqualTo(0.25);
  }
}
