package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopCandidatesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 96, 97, 10_000})
  void keepsAllWhereThereAreNoMoreThanWanted(int n) {
    TopCandidates list = new TopCandidates(n, false);
    for (int i = 0; i < n; i++) {
      assertThat(list.least()).isZero();
      list.add(i / 3, 65_534 - i % 3, Integer.MAX_VALUE - i, 0);
    }
    Candidates candidates = list.build();
    assertThat(candidates.size()).isEqualTo(n);
    assertThat(candidates.from()).isZero();
    assertThat(candidates.bytes()).isEqualTo(10L * n);
    for (int i = 0; i < n; i++) {
      assertThat(candidates.row(i)).isEqualTo(i / 3);
      assertThat(candidates.dim(i)).isEqualTo(65_534 - i % 3);
      assertThat(candidates.score(i)).isEqualTo(Integer.MAX_VALUE - i);
      assertThat(candidates.weight(i)).isZero();
    }
  }

  /** The list against all positions: complete from its first digit on, and not short. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 999, 5_000})
  void missesNoneFromItsFirstDigitOn(int limit) {
    for (int spread : new int[] {1, 40, 30_000}) {
      Random random = new Random(31L * limit + spread);
      TopCandidates list = new TopCandidates(limit, true);
      List<int[]> all = new ArrayList<>();
      for (int i = 0; i < 6_000; i++) {
        int score = random.nextInt(spread) << 16 | random.nextInt(1 << 16);
        all.add(new int[] {i, i % 7, score});
        if (score >= list.least()) {
          list.add(i, i % 7, score, -i);
        }
      }
      Candidates candidates = list.build();
      List<int[]> expected =
          all.stream().filter(one -> one[2] >>> 16 >= candidates.from()).toList();
      assertThat(candidates.size()).isEqualTo(expected.size()).isGreaterThanOrEqualTo(limit);
      assertThat(candidates.bytes()).isEqualTo(14L * expected.size());
      if (spread > 40) {
        // Digits are told apart: not much more than twice what was wanted.
        assertThat(candidates.size()).isLessThanOrEqualTo(2 * limit + 3);
      }
      for (int i = 0; i < candidates.size(); i++) {
        assertThat(candidates.row(i)).isEqualTo(expected.get(i)[0]);
        assertThat(candidates.dim(i)).isEqualTo(expected.get(i)[1]);
        assertThat(candidates.score(i)).isEqualTo(expected.get(i)[2]);
        assertThat(candidates.weight(i)).isEqualTo(-expected.get(i)[0]);
      }
    }
  }

  @Test
  void listsOfWhatBeginsAlikeGrow() {
    TopCandidates list = new TopCandidates(3, false);
    for (int i = 0; i < 1_000; i++) {
      list.add(i, 0, 5 << 16 | i, 0);
    }
    assertThat(list.least()).isEqualTo(5 << 16);
    assertThat(list.build().size()).isEqualTo(1_000);
  }
}
