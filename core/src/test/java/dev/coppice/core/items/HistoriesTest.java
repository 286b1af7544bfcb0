package dev.coppice.core.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories, their weights and the columns of G that are summed from them. */
class HistoriesTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 0", "20, 1, 1, .5", "7, 9, 0, 1", "60, 13, 8, .2", "300, 40, 25, 2"})
  void columnsAreThoseOfPlainLoops(int users, int items, int longest, double exponent) {
    HistoryWeight weight = new HistoryWeight(exponent);
    int[][] lists = RandomHistories.of(users, users, items, longest);
    double[][] expected = RandomHistories.gramian(lists, items, weight);
    for (int parts : new int[] {1, 3}) {
      for (int part = 0; part < parts; part++) {
        int mine = part;
        Histories.Builder builder = new Histories.Builder(weight);
        for (int[] list : lists) {
          builder.add(list);
        }
        Histories histories = builder.build(items, item -> item % parts == mine);
        assertThat(histories.size()).isEqualTo(users);
        CoOccurrences column = new CoOccurrences(items);
        for (int item = 0; item < items; item++) {
          histories.column(item, column);
          boolean own = item % parts == part;
          assertThat(histories.holds(item)).isEqualTo(own && expected[item][item] > 0);
          for (int other = 0; other < items; other++) {
            assertThat(HistoryWeight.value(column.sum(other)))
                .isEqualTo(own ? expected[item][other] : 0);
          }
        }
      }
    }
  }

  @Test
  void weightsAreFixedPoint() {
    assertThat(new HistoryWeight(0).of(1000)).isEqualTo(HistoryWeight.ONE);
    assertThat(new HistoryWeight(0.5).of(4)).isEqualTo(HistoryWeight.ONE / 2);
    assertThat(new HistoryWeight(2).of(Integer.MAX_VALUE)).isEqualTo(1);
    assertThat(HistoryWeight.value(3 * HistoryWeight.ONE / 2)).isEqualTo(1.5);
    assertThatThrownBy(() -> new HistoryWeight(Double.NaN)).hasMessageContaining("exponent is NaN");
    assertThatThrownBy(() -> new HistoryWeight(-0.1)).hasMessageContaining("from 0 to 2");
  }

  @Test
  void longHistoriesAreCutToADrawOfTheirItems() {
    int[] history = new int[1000];
    for (int q = 0; q < history.length; q++) {
      history[q] = 3 * q;
    }
    assertThat(HistoryCut.cut(history, 1000)).isSameAs(history);
    int[] cut = HistoryCut.cut(history, 100);
    assertThat(cut).hasSize(100).isSorted().doesNotHaveDuplicates();
    assertThat(history).contains(cut);
    assertThat(HistoryCut.cut(history.clone(), 100)).isEqualTo(cut);
    // Drawn from the whole history, neither from its beginning nor from its end.
    assertThat(cut[20]).isBetween(300, 1000);
    assertThat(cut[80]).isBetween(2000, 2700);
  }
}
