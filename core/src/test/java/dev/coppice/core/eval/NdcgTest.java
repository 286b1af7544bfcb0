package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NdcgTest extends MetricContract {

  @Override
  Metric metric() {
    return Metric.NDCG;
  }

  @Override
  double naive(List<Integer> ranking, Set<Integer> test, int k) {
    double dcg = 0;
    for (int j = 0; j < ranking.size(); j++) {
      dcg += test.contains(ranking.get(j)) ? Math.log(2) / Math.log(j + 2) : 0;
    }
    double ideal = 0;
    for (int j = 0; j < Math.min(k, test.size()); j++) {
      ideal += Math.log(2) / Math.log(j + 2);
    }
    return dcg / ideal;
  }

  @Test
  void workedByHand() {
    // Hits at 1 and 3: DCG = 1 + 1/2. Three test items, K = 5: IDCG = 1 + 1/log2(3) + 1/2
    // = 1.5 + 0.63092975357 = 2.13092975357. Quotient 0.70391808910.
    assertThat(at(5, new int[] {10, 1, 11, 2, 3}, 10, 11, 12))
        .isEqualTo(0.7039180890, Offset.offset(1e-10));
    // The one test item at position 3: 1/log2(4) over 1.
    assertThat(at(10, new int[] {1, 2, 10}, 10)).isEqualTo(0.5);
  }

  @Test
  void theIdealListHasNoMoreThanKHits() {
    assertThat(at(2, new int[] {1, 2}, 1, 2, 3, 4)).isEqualTo(1.0);
  }

  @Test
  void veryLongListsAreFine() {
    int[] ranking = IntStream.range(0, 3000).toArray();
    assertThat(at(3000, ranking, ranking)).isEqualTo(1.0);
    assertThat(at(3000, ranking, 2999))
        .isEqualTo(Math.log(2) / Math.log(3001), Offset.offset(1e-15));
  }
}
