package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ParticipationTest {

  @Test
  void asksTheShareAndAtLeastOne() {
    assertThat(Participation.sampled(21, 1, 0.3, 5)).hasSize(6);
    assertThat(Participation.sampled(21, 1, 0.001, 5)).hasSize(1);
    assertThat(Participation.sampled(4, 9, 1, 5)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void isAFunctionOfSeedRoundAndClient() {
    assertThat(Participation.sampled(50, 3, 0.2, 5))
        .isEqualTo(Participation.sampled(50, 3, 0.2, 5))
        .isNotEqualTo(Participation.sampled(50, 4, 0.2, 5))
        .isNotEqualTo(Participation.sampled(50, 3, 0.2, 6));
  }

  @Test
  void asksEveryClientAboutAsOften() {
    int[] asked = new int[10];
    for (int round = 1; round <= 2000; round++) {
      Participation.sampled(10, round, 0.3, 5).forEach(c -> asked[c]++);
    }
    // 600 expected; the deviation of a count is 20.5.
    for (int count : asked) {
      assertThat((double) count).isCloseTo(600, within(100.0));
    }
  }
}
