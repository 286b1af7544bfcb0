package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HitRateTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.HIT_RATE;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    return ranking.stream().anyMatch(test::contains) ? 1 : 0;
  }

  @Test
  void workedByHand() {
    // The only hit stands at 4.
    int[] ranking = {1, 2, 3, 10};
    assertThat(at(3, ranking, 10, 11)).isEqualTo(0.0);
    assertThat(at(4, ranking, 10, 11)).isEqualTo(1.0);
  }
}
