package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.MetricsAccumulator;
import dev.coppice.core.eval.RankingMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndependentRankingTest {
  @TempDir Path directory;

  @Test
  void workedExample() {
    // One dimension: the item's weight is its score. Items 0..4 score 5, 4, 3, 2, 1; 0 is seen.
    Factors factors =
        new Factors(
            new float[][] {{1}},
            new float[][] {{5, 4, 3, 2, 1}},
            new boolean[] {true, true, true, true, true});
    Interactions seen = Interactions.of(List.of(new int[] {0}));
    Interactions test = Interactions.of(List.of(new int[] {4, 2}));
    IndependentRanking.Result result = IndependentRanking.evaluate(factors, seen, test, 2);
    // The list is 1, 2: one hit at position 2 of two test items.
    assertThat(result.users()).isEqualTo(1);
    assertThat(result.recall()).isEqualTo(0.5);
    double second = Math.log(2) / Math.log(3);
    assertThat(result.ndcg()).isCloseTo(second / (1 + second), within(1e-12));
  }

  @Test
  void agreesWithTheMetricsOfCoppice() {
    int users = 37;
    int items = 101;
    int k = 20;
    Random random = new Random(5);
    float[][] rows = new float[users][3];
    float[][] columns = new float[3][items];
    boolean[] known = new boolean[items];
    for (int d = 0; d < 3; d++) {
      for (int u = 0; u < users; u++) {
        rows[u][d] = random.nextInt(9) - 4;
      }
      for (int i = 0; i < items; i++) {
        columns[d][i] = random.nextInt(9) - 4;
        known[i] = i % 10 != 3;
      }
    }
    rows[7] = null;
    Interactions seen = drawn(random, users, items, 30);
    Interactions test = drawn(random, users, items, 25).minus(seen);
    IndependentRanking.Result result =
        IndependentRanking.evaluate(new Factors(rows, columns, known), seen, test, k);

    List<MetricKey> keys = List.of(MetricKey.parse("recall@20"), MetricKey.parse("ndcg@20"));
    RankingMetrics metrics = new RankingMetrics(keys);
    MetricsAccumulator sums = new MetricsAccumulator(2);
    double[] values = new double[2];
    for (int u = 0; u < users; u++) {
      int[] wanted = test.of(u);
      if (wanted.length == 0) {
        continue;
      }
      int[] list = new int[0];
      if (rows[u] != null) {
        float[] row = rows[u];
        int[] mine = seen.of(u);
        list =
            IntStream.range(0, items)
                .filter(i -> known[i] && Arrays.binarySearch(mine, i) < 0)
                .boxed()
                .sorted(
                    Comparator.comparingDouble(
                        i ->
                            -(row[0] * columns[0][i]
                                + row[1] * columns[1][i]
                                + row[2] * columns[2][i])))
                .mapToInt(i -> i)
                .toArray();
      }
      metrics.evaluate(list, Math.min(k, list.length), wanted, values);
      sums.add(values);
    }
    assertThat(result.users()).isEqualTo((int) sums.users());
    assertThat(result.recall()).isCloseTo(sums.mean(0), within(1e-12));
    assertThat(result.ndcg()).isCloseTo(sums.mean(1), within(1e-12));
  }

  private static Interactions drawn(Random random, int users, int items, int most) {
    return Interactions.of(
        IntStream.range(0, users)
            .mapToObj(u -> random.ints(random.nextInt(most), 0, items).toArray())
            .toList());
  }

  @Test
  void readsLightGcnFiles() throws IOException {
    Path file = directory.resolve("train.txt");
    Files.writeString(file, "2 9 4 9\n0 1\n\n3 \n7 5\n");
    Interactions pairs = Interactions.read(file, 5);
    assertThat(pairs.users()).isEqualTo(4);
    assertThat(pairs.of(0)).containsExactly(1);
    assertThat(pairs.of(1)).isEmpty();
    assertThat(pairs.of(2)).containsExactly(4, 9);
    assertThat(pairs.of(9)).isEmpty();
    assertThat(pairs.itemBound()).isEqualTo(10);
  }
}
