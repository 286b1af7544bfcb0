package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DegreeHistogramTest {
  @Test
  void agreesWithSortingTheRows() {
    int rank = 33;
    Random random = new Random(11);
    DegreeHistogram all = new DegreeHistogram(rank);
    TreeMap<Integer, List<Integer>> naive = new TreeMap<>();
    for (int row = 0; row < 2000; row++) {
      int degree = (int) Math.exp(8 * random.nextDouble()) - 1;
      int weights = random.nextInt(rank + 1);
      all.add(degree, weights);
      int from = degree == 0 ? 0 : Integer.highestOneBit(degree);
      naive.computeIfAbsent(from, key -> new ArrayList<>()).add(weights);
    }

    List<DegreeBand> bands = all.bands();
    assertThat(bands)
        .extracting(band -> (int) band.degreeFrom())
        .containsExactlyElementsOf(naive.keySet());
    for (DegreeBand band : bands) {
      List<Integer> sorted = naive.get((int) band.degreeFrom()).stream().sorted().toList();
      int n = sorted.size();
      assertThat(band.rows()).isEqualTo(n);
      assertThat(band.meanWeights())
          .isCloseTo(sorted.stream().mapToInt(x -> x).average().orElseThrow(), within(1e-9));
      assertThat(band.p10()).isEqualTo(sorted.get((int) Math.ceil(.1 * n) - 1));
      assertThat(band.p50()).isEqualTo(sorted.get((int) Math.ceil(.5 * n) - 1));
      assertThat(band.p90()).isEqualTo(sorted.get((int) Math.ceil(.9 * n) - 1));
    }
  }

  @Test
  void bandsEndAtPowersOfTwo() {
    DegreeHistogram histogram = new DegreeHistogram(1);
    for (long degree : new long[] {0, 1, 2, 3, 4, 7, 8, Long.MAX_VALUE}) {
      histogram.add(degree, 1);
    }
    assertThat(histogram.bands())
        .extracting(band -> band.degreeFrom() + "-" + band.degreeTo() + ":" + band.rows())
        .containsExactly(
            "0-0:1", "1-1:1", "2-3:2", "4-7:2", "8-15:1", (1L << 62) + "-" + Long.MAX_VALUE + ":1");
    assertThat(new DegreeHistogram(1).bands()).isEmpty();
  }

  @Test
  void refusesWhatCannotBe() {
    DegreeHistogram histogram = new DegreeHistogram(4);
    assertThatThrownBy(() -> histogram.add(-1, 1)).hasMessageContaining("degree is -1");
    assertThatThrownBy(() -> histogram.add(1, 5)).hasMessageContaining("weights is 5");
    assertThatThrownBy(() -> new DegreeHistogram(0)).hasMessageContaining("rank is 0");
  }
}
