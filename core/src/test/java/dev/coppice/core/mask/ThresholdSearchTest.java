package dev.coppice.core.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdSearchTest {
  private static final int N = 4_001;

  private record Key(int score, long tie) {}

  /** Named lists of scores; position i is row i / 64, dim i % 64. */
  static Stream<List<Object>> scores() {
    return Stream.of(
        named("all zero", i -> 0),
        named("all equal", i -> 0.37f),
        named("all the largest", i -> Float.MAX_VALUE),
        named("two values", i -> i % 3 == 0 ? 1f : 0f),
        named("heavy ties", i -> (float) (1 + i % 5)),
        named("denormals", i -> i * Float.MIN_VALUE),
        named("one value apart in the last bit", i -> Float.intBitsToFloat(0x3F800000 + i)),
        named("one bucket but one", i -> i == 77 ? 1e9f : 1f + i * 1e-7f),
        named("from the least to the largest", i -> i % 2 == 0 ? Float.MIN_VALUE : Float.MAX_VALUE),
        named("exponents", i -> (float) StrictMath.pow(2, i % 250 - 125)),
        named("uniform", i -> (float) SeedStream.uniform(1, Purpose.SAMPLE, i, 0)));
  }

  private static List<Object> named(String name, IntToDoubleFunction score) {
    float[] scores = new float[N];
    Arrays.setAll(new double[N], i -> scores[i] = (float) score.applyAsDouble(i));
    return List.of(name, scores);
  }

  private static Key[] keys(float[] scores, boolean grow) {
    Key[] keys = new Key[scores.length];
    for (int i = 0; i < keys.length; i++) {
      int score = grow ? ScoreKey.grow(scores[i]) : ScoreKey.prune(scores[i]);
      keys[i] = new Key(score, ScoreKey.tie(i / 64, i % 64));
    }
    return keys;
  }

  /** Counts by parts, as partitions do, and adds the histograms. */
  private static Threshold search(Key[] keys, long need, int parts) {
    ThresholdSearch search = new ThresholdSearch(need);
    int rounds = 0;
    while (!search.done()) {
      ScoreHistogram sum = new ScoreHistogram();
      KeyPrefix prefix = search.prefix();
      for (int part = parts - 1; part >= 0; part--) {
        ScoreHistogram counts = new ScoreHistogram();
        for (int i = part; i < keys.length; i += parts) {
          if (prefix.matches(keys[i].score, keys[i].tie)) {
            counts.countGrow(ScoreKey.digit(keys[i].score, keys[i].tie, search.level()));
          }
        }
        BucketCounts.of(counts).addTo(sum);
      }
      search.accept(sum.grow());
      rounds++;
    }
    assertThat(rounds).isLessThanOrEqualTo(ScoreKey.LEVELS);
    assertThat(search.prefix().matches(0, 0)).isFalse();
    return search.threshold();
  }

  @ParameterizedTest
  @MethodSource("scores")
  void takesWhatAFullSortTakes(List<Object> input) {
    for (boolean grow : new boolean[] {true, false}) {
      Key[] keys = keys((float[]) input.get(1), grow);
      Key[] sorted = keys.clone();
      Arrays.sort(sorted, largestFirst());
      for (int need : new int[] {0, 1, 2, 63, 1334, 2000, N - 1, N}) {
        Threshold threshold = search(keys, need, 1);
        assertThat(threshold.taken()).isEqualTo(need);
        boolean[] taken = new boolean[N];
        boolean[] first = new boolean[N];
        Arrays.fill(first, 0, need, true);
        for (int i = 0; i < N; i++) {
          taken[i] = threshold.takes(sorted[i].score, sorted[i].tie);
        }
        assertThat(taken).as("%s, need %d", input.get(0), need).isEqualTo(first);
      }
    }
  }

  private static Comparator<Key> largestFirst() {
    return (a, b) -> ScoreKey.compare(b.score, b.tie, a.score, a.tie);
  }

  @ParameterizedTest
  @MethodSource("scores")
  void doesNotDependOnHowTheScoresAreSplit(List<Object> input) {
    Key[] keys = keys((float[]) input.get(1), false);
    Threshold one = search(keys, 1234, 1);
    assertThat(search(keys, 1234, 2)).isEqualTo(one);
    assertThat(search(keys, 1234, 7)).isEqualTo(one);
  }

  @Test
  void tiesThatAgreeInTheirLeadingDigitsAreToldApart() {
    for (int shift : new int[] {0, 12, 28, 44}) {
      Key[] keys = new Key[300];
      Arrays.setAll(keys, i -> new Key(77, (long) i << shift | 0x4000_0000_0000_0000L));
      Threshold threshold = search(keys, 100, 3);
      assertThat(taken(keys, threshold)).isEqualTo(IntStream.range(200, 300).toArray());
    }
  }

  @Test
  void largerScoresAreTakenFirst() {
    float[] scores = {0.1f, 5f, 0f, 3f};
    Threshold grown = search(keys(scores, true), 2, 1);
    Threshold pruned = search(keys(scores, false), 2, 1);
    assertThat(taken(keys(scores, true), grown)).containsExactly(1, 3);
    assertThat(taken(keys(scores, false), pruned)).containsExactly(0, 2);
  }

  private static int[] taken(Key[] keys, Threshold threshold) {
    return IntStream.range(0, keys.length)
        .filter(i -> threshold.takes(keys[i].score, keys[i].tie))
        .toArray();
  }

  @Test
  void aBucketTakenWholeEndsTheSearchAtOnce() {
    ThresholdSearch search = new ThresholdSearch(3);
    long[] counts = new long[ScoreKey.BUCKETS];
    counts[900] = 3;
    counts[800] = 40;
    search.accept(counts);
    assertThat(search.done()).isTrue();
    assertThat(search.threshold()).isEqualTo(new Threshold(900 << 16, 0, 3));
    assertThatThrownBy(() -> search.accept(counts)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void needingNothingIsDoneAtTheStart() {
    ThresholdSearch search = new ThresholdSearch(0);
    assertThat(search.done()).isTrue();
    assertThat(search.threshold()).isEqualTo(Threshold.NOTHING);
    assertThat(Threshold.NOTHING.takes(Integer.MAX_VALUE, -1L)).isFalse();
  }

  @Test
  void saysWhenThereAreTooFewScores() {
    ThresholdSearch search = new ThresholdSearch(5);
    long[] counts = new long[ScoreKey.BUCKETS];
    counts[3] = 2;
    assertThatThrownBy(() -> search.accept(counts))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the scores counted at digit 0 are 3 fewer than those to take");
  }

  @Test
  void hasNoThresholdBeforeItIsDone() {
    assertThatThrownBy(() -> new ThresholdSearch(1).threshold())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not settled at digit 0");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void refusesANegativeNumber(long need) {
    assertThatThrownBy(() -> new ThresholdSearch(need))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need is " + need + "; it must be at least 0");
  }

  @Test
  void histogramsAddUp() {
    ScoreHistogram a = new ScoreHistogram();
    a.countPrune(0);
    a.countPrune(65_535);
    a.countGrow(7);
    ScoreHistogram b = new ScoreHistogram();
    b.countPrune(65_535);
    BucketCounts.of(b).addTo(a);
    assertThat(a.prune()[65_535]).isEqualTo(2);
    assertThat(ScoreHistogram.total(a.prune())).isEqualTo(3);
    assertThat(ScoreHistogram.total(a.grow())).isEqualTo(1);
  }
}
