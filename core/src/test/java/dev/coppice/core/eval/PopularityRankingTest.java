package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PopularityRankingTest {

  private final PopularityRanking ranking =
      new PopularityRanking(new int[] {3, 9, 0, 9, Integer.MAX_VALUE, 3});

  @Test
  void byDegreeThenByIndex() {
    int[] out = new int[6];
    assertThat(ranking.recommend(new int[0], 0, 0, out)).isEqualTo(6);
    assertThat(out).containsExactly(4, 1, 3, 0, 5, 2);
  }

  @Test
  void seenItemsAreLeftOut() {
    int[] out = new int[3];
    assertThat(ranking.recommend(new int[] {0, 1, 4}, 1, 3, out)).isEqualTo(3);
    assertThat(out).containsExactly(3, 0, 5);
  }

  @Test
  void fewerItemsThanWanted() {
    int[] out = new int[4];
    assertThat(ranking.recommend(new int[] {0, 1, 3, 4}, 0, 4, out)).isEqualTo(2);
    assertThat(out).startsWith(5, 2);
    assertThat(new PopularityRanking(new int[0]).recommend(new int[0], 0, 0, out)).isZero();
  }

  @Test
  void aNegativeDegreeIsRefused() {
    assertThatThrownBy(() -> new PopularityRanking(new int[] {1, -2}))
        .hasMessageContaining("degree of item 1 is -2");
  }
}
