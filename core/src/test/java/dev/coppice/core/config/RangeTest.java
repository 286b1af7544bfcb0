package dev.coppice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RangeTest {
  private static final Range ANY =
      new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);

  @Test
  void knowsItsEnds() {
    assertThat(Range.above(0, 1).contains(0)).isFalse();
    assertThat(Range.above(0, 1).contains(Double.MIN_VALUE)).isTrue();
    assertThat(Range.above(0, 1).contains(1)).isTrue();
    assertThat(Range.of(0, 1).contains(0)).isTrue();
    assertThat(Range.of(0, 1).contains(Math.nextUp(1.0))).isFalse();
    assertThat(ANY.contains(Double.NaN)).isFalse();
    assertThat(ANY.contains(Double.POSITIVE_INFINITY)).isFalse();
    assertThat(Range.atLeast(0).contains(Double.POSITIVE_INFINITY)).isFalse();
  }

  @Test
  void saysItselfInWords() {
    assertThat(Range.above(0, 1).inWords()).isEqualTo("above 0 and at most 1");
    assertThat(Range.of(0, 0.5).inWords()).isEqualTo("from 0 to 0.5");
    assertThat(Range.atLeast(1e-3).inWords()).isEqualTo("of at least 0.001");
    assertThat(Range.above(0).inWords()).isEqualTo("above 0");
    assertThat(ANY.inWords()).isEqualTo("(finite)");
  }

  @Test
  void refusesNoRange() {
    assertThatThrownBy(() -> Range.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Range.of(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
