package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AutoObjectiveTest {
  private static InteractionCounts counts(long users, long items) {
    return new InteractionCounts(users, items, 0, 0);
  }

  @Test
  void theUnobservedWeightFallsWithThePairsThereAre() {
    // 400 / sqrt(943 * 1682) = .3176; of gowalla, .01143
    assertThat(AutoObjective.unobservedWeight(counts(943, 1682))).isEqualTo(0.32);
    assertThat(AutoObjective.unobservedWeight(counts(29_858, 40_981))).isEqualTo(0.011);
    assertThat(AutoObjective.unobservedWeight(counts(100_000_000, 10_000_000))).isEqualTo(1.3e-5);
  }

  @Test
  void smallDataDoNotMakeItLargerThanOne() {
    assertThat(AutoObjective.unobservedWeight(InteractionCounts.NONE)).isEqualTo(1);
    assertThat(AutoObjective.unobservedWeight(counts(3, 2))).isEqualTo(1);
  }

  @Test
  void popularItemsStayPopularWhereTheyHoldMuch() {
    assertThat(AutoObjective.itemDebias(new InteractionCounts(10, 10, 1000, 49))).isEqualTo(0.3);
    assertThat(AutoObjective.itemDebias(new InteractionCounts(10, 10, 1000, 50))).isZero();
  }

  @Test
  void countsAreThoseOfTheDegrees() {
    // 30 items of degree 2 and 3 of degree 10: the 20 popular ones are those 3 and 17 others
    InteractionCounts counts =
        InteractionCounts.of(
            List.of(new InteractionCounts.Degrees(9, 10)),
            List.of(new InteractionCounts.Degrees(2, 30), new InteractionCounts.Degrees(10, 3)));
    assertThat(counts).isEqualTo(new InteractionCounts(10, 33, 90, 30 + 34));
    assertThat(counts.popularShare()).isEqualTo(64 / 90.0);
    assertThat(InteractionCounts.of(List.of(), List.of())).isEqualTo(InteractionCounts.NONE);
    assertThat(InteractionCounts.NONE.popularShare()).isZero();
  }
}
