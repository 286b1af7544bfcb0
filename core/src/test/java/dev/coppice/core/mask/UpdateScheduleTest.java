package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UpdateScheduleTest {

  @ParameterizedTest
  @CsvSource({
    // rho_0 / 2 (1 + cos(pi t / T)): cos(pi/3) = 1/2, cos(pi/4) = sqrt(1/2)
    "COSINE, 0.5, 0, 12, 0.5",
    "COSINE, 0.5, 4, 12, 0.375",
    "COSINE, 0.5, 6, 12, 0.25",
    "COSINE, 0.5, 8, 12, 0.125",
    "COSINE, 1.0, 1, 4, 0.8535533905932737",
    "COSINE, 0.5, 12, 12, 0",
    "LINEAR, 0.8, 0, 4, 0.8",
    "LINEAR, 0.8, 1, 4, 0.6",
    "LINEAR, 0.8, 4, 4, 0",
    "CONSTANT, 0.3, 0, 10, 0.3",
    "CONSTANT, 0.3, 10, 10, 0.3"
  })
  void givesTheWorkedShares(UpdateSchedule schedule, double start, int t, int steps, double share) {
    assertThat(schedule.ratio(start, t, steps)).isCloseTo(share, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void neverRisesAndStaysWithinItsStart(UpdateSchedule schedule) {
    double before = 0.7;
    for (int t = 0; t <= 40; t++) {
      double share = schedule.ratio(0.7, t, 30);
      assertThat(share).isBetween(0.0, before);
      before = share;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunWithoutStepsHasTheStartingShare(UpdateSchedule schedule) {
    assertThat(schedule.ratio(0.4, 0, 0)).isEqualTo(0.4);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsNameInAnyCase(UpdateSchedule schedule) {
    assertThat(UpdateSchedule.parse(schedule.key())).isEqualTo(schedule);
    assertThat(UpdateSchedule.parse(schedule.name())).isEqualTo(schedule);
    assertThat(schedule.key()).isLowerCase();
  }

  @Test
  void refusesAnotherName() {
    assertThatThrownBy(() -> UpdateSchedule.parse("Cosinus"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("updateSchedule is 'Cosinus'; it must be one of cosine, linear, constant");
    assertThatThrownBy(() -> UpdateSchedule.parse("")).hasMessageContaining("updateSchedule is ''");
  }
}
