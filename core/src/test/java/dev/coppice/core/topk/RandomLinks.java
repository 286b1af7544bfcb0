package dev.coppice.core.topk;

import java.util.Random;
import java.util.TreeSet;

/** Random links, for tests. */
final class RandomLinks {

  private RandomLinks() {}

  /**
   * Row r holds {@code counts[r]} of the keys {@code 0, step, 2 step, ...} of a catalogue.
   *
   * @param gaussian whether weights are drawn that do not add up exactly; else eighths, so that
   *     ties are common
   */
  static Links random(Random random, int[] counts, int keys, int step, boolean gaussian) {
    int[] offsets = new int[counts.length + 1];
    for (int r = 0; r < counts.length; r++) {
      offsets[r + 1] = offsets[r] + counts[r];
    }
    int[] held = new int[offsets[counts.length]];
    float[] weights = new float[held.length];
    int at = 0;
    for (int count : counts) {
      TreeSet<Integer> row = new TreeSet<>();
      while (row.size() < count) {
        row.add(random.nextInt(keys) * step);
      }
      for (int key : row) {
        weights[at] = gaussian ? (float) random.nextGaussian() : (random.nextInt(33) - 16) / 8f;
        held[at++] = key;
      }
    }
    return new Links(offsets, held, weights);
  }

  /** The rows {@code from .. to - 1} on their own. */
  static Links slice(Links links, int from, int to) {
    int[] offsets = new int[to - from + 1];
    int base = links.offsets()[from];
    for (int r = from; r <= to; r++) {
      offsets[r - from] = links.offsets()[r] - base;
    }
    int end = links.offsets()[to];
    return new Links(
        offsets,
        java.util.Arrays.copyOfRange(links.keys(), base, end),
        links.weights() == null ? null : java.util.Arrays.copyOfRange(links.weights(), base, end));
  }

  /** The linked part of a score, by brute force over both rows. */
  static float sum(Links links, int row, Links other, int otherRow) {
    float sum = 0;
    for (int p = links.offsets()[row]; p < links.offsets()[row + 1]; p++) {
      for (int q = other.offsets()[otherRow]; q < other.offsets()[otherRow + 1]; q++) {
        if (links.keys()[p] == other.keys()[q]) {
          sum +=
              (links.weights() == null ? 1f : links.weights()[p])
                  * (other.weights() == null ? 1f : other.weights()[q]);
        }
      }
    }
    return sum;
  }
}
