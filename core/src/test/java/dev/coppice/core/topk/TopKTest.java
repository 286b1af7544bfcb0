package dev.coppice.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopKTest {

  private record Entry(int item, float score) {}

  private static List<Entry> entries(Random random, int n, int levels) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      entries.add(new Entry(i, random.nextInt(levels) - levels / 2f));
    }
    return entries;
  }

  private static int[] bySort(List<Entry> entries, int k) {
    return entries.stream()
        .sorted(
            (a, b) ->
                a.score() != b.score()
                    ? Float.compare(b.score(), a.score())
                    : Integer.compare(a.item(), b.item()))
        .limit(k)
        .mapToInt(Entry::item)
        .toArray();
  }

  @Test
  void equalsAFullSortForEveryOrderOfOffers() {
    Random random = new Random(31);
    for (int n : new int[] {0, 1, 2, 5, 19, 20, 21, 100}) {
      for (int k : new int[] {1, 2, 3, 20, 50}) {
        for (int levels : new int[] {1, 3, 1000}) {
          List<Entry> entries = entries(random, n, levels);
          int[] wanted = bySort(entries, k);
          for (int round = 0; round < 3; round++) {
            Collections.shuffle(entries, random);
            TopK heap = new TopK(k);
            entries.forEach(e -> heap.offer(e.item(), e.score()));
            assertThat(heap.drainItems()).as("n=%d k=%d levels=%d", n, k, levels).isEqualTo(wanted);
            assertThat(heap.drainItems()).isEmpty();
          }
        }
      }
    }
  }

  @Test
  void drainGivesScoresBestFirst() {
    TopK heap = new TopK(3);
    heap.offer(4, 1f);
    heap.offer(9, 3f);
    heap.offer(2, 1f);
    heap.offer(7, 2f);
    int[] items = {-1, -1, -1, -1};
    float[] scores = new float[4];
    assertThat(heap.drainSorted(items, scores)).isEqualTo(3);
    assertThat(items).containsExactly(9, 7, 2, -1);
    assertThat(scores).containsExactly(3f, 2f, 1f, 0f);
  }

  @Test
  void theThresholdIsTheWorstKeptScoreOnceFull() {
    TopK heap = new TopK(2);
    assertThat(heap.threshold()).isEqualTo(Float.NEGATIVE_INFINITY);
    heap.offer(1, 5f);
    assertThat(heap.threshold()).isEqualTo(Float.NEGATIVE_INFINITY);
    heap.offer(2, 7f);
    assertThat(heap.threshold()).isEqualTo(5f);
    assertThat(heap.offer(3, 5f)).isFalse();
    assertThat(heap.offer(0, 5f)).isTrue();
    heap.clear();
    assertThat(heap.threshold()).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void notANumberAndExcludedAreNeverKept() {
    TopK heap = new TopK(2);
    assertThat(heap.offer(1, Float.NaN)).isFalse();
    assertThat(heap.offer(2, Float.NEGATIVE_INFINITY)).isFalse();
    heap.offer(3, -1e30f);
    heap.offer(4, Float.POSITIVE_INFINITY);
    assertThat(heap.offer(5, Float.NaN)).isFalse();
    assertThat(heap.drainItems()).containsExactly(4, 3);
  }

  @Test
  void badSizesAreRefused() {
    assertThatThrownBy(() -> new TopK(0)).hasMessageContaining("k is 0");
    TopK heap = new TopK(2);
    heap.offer(1, 1);
    assertThatThrownBy(() -> heap.drainSorted(new int[0], new float[2]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(heap.drainItems()).containsExactly(1);
  }
}
