package dev.coppice.core.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What every metric must do. A new metric inherits this and adds its definition and a constant. */
abstract class MetricContract {

  private static final int ITEMS = 40;

  abstract Metric metric();

  /** The definition, written without care for speed. {@code ranking} is at most k long. */
  abstract double naive(List<Integer> ranking, Set<Integer> test, int k);

  final double at(int k, int[] ranking, int... test) {
    RankingMetrics metrics = new RankingMetrics(List.of(new MetricKey(metric(), k)));
    double[] out = new double[1];
    metrics.evaluate(ranking, ranking.length, test, out);
    return out[0];
  }

  private static int[] shuffled(Random random) {
    int[] ranking = IntStream.range(0, ITEMS).toArray();
    for (int i = ITEMS - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = ranking[i];
      ranking[i] = ranking[j];
      ranking[j] = swap;
    }
    return ranking;
  }

  private static int[] testSet(Random random) {
    int size = 1 + random.nextInt(ITEMS - 1);
    return Arrays.stream(shuffled(random)).limit(size).sorted().toArray();
  }

  @Test
  void agreesWithTheDefinitionOnRandomRankings() {
    Random random = new Random(51);
    for (int round = 0; round < 500; round++) {
      int[] ranking = Arrays.copyOf(shuffled(random), random.nextInt(ITEMS + 1));
      int[] test = testSet(random);
      Set<Integer> relevant = new HashSet<>();
      Arrays.stream(test).forEach(relevant::add);
      for (int k : new int[] {1, 2, 5, 20, ITEMS, ITEMS + 5}) {
        List<Integer> list = Arrays.stream(ranking).limit(k).boxed().toList();
        assertThat(at(k, ranking, test)).isEqualTo(naive(list, relevant, k), Offset.offset(1e-14));
      }
    }
  }

  @Test
  void staysBetweenZeroAndOne() {
    Random random = new Random(52);
    for (int round = 0; round < 500; round++) {
      for (int k : new int[] {1, 3, 20, ITEMS}) {
        assertThat(at(k, shuffled(random), testSet(random))).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void noHitIsZero() {
    for (int k : new int[] {1, 3, 10}) {
      assertThat(at(k, new int[] {1, 2, 3}, 7, 8)).isZero();
      assertThat(at(k, new int[0], 7, 8)).isZero();
    }
  }

  @Test
  void theTestItemsFirstIsOneWhenTheyFillTheList() {
    assertThat(at(3, new int[] {6, 2, 4}, 2, 4, 6)).isEqualTo(1.0);
  }

  @Test
  void whatStandsBehindTheCutIsNotLookedAt() {
    Random random = new Random(53);
    for (int round = 0; round < 200; round++) {
      int[] ranking = shuffled(random);
      int[] test = testSet(random);
      int k = 1 + random.nextInt(ITEMS);
      assertThat(at(k, Arrays.copyOf(ranking, k), test)).isEqualTo(at(k, ranking, test));
    }
  }

  @Test
  void anEarlierHitIsNeverWorse() {
    Random random = new Random(54);
    for (int round = 0; round < 300; round++) {
      int[] ranking = shuffled(random);
      int[] test = testSet(random);
      int[] better = ranking.clone();
      for (int j = 1; j < ITEMS; j++) {
        boolean miss = Arrays.binarySearch(test, ranking[j - 1]) < 0;
        if (miss && Arrays.binarySearch(test, ranking[j]) >= 0) {
          better[j - 1] = ranking[j];
          better[j] = ranking[j - 1];
          break;
        }
      }
      for (int k : new int[] {1, 5, 20}) {
        assertThat(at(k, better, test)).isGreaterThanOrEqualTo(at(k, ranking, test));
      }
    }
  }
}
