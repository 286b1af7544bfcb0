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

  private static int[] bruteForce(Rows users, int user, Rows items, int[] seen, int k) {
    float[] scores = new float[items.rows()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = users.dot(user, items, i);
    }
    return IntStream.range(0, scores.length)
        .filter(i -> Arrays.binarySearch(seen, i) < 0)
        .boxed()
        .sorted(
            (a, b) ->
                scores[a] != scores[b]
                    ? Float.compare(scores[b], scores[a])
                    : Integer.compare(a, b))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static List<int[]> recommendAll(Scorer scorer, Rows users, int[][] seen) {
    List<int[]> lists = new ArrayList<>();
    scorer.recommend(
        users.offsets,
        users.dims,
        users.weights,
        0,
        users.rows(),
        seen == null ? null : offsets(seen),
        seen == null ? null : flat(seen),
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
        Rows users = Rows.random(random, 9, 24, Math.max(density, 0.1));
        Rows items = Rows.random(random, itemCount, 24, density);
        ItemIndex index = ItemIndex.of(24, items.offsets, items.dims, items.weights);
        int[][] seen = seenLists(random, 9, itemCount);
        for (Kernels kernels :
            List.of(VectorKernels.scalar(), VectorKernels.vector().orElseThrow())) {
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
    int itemCount = 2 * ItemIndex.MAX_CHUNK + 77;
    Rows items = Rows.random(random, itemCount, 16, 0.1);
    Rows users = Rows.random(random, 2 * Scorer.TILE + 3, 16, 0.3);
    ItemIndex index = ItemIndex.of(16, items.offsets, items.dims, items.weights);
    assertThat(index.chunks.length).isEqualTo(3);
    int[][] seen = seenLists(random, users.rows(), itemCount);
    Scorer scorer = new Scorer(index, 10);
    List<int[]> lists = recommendAll(scorer, users, seen);
    for (int u : new int[] {0, 1, 2, Scorer.TILE - 1, Scorer.TILE, 2 * Scorer.TILE + 2}) {
      assertThat(lists.get(u)).isEqualTo(bruteForce(users, u, items, seen[u], 10));
      assertThat(scorer.recommend(users.dims(u), users.weights(u), seen[u]))
          .isEqualTo(lists.get(u));
    }
  }

  @Test
  void wideRowsAreCutIntoSmallerChunksWithTheSameScores() {
    Random random = new Random(43);
    Rows items = Rows.random(random, 1500, 300, 1);
    Rows users = Rows.random(random, 2, 300, 0.5);
    ItemIndex index = ItemIndex.of(300, items.offsets, items.dims, items.weights);
    assertThat(index.chunkSize).isLessThan(ItemIndex.MAX_CHUNK);
    assertThat(index.chunks.length).isGreaterThan(1);
    float[] scores = new float[1500];
    new Scorer(index, 1).scores(users.dims(0), users.weights(0), scores);
    for (int i = 0; i < 1500; i++) {
      assertThat(scores[i]).isEqualTo(users.dot(0, items, i));
    }
  }

  @Test
  void blocksInAnyOrderWithAnyMappingGiveTheSameIndex() {
    Random random = new Random(44);
    Rows items = Rows.random(random, 60, 12, 0.3);
    Rows users = Rows.random(random, 5, 12, 0.5);
    List<int[]> wanted =
        recommendAll(
            new Scorer(ItemIndex.of(12, items.offsets, items.dims, items.weights), 8), users, null);
    List<Integer> rows = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
    for (int round = 0; round < 5; round++) {
      Collections.shuffle(rows, random);
      ItemIndex.Builder builder = new ItemIndex.Builder(12);
      for (int row : rows) {
        Rows one = items.slice(row, row + 1);
        builder.addRows(new int[] {row}, one.offsets, one.dims, one.weights);
      }
      assertThat(recommendAll(new Scorer(builder.build(), 8), users, null))
          .usingRecursiveComparison()
          .isEqualTo(wanted);
    }
  }

  @Test
  void itemsThatTheIndexDoesNotHoldAreNeverRecommended() {
    Random random = new Random(45);
    Rows items = Rows.random(random, 40, 8, 0.5);
    Rows users = Rows.random(random, 4, 8, 0.8);
    int[] held = {3, 17, 18, 900, 2_000_000_000};
    Rows few = items.slice(0, 5);
    ItemIndex index =
        new ItemIndex.Builder(8).addRows(held, few.offsets, few.dims, few.weights).build();
    int[] seen = {0, 17, 17, 19, 2_000_000_000};
    int[] list =
        new Scorer(index, Integer.MAX_VALUE).recommend(users.dims(0), users.weights(0), seen);
    assertThat(list).containsExactlyInAnyOrder(3, 18, 900);
  }

  @Test
  void theListWorkedByHand() {
    // Items over dims (0, 1): i0 = (1, 0), i1 = (0, 2), i2 = (), i3 = (1, 2); user = (3, -1).
    // Scores 3, -2, 0, 1.
    ItemIndex index =
        ItemIndex.of(
            2, new int[] {0, 1, 2, 2, 4}, new short[] {0, 1, 0, 1}, new float[] {1, 2, 1, 2});
    Scorer scorer = new Scorer(index, 3);
    short[] dims = {0, 1};
    float[] weights = {3, -1};
    assertThat(scorer.recommend(dims, weights, null)).containsExactly(0, 3, 2);
    assertThat(scorer.recommend(dims, weights, new int[] {0})).containsExactly(3, 2, 1);
    assertThat(scorer.recommend(dims, weights, new int[] {0, 1, 2, 3})).isEmpty();
    float[] scores = new float[4];
    scorer.scores(dims, weights, scores);
    assertThat(scores).containsExactly(3f, -2f, 0f, 1f);
  }

  @Test
  void anEmptyIndexAndNoUsersAreFine() {
    ItemIndex empty = ItemIndex.of(4, new int[] {0}, new short[0], new float[0]);
    Scorer scorer = new Scorer(empty, 5);
    assertThat(scorer.recommend(new short[] {1}, new float[] {1}, null)).isEmpty();
    scorer.recommend(
        new int[] {0},
        new short[0],
        new float[0],
        0,
        0,
        null,
        null,
        (r, c, i, s) -> {
          throw new AssertionError("no user, no call");
        });
  }

  @Test
  void theLargestDimensionWorks() {
    ItemIndex index =
        ItemIndex.of(65_535, new int[] {0, 1}, new short[] {(short) 65_534}, new float[] {2});
    float[] scores = new float[1];
    new Scorer(index, 1).scores(new short[] {(short) 65_534}, new float[] {3}, scores);
    assertThat(scores).containsExactly(6f);
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

  @Test
  void bytesCountTheArrays() {
    Rows items = Rows.random(new Random(46), 1000, 64, 0.2);
    ItemIndex index = ItemIndex.of(64, items.offsets, items.dims, items.weights);
    long stored = items.offsets[1000];
    // Six bytes a weight, four an item, and for each dimension two starts and a flag.
    assertThat(index.bytes()).isEqualTo(6 * stored + 4 * 1000 + 2 * 4 * 65 + 64);
  }
}
