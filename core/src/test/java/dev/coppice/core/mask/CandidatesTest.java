package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidatesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 96, 97, 10_000})
  void keepsWhatWasAdded(int n) {
    Candidates candidates = new Candidates();
    for (int i = 0; i < n; i++) {
      candidates.add(i / 3, 65_534 - i % 3, Integer.MAX_VALUE - i);
    }
    assertThat(candidates.size()).isEqualTo(n);
    assertThat(candidates.trim()).isSameAs(candidates);
    for (int i = 0; i < n; i++) {
      assertThat(candidates.row(i)).isEqualTo(i / 3);
      assertThat(candidates.dim(i)).isEqualTo(65_534 - i % 3);
      assertThat(candidates.score(i)).isEqualTo(Integer.MAX_VALUE - i);
    }
  }

  @Test
  void growsAgainAfterTrimming() {
    Candidates candidates = new Candidates().trim();
    candidates.add(1, 2, 3);
    candidates.trim().add(4, 5, 6);
    assertThat(candidates.size()).isEqualTo(2);
    assertThat(candidates.score(1)).isEqualTo(6);
  }

  @Test
  void countsTenBytesEach() {
    assertThat(Candidates.BYTES).isEqualTo(10);
  }
}
