package dev.coppice.spark.rank;

import dev.coppice.core.topk.Scorer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;

/**
 * The best targets of a block of source rows among the targets scored so far. Row r has {@code
 * counts[r]} of them from position {@code r * width} on, best first: by score, equal ones by code.
 */
public final class TopBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  final int width;
  final String[] names;
  final long[] numbers;
  final int[] counts;
  final int[] codes;
  final float[] scores;
  final String[] targetNames;
  final long[] targetNumbers;

  private TopBlock(int width, String[] names, long[] numbers, int rows, boolean stringTargets) {
    this.width = width;
    this.names = names;
    this.numbers = numbers;
    counts = new int[rows];
    codes = new int[rows * width];
    scores = new float[rows * width];
    targetNames = stringTargets ? new String[rows * width] : null;
    targetNumbers = stringTargets ? null : new long[rows * width];
  }

  /** Ranks one block of targets for one block of sources; at most k targets a source. */
  static TopBlock score(TableBlock sources, TableBlock targets, Scorer scorer, int k) {
    int width = Math.max(1, Math.min(k, targets.rows()));
    boolean strings = targets.names != null;
    TopBlock top = new TopBlock(width, sources.names, sources.numbers, sources.rows(), strings);
    scorer.recommend(
        sources.sources(),
        (row, count, items, values) -> {
          int at = row * width;
          top.counts[row] = count;
          System.arraycopy(items, 0, top.codes, at, count);
          System.arraycopy(values, 0, top.scores, at, count);
          for (int j = 0; j < count; j++) {
            int target = items[j] - targets.firstCode;
            if (strings) {
              top.targetNames[at + j] = targets.names[target];
            } else {
              top.targetNumbers[at + j] = targets.numbers[target];
            }
          }
        });
    return top;
  }

  /** Returns the best k of both; the blocks hold the same sources, and no target twice. */
  TopBlock merge(TopBlock other, int k) {
    int merged = (int) Math.min(k, (long) width + other.width);
    TopBlock out = new TopBlock(merged, names, numbers, counts.length, targetNames != null);
    for (int row = 0; row < counts.length; row++) {
      int a = row * width;
      int b = row * other.width;
      int endA = a + counts[row];
      int endB = b + other.counts[row];
      int to = row * merged;
      int end = to + merged;
      while (to < end && (a < endA || b < endB)) {
        if (b == endB || (a < endA && before(a, other, b))) {
          copy(this, a++, out, to++);
        } else {
          copy(other, b++, out, to++);
        }
      }
      out.counts[row] = to - row * merged;
    }
    return out;
  }

  private boolean before(int a, TopBlock other, int b) {
    return scores[a] > other.scores[b]
        || (scores[a] == other.scores[b] && codes[a] < other.codes[b]);
  }

  private static void copy(TopBlock from, int at, TopBlock to, int place) {
    to.codes[place] = from.codes[at];
    to.scores[place] = from.scores[at];
    if (from.targetNames != null) {
      to.targetNames[place] = from.targetNames[at];
    } else {
      to.targetNumbers[place] = from.targetNumbers[at];
    }
  }

  /** Returns the lists as rows; with codes only, or with ids only. */
  Iterator<TopRow> rows(boolean asCodes) {
    return new Iterator<>() {
      private int row;

      @Override
      public boolean hasNext() {
        return row < counts.length;
      }

      @Override
      public TopRow next() {
        TopRow out = new TopRow();
        if (names != null) {
          out.setName(names[row]);
        } else {
          out.setNumber(numbers[row]);
        }
        int from = row * width;
        int to = from + counts[row];
        out.setScores(Arrays.copyOfRange(scores, from, to));
        if (asCodes) {
          out.setCodes(Arrays.copyOfRange(codes, from, to));
        } else if (targetNames != null) {
          out.setTargetNames(Arrays.copyOfRange(targetNames, from, to));
        } else {
          out.setTargetNumbers(Arrays.copyOfRange(targetNumbers, from, to));
        }
        row++;
        return out;
      }
    };
  }
}
