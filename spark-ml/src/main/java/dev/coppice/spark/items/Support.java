package dev.coppice.spark.items;

import dev.coppice.core.items.NeighbourCandidates.Found;
import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.Threshold;
import java.util.Arrays;
import java.util.Iterator;
import scala.Tuple2;

/**
 * The candidates of an item.
 *
 * @param target the item
 * @param found what may become its neighbours
 */
record Support(int target, Found found) {
  /** Returns them, ascending. */
  int[] items() {
    return found.items();
  }

  /** Counts a digit of their keys. */
  void count(KeyPrefix prefix, int level, ScoreHistogram histogram) {
    found.count(target, prefix, level, histogram);
  }

  /** Returns those whose gain reaches a threshold. */
  Support taken(Threshold threshold) {
    return new Support(target, found.taken(target, threshold));
  }

  /** Asks every partition that has one of them for its columns. */
  Iterator<Tuple2<Integer, Wish>> wishes(int parts) {
    Wish wish = new Wish(target, items());
    return Arrays.stream(items())
        .map(item -> item % parts)
        .distinct()
        .mapToObj(part -> new Tuple2<>(part, wish))
        .iterator();
  }
}
