package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleSearchTest {
  /** The peak is found wherever it lies, and no number is tried twice. */
  @ParameterizedTest
  @CsvSource({"6, 6, 3", "7, 6, 3", "23, 24, 4", "100000, 192, 6", "2.9, 3, 4", ".001, .1875, 7"})
  void goesToThePeak(double peak, double expected, int trials) {
    List<Double> tried = new ArrayList<>();
    double best =
        ScaleSearch.best(
            6,
            scale -> {
              tried.add(scale);
              return -Math.abs(Math.log(scale / peak));
            });
    assertThat(best).isEqualTo(expected);
    assertThat(tried).doesNotHaveDuplicates().hasSize(trials);
  }

  /** Where little is to be gained, the first number stays. */
  @ParameterizedTest
  @CsvSource({"1.005, 6", "1.02, 12", "1.2, 12"})
  void aStepMustGain(double second, double expected) {
    assertThat(ScaleSearch.best(6, scale -> scale == 6 ? 1 : scale == 12 ? second : 0.5))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0", "NaN"})
  void staysWhereNothingIsBetter(double quality) {
    assertThat(ScaleSearch.best(6, scale -> quality)).isEqualTo(6);
  }
}
