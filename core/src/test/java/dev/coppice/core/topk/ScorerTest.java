package dev.coppice.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorerTest {

  private static List<Kernels> kernels() {
    return List.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow());
  }

  private static int[][] seenLists(Random random, int users, int items) {
    int[][] seen = new int[users][];
    for (int u = 0; u < users; u++) {
      double share = u % 3 == 0 ? 0 : random.nextDouble();
      seen[u] = IntStream.range(0, items).filter(i -> random.nextDouble() < share).toArray();
    }
    if (users > 1) {
      seen[1] = IntStream.range(0, items).toArray();
    }
    return seen;
  }

  private static int[] offsets(int[][] lists) {
    int[] offsets = new int[lists.length + 1];
    for (int u = 0; u < lists.length; u++) {
      offsets[u + 1] = offsets[u] + lists[u].length;
    }
    return offsets;
  }

  private static int[] flat(int[][] lists) {
    return Arrays.stream(lists).flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] bruteForce(RandomRows users, int user, RandomRows items, int[] seen, int k) {
    float[] scores = new float[items.rows()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = users.dot(user, items, i);
    }
    return PlainRanking.best(scores, seen, k);
  }

  private static List<int[]> recommendAll(Scorer scorer, RandomRows users, int[][] seen) {
    List<int[]> lists = new ArrayList<>();
    scorer.recommend(
        users
            .sources()
            .withSeen(seen == null ? null : offsets(seen), seen == null ? null : flat(seen)),
        (row, count, items, scores) -> {
          assertThat(row).isEqualTo(lists.size());
          lists.add(Arrays.copyOf(items, count));
        });
    return lists;
  }

  @Test
  void equalsBruteForceAtEveryDensity() {
    Random random = new Random(41);
    for (double density : new double[] {0, 0.02, 0.1, 0.35, 0.7, 1}) {
      for (int itemCount : new int[] {1, 5, 21, 700}) {
        RandomRows users = RandomRows.random(random, 9, 24, Math.max(density, 0.1));
        RandomRows items = RandomRows.random(random, itemCount, 24, density);
        ItemIndex index = ItemIndex.of(24, items.offsets, items.dims, items.weights);
        int[][] seen = seenLists(random, 9, itemCount);
        for (Kernels kernels : kernels()) {
          List<int[]> lists = recommendAll(new Scorer(index, 20, kernels), users, seen);
          for (int u = 0; u < 9; u++) {
            assertThat(lists.get(u))
                .as("density=%s items=%d user=%d %s", density, itemCount, u, kernels.name())
                .isEqualTo(bruteForce(users, u, items, seen[u], 20));
          }
        }
      }
    }
  }

  @Test
  void severalChunksAndTilesGiveTheSameLists() {
    Random random = new Random(42);
    int itemCount = 2 * ItemColumns.MAX_CHUNK + 77;
    int userCount = 128 + 3;
    RandomRows items = RandomRows.random(random, itemCount, 16, 0.1);
    RandomRows users = RandomRows.random(random, userCount, 16, 0.3);
    ItemIndex index = ItemIndex.of(16, items.offsets, items.dims, items.weights);
    assertThat(index.columns().chunks()).isEqualTo(3);
    int[][] seen = seenLists(random, userCount, itemCount);
    List<int[]> lists = recommendAll(new Scorer(index, 10, VectorKernels.scalar()), users, seen);
    assertThat(lists).hasSize(userCount);
    for (int u : new int[] {0, 1, 31, 32, 127, 128, userCount - 1}) {
      assertThat(lists.get(u)).isEqualTo(bruteForce(users, u, items, seen[u], 10));
    }
    // Slow without the optimising compiler: enough users for two tiles of lanes.
    Kernels vector = VectorKernels.vector().orElseThrow();
    assertThat(
            recommendAll(
                new Scorer(index, 10, vector), users.slice(0, 35), Arrays.copyOf(seen, 35)))
        .usingRecursiveComparison()
        .isEqualTo(lists.subList(0, 35));
  }

  @Test
  void bothWaysGiveTheSameBitsOfScores() {
    Random random = new Random(47);
    for (double density : new double[] {0.05, 0.3, 1}) {
      RandomRows items = RandomRows.random(random, 1500, 300, density).withGaussianWeights(random);
      RandomRows users = RandomRows.random(random, 40, 300, density).withGaussianWeights(random);
      ItemIndex index = ItemIndex.of(300, items.offsets, items.dims, items.weights);
      List<float[]> first = new ArrayList<>();
      List<float[]> second = new ArrayList<>();
      collectScores(new Scorer(index, 1500, VectorKernels.scalar()), users, first);
      collectScores(new Scorer(index, 1500, VectorKernels.vector().orElseThrow()), users, second);
      assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }
  }

  private static void collectScores(Scorer scorer, RandomRows users, List<float[]> out) {
    scorer.recommend(
        users.sources(),
        (row, count, items, scores) -> {
          float[] byItem = new float[count];
          for (int j = 0; j < count; j++) {
            byItem[items[j]] = scores[j];
          }
          out.add(byItem);
        });
  }

  @Test
  void wideRowsAreCutIntoSmallerChunks() {
    RandomRows items = RandomRows.random(new Random(43), 1500, 300, 1);
    ItemColumns columns = ItemIndex.of(300, items.offsets, items.dims, items.weights).columns();
    assertThat(columns.chunkSize()).isLessThan(ItemColumns.MAX_CHUNK);
    assertThat(columns.chunks()).isGreaterThan(1);
  }

  @Test
  void blocksInAnyOrderWithAnyMappingGiveTheSameLists() {
    Random random = new Random(44);
    // Few distinct scores, so that ties across blocks decide.
    RandomRows items = RandomRows.random(random, 60, 3, 0.4);
    RandomRows users = RandomRows.random(random, 35, 3, 0.5);
    ItemIndex whole = ItemIndex.of(3, items.offsets, items.dims, items.weights);
    List<int[]> wanted = recommendAll(new Scorer(whole, 8), users, null);
    List<Integer> rows = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
    for (int round = 0; round < 5; round++) {
      Collections.shuffle(rows, random);
      ItemIndex.Builder builder = new ItemIndex.Builder(3);
      for (int row : rows) {
        RandomRows one = items.slice(row, row + 1);
        builder.addRows(new int[] {row}, one.offsets, one.dims, one.weights);
      }
      for (Kernels kernels : kernels()) {
        assertThat(recommendAll(new Scorer(builder.build(), 8, kernels), users, null))
            .usingRecursiveComparison()
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void itemsThatTheIndexDoesNotHoldAreNeverRecommended() {
    Random random = new Random(45);
    RandomRows items = RandomRows.random(random, 40, 8, 0.5);
    RandomRows users = RandomRows.random(random, 4, 8, 0.8);
    int[] held = {3, 17, 18, 900, 2_000_000_000};
    RandomRows few = items.slice(0, 5);
    ItemIndex index =
        new ItemIndex.Builder(8).addRows(held, few.offsets, few.dims, few.weights).build();
    int[] seen = {0, 17, 17, 19, 2_000_000_000};
    for (Kernels kernels : kernels()) {
      int[] list =
          new Scorer(index, Integer.MAX_VALUE, kernels)
              .recommend(users.dims(0), users.weights(0), seen);
      assertThat(list).containsExactlyInAnyOrder(3, 18, 900);
    }
  }

  @Test
  void theListWorkedByHand() {
    // Items over dims (0, 1): i0 = (1, 0), i1 = (0, 2), i2 = (), i3 = (1, 2); user = (3, -1).
    // Scores 3, -2, 0, 1.
    ItemIndex index =
        ItemIndex.of(
            2, new int[] {0, 1, 2, 2, 4}, new short[] {0, 1, 0, 1}, new float[] {1, 2, 1, 2});
    short[] dims = {0, 1};
    float[] weights = {3, -1};
    for (Kernels kernels : kernels()) {
      Scorer scorer = new Scorer(index, 3, kernels);
      assertThat(scorer.recommend(dims, weights, null)).containsExactly(0, 3, 2);
      assertThat(scorer.recommend(dims, weights, new int[] {0})).containsExactly(3, 2, 1);
      assertThat(scorer.recommend(dims, weights, new int[] {0, 1, 2, 3})).isEmpty();
      List<float[]> scores = new ArrayList<>();
      RandomRows user = new RandomRows(2, new int[] {0, 2}, dims, weights);
      collectScores(new Scorer(index, 4, kernels), user, scores);
      assertThat(scores.get(0)).containsExactly(3f, -2f, 0f, 1f);
    }
  }

  @Test
  void anEmptyIndexAndNoUsersAreFine() {
    ItemIndex empty = ItemIndex.of(4, new int[] {0}, new short[0], new float[0]);
    for (Kernels kernels : kernels()) {
      Scorer scorer = new Scorer(empty, 5, kernels);
      assertThat(scorer.recommend(new short[] {1}, new float[] {1}, null)).isEmpty();
      RandomRows none = new RandomRows(4, new int[] {0}, new short[0], new float[0]);
      assertThat(recommendAll(scorer, none, null)).isEmpty();
    }
  }

  @Test
  void aUserWithoutWeightsGetsTheFirstItems() {
    RandomRows items = RandomRows.random(new Random(48), 50, 4, 0.5);
    ItemIndex index = ItemIndex.of(4, items.offsets, items.dims, items.weights);
    for (Kernels kernels : kernels()) {
      assertThat(new Scorer(index, 3, kernels).recommend(new short[0], new float[0], new int[] {1}))
          .containsExactly(0, 2, 3);
    }
  }

  @Test
  void theLargestDimensionWorks() {
    ItemIndex index =
        ItemIndex.of(65_535, new int[] {0, 1}, new short[] {(short) 65_534}, new float[] {2});
    RandomRows user =
        new RandomRows(65_535, new int[] {0, 1}, new short[] {(short) 65_534}, new float[] {3});
    for (Kernels kernels : kernels()) {
      List<float[]> scores = new ArrayList<>();
      collectScores(new Scorer(index, 1, kernels), user, scores);
      assertThat(scores.get(0)).containsExactly(6f);
    }
  }

  @Test
  void malformedRowsAreRefused() {
    assertThatThrownBy(() -> ItemIndex.of(2, new int[] {0, 1}, new short[] {2}, new float[] {1}))
        .hasMessageContaining("dimension 2")
        .hasMessageContaining("rank 2");
    assertThatThrownBy(
            () -> ItemIndex.of(3, new int[] {0, 2}, new short[] {1, 1}, new float[] {1, 1}))
        .hasMessageContaining("ascend");
    assertThatThrownBy(
            () -> ItemIndex.of(3, new int[] {0, 1}, new short[] {1}, new float[] {Float.NaN}))
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> ItemIndex.of(3, new int[] {0, 2}, new short[1], new float[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new ItemIndex.Builder(3)
                    .addRows(new int[] {5}, new int[] {0, 0}, new short[0], new float[0])
                    .addRows(new int[] {5}, new int[] {0, 0}, new short[0], new float[0])
                    .build())
        .hasMessageContaining("item 5 was added twice");
    assertThatThrownBy(() -> new ItemIndex.Builder(65_536)).hasMessageContaining("65536");
    ItemIndex index = ItemIndex.of(2, new int[] {0, 1}, new short[] {1}, new float[] {1});
    Scorer scorer = new Scorer(index, 1);
    assertThatThrownBy(
            () -> scorer.recommend(new short[] {0}, new float[] {Float.POSITIVE_INFINITY}, null))
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> scorer.recommend(new short[] {2}, new float[] {1}, null))
        .hasMessageContaining("below rank 2");
    assertThatThrownBy(() -> new Scorer(index, 0)).hasMessageContaining("k is 0");
  }
}
