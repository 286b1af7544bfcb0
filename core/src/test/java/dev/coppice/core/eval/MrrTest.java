package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MrrTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.MRR;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    for (int j = 1; j <= ranking.size(); j++) {
      if (test.contains(ranking.get(j - 1))) {
        return 1.0 / j;
      }
    }
    return 0;
  }

  @Test
  void workedByHand() {
    // The first hit stands at 4: 1/4, and nothing at K = 3.
    int[] ranking = {1, 2, 3, 10, 11};
    assertThat(at(5, ranking, 10, 11)).isEqualTo(0.25);
    assertThat(at(3, ranking, 10, 11)).isEqualTo(0.0);
  }
}
