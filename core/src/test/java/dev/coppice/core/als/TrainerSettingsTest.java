package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.mask.UpdateSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.5, 1, 0, maxIter is 0",
    "1, -0.1, 1, 0, updateRatio is -0.1",
    "1, 1.1, 1, 0, updateRatio is 1.1",
    "1, NaN, 1, 0, updateRatio is NaN",
    "1, 0.5, 0, 0, updateInterval is 0",
    "1, 0.5, 1, -1, patience is -1"
  })
  void namesTheValueOutOfRange(
      int maxIter, double ratio, int interval, int patience, String message) {
    assertThatThrownBy(
            () ->
                new TrainerSettings(
                    maxIter, ratio, UpdateSchedule.COSINE, interval, patience, "ndcg@20"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void exploresEveryIntervalButNeverInTheLastSweep() {
    TrainerSettings settings = new TrainerSettings(5, 0.8, UpdateSchedule.LINEAR, 2, 0, "");
    double[] ratios = new double[5];
    for (int sweep = 1; sweep <= 5; sweep++) {
      ratios[sweep - 1] = settings.ratio(sweep);
    }
    // 0.8 (1 - t / T) with t = sweep - 1 and T = 4.
    assertThat(ratios[1]).isEqualTo(0.8 * 0.75);
    assertThat(ratios[3]).isEqualTo(0.8 * 0.25);
    assertThat(ratios[0]).isZero();
    assertThat(ratios[2]).isZero();
    assertThat(ratios[4]).isZero();
    assertThat(new TrainerSettings(1, 1, UpdateSchedule.CONSTANT, 1, 0, "").ratio(1)).isZero();
  }
}
