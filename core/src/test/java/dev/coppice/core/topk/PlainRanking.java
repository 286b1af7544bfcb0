package dev.coppice.core.topk;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The best items by a complete sort, for tests. */
final class PlainRanking {

  private PlainRanking() {}

  /** Items by descending score, equal ones by number, without the seen ones (ascending). */
  static int[] best(float[] scores, int[] seen, int k) {
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
}
