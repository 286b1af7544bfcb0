package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective.Feedback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlsObjectiveTest {

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatMustBeAtLeastZero(double value) {
    assertRefused(
        () -> AlsObjective.implicit(value, 0, 0, 0, 0),
        "unobservedWeight is " + value + "; it must be at least 0 and finite");
    assertRefused(
        () -> AlsObjective.implicit(0, value, 0, 0, 0),
        "regParam is " + value + "; it must be at least 0 and finite");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesExponentsThatAreNotFinite(double value) {
    String rule = " is " + value + "; it must be a finite number";
    assertRefused(() -> AlsObjective.implicit(0, 0, value, 0, 0), "regExponent" + rule);
    assertRefused(() -> AlsObjective.implicit(0, 0, 0, value, 0), "userDebias" + rule);
    assertRefused(() -> AlsObjective.implicit(0, 0, 0, 0, value), "itemDebias" + rule);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAConfidenceThatIsNotPositive(double alpha) {
    assertRefused(
        () -> Objectives.confidence(alpha, 0.1, 1),
        "alpha is " + alpha + "; it must be above 0 and finite");
  }

  private static void assertRefused(Runnable construction, String message) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void theUnobservedWeightFollowsFromTheFeedback() {
    assertThat(AlsObjective.implicit(0.01, 0, 0, 0, 0).unobservedWeight()).isEqualTo(0.01);
    assertThat(AlsObjective.implicit(0, 0, 0, 0, 0).needsGramian()).isFalse();
    assertThat(new AlsObjective(Feedback.CONFIDENCE, 0.3, 2, 0, 0, 0, 0, false).unobservedWeight())
        .isEqualTo(1);
    assertThat(new AlsObjective(Feedback.EXPLICIT, 0.3, 2, 0, 0, 0, 0, false).unobservedWeight())
        .isZero();
    assertThat(Objectives.explicit(0, 0).needsGramian()).isFalse();
    assertThat(Objectives.confidence(1, 0, 0).needsGramian()).isTrue();
  }

  @Test
  void regularisationGrowsWithTheRow() {
    // 0.5 * (9 + 0.07 * 100)^nu
    assertThat(AlsObjective.implicit(0.07, 0.5, 0.5, 0, 0).regularisation(9, 100))
        .isCloseTo(2, within(1e-12));
    assertThat(AlsObjective.implicit(0.07, 0.5, 1, 0, 0).regularisation(9, 100))
        .isCloseTo(8, within(1e-12));
    assertThat(AlsObjective.implicit(0.07, 0.5, 0, 0, 0).regularisation(9, 100)).isEqualTo(0.5);
    assertThat(AlsObjective.implicit(0.07, 0, 1, 0, 0).regularisation(9, 100)).isZero();
    // Counts beyond the range of int.
    assertThat(AlsObjective.implicit(1, 1, 1, 0, 0).regularisation(1, 1L << 40))
        .isEqualTo((1L << 40) + 1);
  }

  @Test
  void ratingsAndConfidencesRegulariseByObservationsAlone() {
    // Spark's ALS: lambda * number of (positive) ratings.
    assertThat(Objectives.explicit(0.1, 1).regularisation(30, 1_000_000))
        .isCloseTo(3, within(1e-12));
    assertThat(Objectives.confidence(40, 0.1, 1).regularisation(30, 1_000_000))
        .isCloseTo(3, within(1e-12));
  }

  @Test
  void debiasFactorsScaleToOneAtTheMeanDegree() {
    AlsObjective objective = AlsObjective.implicit(0.1, 0, 0, 0.5, 0.25);
    double scale = objective.confidenceScale(9, 16);
    assertThat(scale).isCloseTo(3 * 2, within(1e-12));
    float atMean = AlsObjective.debiasFactor(9, 0.5) * AlsObjective.debiasFactor(16, 0.25);
    assertThat(scale * atMean).isCloseTo(1, within(1e-6));
    assertThat(AlsObjective.debiasFactor(4, 0.5)).isEqualTo(0.5f);
    assertThat(AlsObjective.debiasFactor(0, 0)).isEqualTo(1f);
    assertThat(Objectives.confidence(40, 0, 0).confidenceScale(7, 7)).isEqualTo(40);
    assertThat(Objectives.explicit(0, 0).confidenceScale(7, 7)).isEqualTo(1);
  }
}
