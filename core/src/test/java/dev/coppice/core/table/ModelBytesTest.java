package dev.coppice.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBytesTest {
  /** Worked: 3 users and 2 items. */
  @Test
  void parts() {
    ModelBytes bytes = new ModelBytes(3, 2);
    assertThat(bytes.latent(10, false)).isEqualTo(5 * 4 + 10 * 6);
    assertThat(bytes.latent(10, true)).isEqualTo(5 * 4 + 10 * 7);
    assertThat(bytes.neighbours(2)).isEqualTo(2 * 4 + 2 * 4);
    assertThat(new ModelBytes(0, 1 << 16).neighbours(1000)).isEqualTo((4L << 16) + 6 * 1000);
    assertThat(new ModelBytes(0, 1 << 16).neighbours(1 << 20))
        .isEqualTo((4L << 16) + (4L << 20) + (2L << 17));
  }

  @ParameterizedTest
  @CsvSource({
    "29858, 40981, 9000000, 256",
    "29858, 40981, 36000000, 512",
    "943, 1682, 100000, 64",
    "1000000, 2000000, 400000000, 128",
    "100, 70000, 1000000, 16"
  })
  void asMuchAsFitsAndNotMore(long users, long items, long limit, int rank) {
    ModelBytes bytes = new ModelBytes(users, items);
    long neighbours = (long) (bytes.neighboursWithin(limit) * items);
    assertThat(bytes.neighbours(neighbours)).isBetween((long) (0.998 * limit), limit);
    for (boolean importance : new boolean[] {false, true}) {
      double density = bytes.densityWithin(limit, rank, importance);
      long weights =
          Budget.of(density, rank, users).weights() + Budget.of(density, rank, items).weights();
      assertThat(bytes.latent(weights, importance)).isBetween((long) (0.998 * limit), limit);
    }
  }

  @Test
  void nothingFitsAndEverythingFits() {
    ModelBytes bytes = new ModelBytes(3, 4);
    assertThat(bytes.neighboursWithin(16)).isZero();
    assertThat(bytes.neighboursWithin(1)).isZero();
    assertThat(bytes.densityWithin(28, 8, false)).isZero();
    assertThat(bytes.neighboursWithin(Long.MAX_VALUE / 2)).isEqualTo(3);
    assertThat(bytes.densityWithin(Long.MAX_VALUE / 2, 8, true)).isEqualTo(1);
    assertThat(new ModelBytes(0, 0).neighboursWithin(100)).isZero();
    assertThat(new ModelBytes(0, 0).densityWithin(100, 8, false)).isZero();
  }
}
