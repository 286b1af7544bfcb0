package dev.coppice.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

  /** The value of a half by its definition. */
  private static double defined(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 0x3FF;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb(1024.0 + fraction, exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void allHalvesMeanWhatTheyShouldAndComeBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloat.decode((short) bits);
      double expected = defined(bits);
      if (Double.isNaN(expected)) {
        assertThat(value).isNaN();
        assertThat(HalfFloat.decode(HalfFloat.encode(value))).isNaN();
      } else {
        assertThat((double) value).isEqualTo(expected);
        assertThat(HalfFloat.encode(value) & 0xFFFF).isEqualTo(bits);
      }
    }
  }

  /** Between two neighbours the nearer one wins, in the middle the even one. */
  @Test
  void roundsToNearestTiesToEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float low = HalfFloat.decode((short) bits);
      float high = HalfFloat.decode((short) (bits + 1));
      float middle = (float) (((double) low + high) / 2);
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertThat(HalfFloat.encode(middle) & 0xFFFF).isEqualTo(even);
      assertThat(HalfFloat.encode(Math.nextDown(middle)) & 0xFFFF).isEqualTo(bits);
      assertThat(HalfFloat.encode(Math.nextUp(middle)) & 0xFFFF).isEqualTo(bits + 1);
      assertThat(HalfFloat.encode(-middle) & 0xFFFF).isEqualTo(even | 0x8000);
    }
  }

  @Test
  void extremes() {
    assertThat(HalfFloat.encode(65_504f)).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.encode(65_519.996f)).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.encode(65_520f)).isEqualTo((short) 0x7C00);
    assertThat(HalfFloat.encode(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xFC00);
    assertThat(HalfFloat.encode(Float.MIN_VALUE)).isEqualTo((short) 0);
    assertThat(HalfFloat.encode(-0f)).isEqualTo((short) 0x8000);
    assertThat(HalfFloat.decode(HalfFloat.encode(Float.intBitsToFloat(0x7F800001)))).isNaN();
  }
}
