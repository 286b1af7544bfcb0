package dev.coppice.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.linalg.HalfFloat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightCodecTest {

  @Test
  void codecScalesByThePowerOfTwoOfTheLargestWeight() {
    Random random = new Random(4);
    float[] tops = {1f, 0.99f, 3e38f, 1e-30f, Float.MIN_VALUE, 65_504f, 1.9999999f};
    for (float largest : tops) {
      WeightCodec codec = WeightCodec.of(WeightForm.FLOAT16, largest);
      assertThat(HalfFloat.decode(codec.encode(largest))).isBetween(16_384f, 32_768f);
      short[] halves = new short[500];
      float[] expected = new float[500];
      for (int i = 0; i < 500; i++) {
        float weight = (float) (largest * (2 * random.nextDouble() - 1));
        halves[i] = codec.encode(weight);
        expected[i] = codec.decode(halves[i]);
        assertThat((double) Math.abs(expected[i] - weight))
            .isLessThanOrEqualTo(
                Math.max(Math.abs(weight) * 0x1p-11, Math.max(largest * 0x1p-38, 0x1p-150)));
      }
      float[] decoded = new float[502];
      codec.decode(halves, decoded, 1, 500);
      for (int i = 0; i < 500; i++) {
        assertThat(decoded[i + 1]).isEqualTo(expected[i]);
      }
    }
    assertThat(WeightCodec.of(WeightForm.FLOAT16, 0f).scale()).isZero();
    assertThat(WeightCodec.of(WeightForm.FLOAT32, 5f).stored(0.1f)).isEqualTo(0.1f);
    assertThatThrownBy(() -> new WeightCodec(WeightForm.FLOAT16, 114))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2^114");
  }

  @Test
  void allHalvesDecodeAlikeOneByOneAndInBulk() {
    short[] halves = new short[1 << 16];
    float[] decoded = new float[1 << 16];
    for (int bits = 0; bits < 1 << 16; bits++) {
      halves[bits] = (short) bits;
    }
    WeightCodec codec = new WeightCodec(WeightForm.FLOAT16, -17);
    codec.decode(halves, decoded, 0, 1 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 0x7C00) != 0x7C00) {
        assertThat(decoded[bits]).isEqualTo(codec.decode((short) bits));
      }
    }
  }
}
