package dev.coppice.core.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SeedStreamTest {

  private static final int DRAWS = 200_000;

  @Test
  void pinned() {
    // Saved models and splits depend on these numbers: never change them. Made by a separate
    // implementation of the definition, whose finaliser gives SplitMix64's published first output
    // 0xe220a8397b1dcdaf for the state 0.
    assertThat(SeedStream.hash(0, 0, 0, 0)).isEqualTo(0x2130748aaac80268L);
    assertThat(SeedStream.hash(42, Purpose.START_MASK, 7, 3)).isEqualTo(0x2c434c2add5c1f60L);
    assertThat(SeedStream.hash(-1, 5, 1L << 40, 9)).isEqualTo(0xccd81919464962e5L);
    assertThat(SeedStream.uniform(42, Purpose.SPLIT, 7, 3)).isEqualTo(0.784167380848804);
    assertThat(SeedStream.below(1000, 42, Purpose.NEGATIVES, 7, 3)).isEqualTo(421);
    assertThat(SeedStream.gaussian(42, Purpose.START_WEIGHTS, 7, 3)).isEqualTo(0.955597601728091);
  }

  @Test
  void aDrawDependsOnNothingButItsKey() {
    double first = SeedStream.gaussian(5, Purpose.START_WEIGHTS, 17, 3);
    SeedStream.gaussian(5, Purpose.START_WEIGHTS, 18, 3);
    assertThat(SeedStream.gaussian(5, Purpose.START_WEIGHTS, 17, 3)).isEqualTo(first);
  }

  @Test
  void everyPartOfTheKeyCounts() {
    Set<Long> seen = new HashSet<>();
    for (long seed = -3; seed <= 3; seed++) {
      for (Purpose purpose : Purpose.values()) {
        for (long row = 0; row < 20; row++) {
          for (long index = 0; index < 20; index++) {
            seen.add(SeedStream.hash(seed, purpose, row, index));
          }
        }
      }
    }
    assertThat(seen).hasSize(7 * Purpose.values().length * 400);
    assertThat(SeedStream.hash(1, 2, 3, 4)).isNotEqualTo(SeedStream.hash(1, 2, 4, 3));
    assertThat(SeedStream.hash(1, 2, 3, 4)).isNotEqualTo(SeedStream.hash(2, 1, 3, 4));
  }

  @Test
  void purposesHaveDistinctCodes() {
    assertThat(Arrays.stream(Purpose.values()).map(Purpose::code)).doesNotHaveDuplicates();
  }

  @Test
  void flippingOneKeyBitFlipsHalfTheBits() {
    long flipped = 0;
    int pairs = 0;
    for (int bit = 0; bit < 64; bit++) {
      for (long row = 0; row < 200; row++) {
        long base = SeedStream.hash(9, 1, row, 5);
        flipped += Long.bitCount(base ^ SeedStream.hash(9, 1, row ^ (1L << bit), 5));
        flipped += Long.bitCount(base ^ SeedStream.hash(9, 1, row, 5 ^ (1L << bit)));
        flipped += Long.bitCount(base ^ SeedStream.hash(9 ^ (1L << bit), 1, row, 5));
        pairs += 3;
      }
    }
    // Mean of 38,400 draws of Binomial(64, 1/2), standard error 4 / sqrt(38400) = 0.02.
    assertThat((double) flipped / pairs).isEqualTo(32, Offset.offset(0.1));
  }

  @Test
  void uniformDrawsFillTheInterval() {
    int[] bins = new int[100];
    for (int row = 0; row < DRAWS; row++) {
      double u = SeedStream.uniform(3, Purpose.SPLIT, row, 0);
      assertThat(u).isGreaterThanOrEqualTo(0).isLessThan(1);
      bins[(int) (u * 100)]++;
    }
    // Chi-square with 99 degrees of freedom: mean 99, standard deviation 14.
    assertThat(chiSquare(bins)).isBetween(50.0, 170.0);
  }

  @Test
  void neighbouringDrawsAreNotCorrelated() {
    double rows = 0;
    double indices = 0;
    double purposes = 0;
    for (int row = 0; row < DRAWS; row++) {
      double a = SeedStream.uniform(3, Purpose.TIES, row, 0) - 0.5;
      rows += a * (SeedStream.uniform(3, Purpose.TIES, row + 1, 0) - 0.5);
      indices += a * (SeedStream.uniform(3, Purpose.TIES, row, 1) - 0.5);
      purposes += a * (SeedStream.uniform(3, Purpose.SPLIT, row, 0) - 0.5);
    }
    // Each sum has standard deviation sqrt(DRAWS) / 12, about 37.
    assertThat(rows).isBetween(-190.0, 190.0);
    assertThat(indices).isBetween(-190.0, 190.0);
    assertThat(purposes).isBetween(-190.0, 190.0);
  }

  @Test
  void belowIsUniformAndInRange() {
    int[] bins = new int[7];
    for (int row = 0; row < DRAWS; row++) {
      bins[SeedStream.below(7, 4, Purpose.NEGATIVES, row, 2)]++;
    }
    // Chi-square with 6 degrees of freedom: P(> 30) is 4e-5.
    assertThat(chiSquare(bins)).isLessThan(30);
    for (int row = 0; row < 1000; row++) {
      assertThat(SeedStream.below(1, 4, Purpose.NEGATIVES, row, 0)).isZero();
      assertThat(SeedStream.below(Integer.MAX_VALUE, 4, Purpose.NEGATIVES, row, 0))
          .isBetween(0, Integer.MAX_VALUE - 1);
    }
    assertThatThrownBy(() -> SeedStream.below(0, 4, Purpose.NEGATIVES, 0, 0))
        .hasMessageContaining("bound is 0");
  }

  @Test
  void gaussianDrawsHaveTheMomentsOfTheNormalDistribution() {
    double sum = 0;
    double squares = 0;
    double cubes = 0;
    double fourths = 0;
    int beyondTwo = 0;
    for (int row = 0; row < DRAWS; row++) {
      double g = SeedStream.gaussian(7, Purpose.START_WEIGHTS, row, row % 5);
      sum += g;
      squares += g * g;
      cubes += g * g * g;
      fourths += g * g * g * g;
      beyondTwo += Math.abs(g) > 2 ? 1 : 0;
    }
    // Standard errors of the means: .0022, .0032, .0087, .022; of the share: .00047.
    assertThat(sum / DRAWS).isEqualTo(0, Offset.offset(0.011));
    assertThat(squares / DRAWS).isEqualTo(1, Offset.offset(0.016));
    assertThat(cubes / DRAWS).isEqualTo(0, Offset.offset(0.044));
    assertThat(fourths / DRAWS).isEqualTo(3, Offset.offset(0.11));
    assertThat(beyondTwo / (double) DRAWS).isEqualTo(0.0455, Offset.offset(0.0024));
  }

  private static double chiSquare(int[] bins) {
    double expected = DRAWS / (double) bins.length;
    return Arrays.stream(bins).mapToDouble(b -> (b - expected) * (b - expected) / expected).sum();
  }
}
