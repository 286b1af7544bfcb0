package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ExposureAccumulatorTest {

  @Test
  void workedByHand() {
    ExposureAccumulator exposure = new ExposureAccumulator(4);
    exposure.add(new int[] {0, 1, 99}, 2);
    exposure.add(new int[] {0}, 1);
    exposure.add(new int[] {0}, 1);
    // Counts 3, 1, 0, 0: two of four items shown; (3*10 + 1*2) / 4 = 8.
    assertThat(exposure.coverage()).isEqualTo(0.5);
    assertThat(exposure.meanPopularity(new int[] {10, 2, 7, 7})).isEqualTo(8.0);
    // Sorted 0, 0, 1, 3 with weights -3, -1, 1, 3: (1 + 9) / (4 * 4) = 0.625.
    assertThat(exposure.gini()).isEqualTo(0.625);
  }

  @Test
  void giniIsHalfTheMeanDifferenceOverTheMean() {
    Random random = new Random(71);
    for (int round = 0; round < 20; round++) {
      int n = 1 + random.nextInt(30);
      ExposureAccumulator exposure = new ExposureAccumulator(n);
      long[] x = new long[n];
      for (int j = 0; j < 200; j++) {
        int item = (int) (n * Math.pow(random.nextDouble(), 3));
        exposure.add(new int[] {item}, 1);
        x[item]++;
      }
      double difference = 0;
      for (long a : x) {
        for (long b : x) {
          difference += Math.abs(a - b);
        }
      }
      assertThat(exposure.gini()).isEqualTo(difference / (2.0 * n * 200), Offset.offset(1e-12));
    }
  }

  @Test
  void extremes() {
    ExposureAccumulator even = new ExposureAccumulator(5);
    even.add(new int[] {4, 3, 2, 1, 0}, 5);
    assertThat(even.gini()).isZero();
    assertThat(even.coverage()).isEqualTo(1.0);
    ExposureAccumulator one = new ExposureAccumulator(5);
    one.add(new int[] {2}, 1);
    assertThat(one.gini()).isEqualTo(0.8, Offset.offset(1e-15));
    ExposureAccumulator none = new ExposureAccumulator(5);
    assertThat(none.gini()).isZero();
    assertThat(none.meanPopularity(new int[5])).isZero();
    assertThat(new ExposureAccumulator().coverage()).isZero();
    assertThat(new ExposureAccumulator().gini()).isZero();
  }

  @Test
  void mergesByAddition() {
    ExposureAccumulator left = new ExposureAccumulator(3);
    left.add(new int[] {0, 1}, 2);
    ExposureAccumulator right = new ExposureAccumulator(3);
    right.add(new int[] {1, 2}, 2);
    ExposureAccumulator merged = new ExposureAccumulator().merge(left).merge(right);
    merged.merge(new ExposureAccumulator());
    // Counts 1, 2, 1 and, as before, 1, 1, 0: every digit of the sum is an item.
    int[] powers = {1, 10, 100};
    assertThat(merged.meanPopularity(powers)).isEqualTo(121 / 4.0);
    assertThat(left.meanPopularity(powers)).isEqualTo(11 / 2.0);
  }

  @Test
  void badInputIsRefused() {
    ExposureAccumulator exposure = new ExposureAccumulator(3);
    assertThatThrownBy(() -> exposure.add(new int[] {3}, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> exposure.meanPopularity(new int[2]))
        .hasMessageContaining("2 degrees for 3 items");
    assertThatThrownBy(() -> exposure.merge(new ExposureAccumulator(4)))
        .hasMessageContaining("cannot merge");
  }
}
