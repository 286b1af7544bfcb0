package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MapTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.MAP;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    double sum = 0;
    for (int j = 1; j <= ranking.size(); j++) {
      if (test.contains(ranking.get(j - 1))) {
        sum += ranking.subList(0, j).stream().filter(test::contains).count() / (double) j;
      }
    }
    return sum / Math.min(k, test.size());
  }

  @Test
  void workedByHand() {
    // Hits at 1, 3 and 5 of four test items, K = 5: (1/1 + 2/3 + 3/5) / 4 = 34/60.
    assertThat(at(5, new int[] {10, 1, 11, 2, 12}, 10, 11, 12, 13))
        .isEqualTo(34 / 60.0, Offset.offset(1e-15));
    // Cut at 3: (1 + 2/3) / min(3, 4) = 5/9.
    assertThat(at(3, new int[] {10, 1, 11, 2, 12}, 10, 11, 12, 13))
        .isEqualTo(5 / 9.0, Offset.offset(1e-15));
  }
}
