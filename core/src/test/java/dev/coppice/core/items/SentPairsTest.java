package dev.coppice.core.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send of their pairs of items, and what is added up of it. */
class SentPairsTest {
  static List<SentPairs> sent(int[][] lists, int items, HistoryWeight weight, int least) {
    Histories histories = RandomHistories.all(lists, items, weight);
    CoOccurrences sums = new CoOccurrences(items);
    CoOccurrences users = new CoOccurrences(items);
    List<SentPairs> sent = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      histories.column(item, sums);
      histories.users(item, users);
      sent.add(SentPairs.of(item, sums, users, least));
    }
    return sent;
  }

  static List<PairTotals> totals(List<SentPairs> sent) {
    return new ArrayList<>(sent.stream().map(SentPairs::totals).toList());
  }

  /** Sums of up to ten bits are exact; of others 10 leading bits stay, rounded to the nearest. */
  @Test
  void sumsAreRoundedToTenBits() {
    for (long sum : new long[] {0, 1, 2, 511, 512, 1023, 1024, 1L << 30, 1023L << 30, 1L << 62}) {
      assertThat(RoundedSum.value(RoundedSum.code(sum))).isEqualTo(sum);
    }
    // 1,025 lies between 1,024 and 1,026, 2,047 between 2,046 and 2,048: ties go up.
    assertThat(RoundedSum.value(RoundedSum.code(1025))).isEqualTo(1026);
    assertThat(RoundedSum.value(RoundedSum.code(2047))).isEqualTo(2048);
    assertThat(RoundedSum.value(RoundedSum.code(Long.MAX_VALUE >>> 1))).isEqualTo(1L << 62);
    Random random = new Random(1);
    for (int draw = 0; draw < 10_000; draw++) {
      long sum = random.nextLong() >>> (2 + random.nextInt(60));
      long back = RoundedSum.value(RoundedSum.code(sum));
      assertThat(Math.abs(back - sum)).isLessThanOrEqualTo(sum >>> 10);
      assertThat(RoundedSum.code(back)).isEqualTo(RoundedSum.code(sum));
    }
  }

  /** Item 1 of three users, two of whom have item 0 and one item 2; user weights are 1 / 2. */
  @Test
  void aRarePairIsNotSent() {
    int[][] lists = {{0, 1}, {0, 1}, {1, 2}};
    HistoryWeight half = new HistoryWeight(1);
    List<SentPairs> all = sent(lists, 3, half, 1);
    assertThat(all.get(1).others()).containsExactly(0, 1);
    assertThat(all.get(1).totals().sums())
        .containsExactly(HistoryWeight.ONE, HistoryWeight.ONE / 2 * 3);
    assertThat(all.get(2).others()).containsExactly(1, 2);
    assertThat(all.get(2).bytes()).isEqualTo(8 + 2 * 6);
    List<SentPairs> common = sent(lists, 3, half, 2);
    assertThat(common.get(0).others()).containsExactly(0);
    assertThat(common.get(1).others()).containsExactly(0, 1);
    assertThat(common.get(2).others()).isEmpty();
    assertThat(sent(lists, 3, half, 4)).allMatch(pairs -> pairs.others().length == 0);
  }

  /** A naive count of users decides, whatever they weigh; each pair comes once. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 0", "80, 13, 8, .5", "300, 40, 20, 2"})
  void pairsAreThoseThatEnoughUsersHave(int users, int items, int longest, double exponent) {
    HistoryWeight weight = new HistoryWeight(exponent);
    int[][] lists = RandomHistories.of(users, users, items, longest);
    double[][] counts = RandomHistories.gramian(lists, items, new HistoryWeight(0));
    double[][] sums = RandomHistories.gramian(lists, items, weight);
    for (int least : new int[] {1, 2, 5}) {
      List<SentPairs> sent = sent(lists, items, weight, least);
      for (int item = 0; item < items; item++) {
        int[] expected = new int[items];
        int size = 0;
        for (int other = 0; other <= item; other++) {
          if (counts[item][other] >= least) {
            expected[size++] = other;
          }
        }
        assertThat(sent.get(item).others()).isEqualTo(Arrays.copyOf(expected, size));
        long[] values = sent.get(item).totals().sums();
        for (int q = 0; q < size; q++) {
          double exact = sums[item][expected[q]];
          assertThat(Math.abs(HistoryWeight.value(values[q]) - exact))
              .isLessThanOrEqualTo(exact / 1024);
        }
      }
    }
  }

  /** Sums add up, in any order, and a part can be taken out again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void totalsAddUp(int least) {
    int items = 20;
    HistoryWeight weight = new HistoryWeight(0.5);
    List<PairTotals> one = totals(sent(RandomHistories.of(1, 70, items, 8), items, weight, least));
    List<PairTotals> other = totals(sent(RandomHistories.of(2, 9, items, 8), items, weight, least));
    for (int item = 0; item < items; item++) {
      PairTotals both = one.get(item).plus(other.get(item));
      same(other.get(item).plus(one.get(item)), both);
      same(both.minus(other.get(item)), one.get(item));
      same(both.minus(one.get(item)), other.get(item));
    }
    assertThatThrownBy(() -> other.get(0).minus(one.get(0).plus(other.get(0))))
        .hasMessageContaining("below that of a part of it");
  }

  private static void same(PairTotals found, PairTotals expected) {
    assertThat(found.item()).isEqualTo(expected.item());
    assertThat(found.others()).isEqualTo(expected.others());
    assertThat(found.sums()).isEqualTo(expected.sums());
  }

  /** Columns of a table are those of a dense matrix, with a share of another added. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 1})
  void columnsAddAShareOfTheOthers(double share) {
    int items = 17;
    HistoryWeight whole = new HistoryWeight(0);
    int[][] mine = RandomHistories.of(3, 40, items, 6);
    int[][] theirs = RandomHistories.of(4, 50, items, 6);
    double[][] own = RandomHistories.gramian(mine, items, whole);
    double[][] others = RandomHistories.gramian(theirs, items, whole);
    PairTable table = new PairTable(items, totals(sent(theirs, items, whole, 1)));
    PairColumns mixed = RandomHistories.all(mine, items, whole).plus(table, share);
    CoOccurrences column = new CoOccurrences(items);
    for (int item = 0; item < items; item++) {
      mixed.column(item, column);
      int filled = 0;
      for (int other = 0; other < items; other++) {
        long expected =
            Math.round(own[item][other] * HistoryWeight.ONE)
                + Math.round(share * (others[item][other] * HistoryWeight.ONE));
        assertThat(column.sum(other)).isEqualTo(expected);
        filled += expected > 0 ? 1 : 0;
      }
      assertThat(column.size()).isEqualTo(filled);
      table.column(item, column);
      for (int other = 0; other < items; other++) {
        assertThat(HistoryWeight.value(column.sum(other))).isEqualTo(others[item][other]);
      }
    }
  }

  @Test
  void pairsWithSomeItemsAlone() {
    PairTotals all = new PairTotals(7, new int[] {0, 3, 7}, new long[] {5, 6, 7});
    assertThat(all.with(item -> true)).isSameAs(all);
    PairTotals some = all.with(item -> item != 3);
    assertThat(some.others()).containsExactly(0, 7);
    assertThat(some.sums()).containsExactly(5, 7);
    assertThat(all.with(item -> false).others()).isEmpty();
  }
}
