package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecallTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.RECALL;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    return ranking.stream().filter(test::contains).count() / (double) test.size();
  }

  @Test
  void workedByHand() {
    // Hits at 1 and 4 of five test items: 2/5, whatever K; the first alone at K = 3.
    int[] ranking = {10, 1, 2, 11, 3};
    assertThat(at(5, ranking, 10, 11, 12, 13, 14)).isEqualTo(0.4);
    assertThat(at(3, ranking, 10, 11, 12, 13, 14)).isEqualTo(0.2);
  }

  @Test
  void cannotReachOneWithMoreTestItemsThanPlaces() {
    assertThat(at(2, new int[] {1, 2}, 1, 2, 3, 4)).isEqualTo(0.5);
  }
}
