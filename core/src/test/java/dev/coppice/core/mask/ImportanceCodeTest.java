package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ImportanceCodeTest {
  @Test
  void valuesComeBackWithinHalfAStep() {
    for (double octave = -31.9; octave < 31.4; octave += 0.0137) {
      float value = (float) Math.pow(2, octave);
      float back = ImportanceCode.decode(ImportanceCode.encode(value));
      assertThat(back / value).isCloseTo(1, within(0.0906f));
    }
  }

  @Test
  void everyCodeIsAFixedPointAndOrdersLikeItsValue() {
    float last = -1;
    for (int code = 0; code < 256; code++) {
      float value = ImportanceCode.decode((byte) code);
      assertThat(value).isGreaterThan(last);
      assertThat(ImportanceCode.encode(value)).isEqualTo((byte) code);
      last = value;
    }
    // Octave 0 is code 1 + 4 * 32.
    assertThat(ImportanceCode.encode(1)).isEqualTo((byte) 129);
    assertThat(ImportanceCode.decode((byte) 133)).isEqualTo(2);
  }

  @Test
  void whatDoesNotFitIsNothingOrTheLargest() {
    for (float none : new float[] {0, -1, Float.NaN, Float.MIN_VALUE, 1e-12f}) {
      assertThat(ImportanceCode.encode(none)).isZero();
    }
    assertThat(ImportanceCode.encode(Float.MAX_VALUE)).isEqualTo((byte) 255);
    assertThat(ImportanceCode.encode(Float.POSITIVE_INFINITY)).isEqualTo((byte) 255);
  }
}
