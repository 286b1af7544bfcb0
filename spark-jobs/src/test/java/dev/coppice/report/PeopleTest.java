package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeopleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 B",
        "999|999 B",
        "1000|1.0 kB",
        "999949|999.9 kB",
        "999950|1.0 MB",
        "12800000|12.8 MB",
        "9223372036854775807|9.2 EB"
      })
  void bytes(long value, String shown) {
    assertThat(People.bytes(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0.00 s",
        "9.996|10.0 s",
        "59.96|1 min 0 s",
        "125.4|2 min 5 s",
        "3599.9|1 h 0 min",
        "10920|3 h 2 min",
        "NaN|–"
      })
  void seconds(double value, String shown) {
    assertThat(People.seconds(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "812345.2|812,345",
        "0.41315123|0.41315",
        "1.5|1.50000",
        "12345678.9|12,345,679",
        "-3.25|-3.25000",
        "0.00000123|1.2300e-06",
        "Infinity|+∞",
        "-Infinity|−∞"
      })
  void numbers(double value, String shown) {
    assertThat(People.number(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0 %", "0.05|5 %", "0.125|12.5 %", "1|100 %", "0.0005|0.05 %", "NaN|–"})
  void percent(double value, String shown) {
    assertThat(People.percent(value)).isEqualTo(shown);
  }

  @Test
  void words() {
    assertThat(People.many(1, "sweep")).isEqualTo("1 sweep");
    assertThat(People.many(1234, "user")).isEqualTo("1,234 users");
    assertThat(People.roughly(9_999_999)).isEqualTo("9,999,999");
    assertThat(People.roughly(12_345_678)).isEqualTo("12.3 million");
    assertThat(People.roughly(999_950_000)).isEqualTo("1.0 billion");
    assertThat(People.roughly(1_234_567_890_123L)).isEqualTo("1.2 trillion");
    assertThat(People.metric(.15836)).isEqualTo("0.1584");
    assertThat(People.metric(1412.53)).isEqualTo("1,412.5");
    assertThat(People.range(4, 7)).isEqualTo("4–7");
    assertThat(People.range(1, 1)).isEqualTo("1");
    assertThat(People.times(Double.NaN)).isEqualTo("–");
  }
}
