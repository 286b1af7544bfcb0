package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoreKeyTest {
  /** Every kind of score there is, ascending. */
  private static final float[] SCORES = {
    0f,
    Float.MIN_VALUE,
    2 * Float.MIN_VALUE,
    1e-42f,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MIN_NORMAL,
    1e-20f,
    Math.nextDown(1f),
    1f,
    Math.nextUp(1f),
    1e20f,
    Math.nextDown(Float.MAX_VALUE),
    Float.MAX_VALUE
  };

  @Test
  void growKeysOrderLikeGainsAndPruneKeysTheOtherWayRound() {
    for (int a = 0; a < SCORES.length; a++) {
      assertThat(ScoreKey.grow(SCORES[a])).isNotNegative();
      assertThat(ScoreKey.prune(SCORES[a])).isNotNegative();
      for (int b = 0; b < SCORES.length; b++) {
        int order = Integer.compare(a, b);
        assertThat(Integer.signum(compareScores(true, SCORES[a], SCORES[b]))).isEqualTo(order);
        assertThat(Integer.signum(compareScores(false, SCORES[a], SCORES[b]))).isEqualTo(-order);
      }
    }
  }

  private static int compareScores(boolean grow, float a, float b) {
    return grow
        ? ScoreKey.compare(ScoreKey.grow(a), 0, ScoreKey.grow(b), 0)
        : ScoreKey.compare(ScoreKey.prune(a), 0, ScoreKey.prune(b), 0);
  }

  @Test
  void randomScoresOrderLikeTheirKeys() {
    for (int i = 0; i < 20_000; i++) {
      float a = randomScore(2 * i);
      float b = randomScore(2 * i + 1);
      assertThat(Integer.compare(ScoreKey.grow(a), ScoreKey.grow(b)))
          .isEqualTo(Float.compare(a, b));
    }
  }

  private static float randomScore(int i) {
    int bits = (int) SeedStream.hash(3, Purpose.SAMPLE, i, 0) & Integer.MAX_VALUE;
    return Math.min(Float.intBitsToFloat(bits < 0x7F800000 ? bits : bits - 0x00800000), 1e38f);
  }

  @Test
  void equalScoresAreOrderedByTheirTiesUnsigned() {
    assertThat(ScoreKey.compare(5, -1L, 5, 1L)).isPositive();
    assertThat(ScoreKey.compare(5, 1L, 5, -1L)).isNegative();
    assertThat(ScoreKey.compare(5, 7L, 5, 7L)).isZero();
    assertThat(ScoreKey.compare(6, 0L, 5, -1L)).isPositive();
  }

  @Test
  void digitsReassembleToTheKey() {
    for (int i = 0; i < 5_000; i++) {
      int score = (int) SeedStream.hash(4, Purpose.SAMPLE, i, 0) & Integer.MAX_VALUE;
      long tie = SeedStream.hash(4, Purpose.SAMPLE, i, 1);
      int readScore = 0;
      long readTie = 0;
      for (int level = 0; level < ScoreKey.LEVELS; level++) {
        int digit = ScoreKey.digit(score, tie, level);
        assertThat(digit).isBetween(0, ScoreKey.BUCKETS - 1);
        if (level < 2) {
          readScore = readScore << 16 | digit;
        } else {
          readTie = readTie << 16 | digit;
        }
      }
      assertThat(readScore).isEqualTo(score);
      assertThat(readTie).isEqualTo(tie);
    }
  }

  @Test
  void noTwoPositionsTie() {
    Set<Long> ties = new HashSet<>();
    int positions = 0;
    long[] rows = {0, 1, 2, 3, 65_535, 65_536, 1L << 31, (1L << 47) - 1};
    for (long row : rows) {
      for (int dim = 0; dim < 65_536; dim += 7) {
        ties.add(ScoreKey.tie(row, dim));
        positions++;
      }
    }
    for (int row = 100; row < 20_000; row++) {
      ties.add(ScoreKey.tie(row, row % 64));
      ties.add(ScoreKey.tie(row, 65_535));
      positions += 2;
    }
    assertThat(ties).hasSize(positions);
  }

  @Test
  void aTieCanBeUndone() {
    // The inverse of each step: odd factors have an inverse modulo 2^64 (Newton's iteration), and
    // z ^ z >>> s is undone by repeating the shift until it runs out. So no two arguments share it.
    for (int i = 0; i < 5_000; i++) {
      long row = SeedStream.hash(5, Purpose.SAMPLE, i, 0) >>> 17;
      int dim = (int) SeedStream.hash(5, Purpose.SAMPLE, i, 1) & 0xFFFF;
      long z = unshift(ScoreKey.tie(row, dim), 31) * inverse(0x94D049BB133111EBL);
      z = unshift(z, 27) * inverse(0xBF58476D1CE4E5B9L);
      z = unshift(z, 30) - 0x9E3779B97F4A7C15L;
      assertThat(z >>> 16).isEqualTo(row);
      assertThat((int) z & 0xFFFF).isEqualTo(dim);
    }
  }

  private static long unshift(long z, int shift) {
    long result = z;
    for (int done = shift; done < 64; done += shift) {
      result = z ^ result >>> shift;
    }
    return result;
  }

  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 6; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }

  @Test
  void tiesFavourNoRow() {
    // Of 64 rows x 64 dims the larger half of the ties should spread evenly: 32 a row, give or
    // take.
    for (int row = 0; row < 64; row++) {
      int upper = 0;
      for (int dim = 0; dim < 64; dim++) {
        upper += ScoreKey.tie(row, dim) < 0 ? 1 : 0;
      }
      // Binomial(64, 1/2): 5 standard deviations are 20.
      assertThat(upper).isBetween(12, 52);
    }
  }

  @Test
  void aPrefixMatchesTheDigitsItHolds() {
    int score = 0x12345678;
    long tie = 0x9ABCDEF013572468L;
    assertThat(new KeyPrefix(-1, score, tie).matches(score, tie)).isFalse();
    assertThat(new KeyPrefix(0, 0, 0).matches(score, tie)).isTrue();
    assertThat(new KeyPrefix(1, 0x12340000, 0).matches(score, tie)).isTrue();
    assertThat(new KeyPrefix(1, 0x12350000, 0).matches(score, tie)).isFalse();
    assertThat(new KeyPrefix(2, score, 0).matches(score, tie)).isTrue();
    assertThat(new KeyPrefix(2, score + 1, 0).matches(score, tie)).isFalse();
    assertThat(new KeyPrefix(3, score, 0x9ABC000000000000L).matches(score, tie)).isTrue();
    assertThat(new KeyPrefix(3, score, 0x9ABD000000000000L).matches(score, tie)).isFalse();
    assertThat(new KeyPrefix(3, score - 1, 0x9ABC000000000000L).matches(score, tie)).isFalse();
    assertThat(new KeyPrefix(5, score, 0x9ABCDEF013570000L).matches(score, tie)).isTrue();
    assertThat(new KeyPrefix(5, score, 0x9ABCDEF013560000L).matches(score, tie)).isFalse();
  }
}
