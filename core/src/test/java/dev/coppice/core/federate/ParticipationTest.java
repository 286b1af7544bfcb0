package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParticipationTest {

  @Test
  void asksTheShareAndAtLeastOne() {
    assertThat(Participation.sampled(first(21), 1, 0.3, 5)).hasSize(6);
    assertThat(Participation.sampled(first(21), 1, 0.001, 5)).hasSize(1);
    assertThat(Participation.sampled(first(4), 9, 1, 5)).containsExactly(0, 1, 2, 3);
    assertThat(Participation.sampled(first(0), 1, 1, 5)).isEmpty();
  }

  @Test
  void isAFunctionOfSeedRoundAndClient() {
    assertThat(Participation.sampled(first(50), 3, 0.2, 5))
        .isEqualTo(Participation.sampled(first(50), 3, 0.2, 5))
        .isNotEqualTo(Participation.sampled(first(50), 4, 0.2, 5))
        .isNotEqualTo(Participation.sampled(first(50), 3, 0.2, 6));
  }

  @Test
  void drawsAmongMembersAlone() {
    SortedSet<Integer> members = new TreeSet<>(List.of(1, 4, 6, 9));
    for (int round = 1; round <= 50; round++) {
      assertThat(Participation.sampled(members, round, 0.5, 5)).hasSize(2).isSubsetOf(members);
    }
  }

  @Test
  void asksEveryClientAboutAsOften() {
    int[] asked = new int[10];
    for (int round = 1; round <= 2000; round++) {
      Participation.sampled(first(10), round, 0.3, 5).forEach(c -> asked[c]++);
    }
    // 600 expected; the deviation of a count is 20.5.
    for (int count : asked) {
      assertThat((double) count).isCloseTo(600, within(100.0));
    }
  }

  private static SortedSet<Integer> first(int clients) {
    return new TreeSet<>(IntStream.range(0, clients).boxed().toList());
  }
}
