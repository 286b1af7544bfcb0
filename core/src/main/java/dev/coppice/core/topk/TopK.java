package dev.coppice.core.topk;

import java.util.Arrays;

/**
 * The best k of a stream of (item, score), in a heap of fixed size.
 *
 * <p>Higher scores are better; of equal scores the smaller item index is better, so what is kept
 * does not depend on the order of the offers. Each item is to be offered once. Scores of NaN and
 * negative infinity are never kept: the first has no place in the order, the second marks excluded
 * items. Not safe for use by several threads at once. 8 k bytes.
 */
public final class TopK {

  private final int capacity;
  // A binary heap with the worst kept entry at the root.
  private final float[] scores;
  private final int[] items;
  private int size;

  /**
   * An empty heap.
   *
   * @throws IllegalArgumentException if k is below 1
   */
  public TopK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; allowed: 1 or more");
    }
    capacity = k;
    scores = new float[k];
    items = new int[k];
  }

  /** Forgets all entries. */
  public void clear() {
    size = 0;
  }

  /**
   * The worst kept score once the heap is full, negative infinity before. An offer below it is
   * never kept, one above always, an equal one if its item index is smaller than that of the worst.
   */
  public float threshold() {
    return size < capacity ? Float.NEGATIVE_INFINITY : scores[0];
  }

  /** Offers one entry; true if it was kept. */
  public boolean offer(int item, float score) {
    if (size < capacity) {
      if (!(score > Float.NEGATIVE_INFINITY)) {
        return false;
      }
      siftUp(size++, item, score);
      return true;
    }
    if (score > scores[0] || (score == scores[0] && item < items[0])) {
      siftDown(0, size, item, score);
      return true;
    }
    return false;
  }

  /**
   * Empties the heap into two arrays, best first; what follows the entries there is left alone.
   *
   * @return the number of entries written
   * @throws IllegalArgumentException if an array has no room for the entries that are kept
   */
  public int drainSorted(int[] itemsOut, float[] scoresOut) {
    if (itemsOut.length < size || scoresOut.length < size) {
      throw new IllegalArgumentException(
          "room for "
              + Math.min(itemsOut.length, scoresOut.length)
              + " entries, "
              + size
              + " are kept; give arrays of "
              + capacity
              + " entries");
    }
    int count = size;
    while (size > 0) {
      int last = --size;
      itemsOut[last] = items[0];
      scoresOut[last] = scores[0];
      if (last > 0) {
        siftDown(0, last, items[last], scores[last]);
      }
    }
    return count;
  }

  /** Empties the heap into a new array of item indices, best first. */
  public int[] drainItems() {
    int[] out = new int[size];
    drainSorted(out, new float[size]);
    return out;
  }

  @Override
  public String toString() {
    return "TopK" + Arrays.toString(Arrays.copyOf(items, size));
  }

  private static boolean worse(float score, int item, float otherScore, int otherItem) {
    return score < otherScore || (score == otherScore && item > otherItem);
  }

  private void siftUp(int start, int item, float score) {
    int hole = start;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (!worse(score, item, scores[parent], items[parent])) {
        break;
      }
      scores[hole] = scores[parent];
      items[hole] = items[parent];
      hole = parent;
    }
    scores[hole] = score;
    items[hole] = item;
  }

  private void siftDown(int start, int end, int item, float score) {
    int hole = start;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= end) {
        break;
      }
      int right = child + 1;
      if (right < end && worse(scores[right], items[right], scores[child], items[child])) {
        child = right;
      }
      if (!worse(scores[child], items[child], score, item)) {
        break;
      }
      scores[hole] = scores[child];
      items[hole] = items[child];
      hole = child;
    }
    scores[hole] = score;
    items[hole] = item;
  }
}
