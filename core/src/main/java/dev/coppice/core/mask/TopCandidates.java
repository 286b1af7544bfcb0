package dev.coppice.core.mask;

import java.util.Arrays;

/**
 * Lists the positions of the largest keys among those of a block, which come one after the other:
 * at least {@code limit} of them, if there are so many, and seldom more than twice as many. Which
 * ones depends on the positions alone. When the list is full, the digit that {@code limit} of its
 * keys reach becomes the least that is listed.
 */
public final class TopCandidates {
  private static final int FIRST_CAPACITY = 64;

  private final int limit;
  private final boolean weighted;
  private int full;
  private int size;
  private int[] rows = new int[FIRST_CAPACITY];
  private short[] dims = new short[FIRST_CAPACITY];
  private int[] scores = new int[FIRST_CAPACITY];
  private float[] weights;
  private final int[] counts = new int[ScoreKey.BUCKETS / 2];
  private int from;

  /**
   * Makes an empty list.
   *
   * @param limit so many positions are wanted, at least 1
   * @param weighted whether each position brings the weight that it begins with
   */
  public TopCandidates(long limit, boolean weighted) {
    this.limit = (int) Math.min(Math.max(1, limit), Integer.MAX_VALUE / 4);
    this.weighted = weighted;
    full = 2 * this.limit;
    weights = weighted ? new float[FIRST_CAPACITY] : null;
  }

  /** Returns the smallest score part of a key that is still listed. */
  public int least() {
    return from << 16;
  }

  /**
   * Adds a position whose score is {@link #least} or more; rows and dims must come in ascending
   * order.
   */
  public void add(int row, int dim, int score, float weight) {
    if (size == full) {
      raise();
      if (score < least()) {
        return;
      }
    }
    if (size == rows.length) {
      resize(Math.max(size + 1, (int) Math.min(full, 2L * size)));
    }
    rows[size] = row;
    dims[size] = (short) dim;
    scores[size] = score;
    if (weighted) {
      weights[size] = weight;
    }
    size++;
  }

  /** Returns the list, and takes no more. */
  public Candidates build() {
    resize(size);
    return new Candidates(rows, dims, scores, weights, from);
  }

  private void raise() {
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      counts[scores[i] >>> 16]++;
    }
    int reached = 0;
    int digit = counts.length;
    while (reached < limit) {
      reached += counts[--digit];
    }
    from = digit;
    int to = 0;
    for (int i = 0; i < size; i++) {
      if (scores[i] >>> 16 >= from) {
        rows[to] = rows[i];
        dims[to] = dims[i];
        scores[to] = scores[i];
        if (weighted) {
          weights[to] = weights[i];
        }
        to++;
      }
    }
    size = to;
    // Many keys may share a digit: the next time is when half as many have come again.
    full = Math.max(2 * limit, Math.addExact(size, limit / 2 + 1));
  }

  private void resize(int capacity) {
    rows = Arrays.copyOf(rows, capacity);
    dims = Arrays.copyOf(dims, capacity);
    scores = Arrays.copyOf(scores, capacity);
    if (weighted) {
      weights = Arrays.copyOf(weights, capacity);
    }
  }
}
