package dev.coppice.core.linalg;

import java.util.Arrays;
import java.util.Objects;

/**
 * Minimises x'Ax - 2 b'x over x &gt;= 0 for a symmetric positive definite A, stored as for {@link
 * Cholesky}. Holds the scratch of one thread: the system of the largest order so far, once more.
 *
 * <p>The active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23),
 * on the normal equations as in Bro and de Jong (A fast non-negativity-constrained least squares
 * algorithm, Journal of Chemometrics 11, 1997). A set of unknowns is free, the others are 0; the
 * free ones are solved by Cholesky's factor of their part of A, those that would fall below 0 leave
 * the set at the first bound on the way there, and the one that lowers the sum most enters it.
 * Chosen over projected descent as it ends at the minimum itself, not near it, and rows are short.
 * Differs from both: all unknowns are free at first, and while x is still 0 all that come out below
 * 0 leave at once, so that a row whose minimum has few zeros costs a few factors; and an unknown
 * enters only if that lowers the sum by more than {@value #LEAST} of what it is lowered by already,
 * which rounding cannot feign. The sum falls with every unknown that enters, so that no set comes
 * twice; after 3 k of them, which random problems do not reach, x is returned as it is.
 *
 * <p>What is done depends on the system alone, ties going to the lower index. Cost: for each set
 * that is tried that of {@link Cholesky} for its size, and 2 k^2 operations.
 */
public final class NonnegativeSolver {
  /**
   * Share of b'x below which a gain may come from rounding: the square of 1e-10 in the gradient.
   */
  private static final double LEAST = 1e-20;

  private static final int ENTRIES_PER_UNKNOWN = 3;

  private double[] part = new double[0];
  private double[] values = new double[0];

  /** The free unknowns, ascending. */
  private int[] free = new int[0];

  private boolean[] shut = new boolean[0];
  private int size;

  /**
   * Solves a system; it is left as it was.
   *
   * @param x {@code x[0..k)} becomes the solution; an unknown that is not free is 0 exactly
   * @return whether all systems that were tried are positive definite; if not, x means nothing
   * @throws IllegalArgumentException if k is negative
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public boolean solve(double[] a, int k, double[] x) {
    Objects.checkFromIndexSize(0, Cholesky.size(k), a.length);
    Objects.checkFromIndexSize(0, k, x.length);
    reserve(k);
    Arrays.fill(x, 0, k, 0);
    Arrays.fill(shut, 0, k, false);
    for (int i = 0; i < k; i++) {
      free[i] = i;
    }
    size = k;
    if (!start(a, k, x)) {
      return false;
    }
    for (int entry = 0; entry < ENTRIES_PER_UNKNOWN * k; entry++) {
      int entering = best(a, k, x);
      if (entering < 0) {
        return true;
      }
      enter(entering);
      if (!move(a, k, x, entering)) {
        return false;
      }
    }
    return true;
  }

  private void reserve(int k) {
    if (values.length < k) {
      int most = Math.max(k, 2 * values.length);
      part = new double[Cholesky.size(most)];
      values = new double[most];
      free = new int[most];
      shut = new boolean[most];
    }
  }

  /** From x = 0 and all unknowns free: those that come out below 0 leave, until none does. */
  private boolean start(double[] a, int k, double[] x) {
    while (true) {
      if (!solveFree(a, k)) {
        return false;
      }
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (!(values[i] <= 0)) {
          free[kept++] = free[i];
        }
      }
      if (kept == size) {
        take(x);
        return true;
      }
      size = kept;
    }
  }

  private void take(double[] x) {
    for (int i = 0; i < size; i++) {
      x[free[i]] = values[i];
    }
  }

  /** Solves for the free unknowns, the others being 0: {@code values[0..size)}. */
  private boolean solveFree(double[] a, int k) {
    int from = Cholesky.width(k);
    int to = Cholesky.width(size);
    for (int i = 0; i < size; i++) {
      int row = free[i] * from;
      for (int j = i; j < size; j++) {
        part[i * to + j] = a[row + free[j]];
      }
      part[i * to + size] = a[row + k];
      Arrays.fill(part, i * to + size + 1, (i + 1) * to, 0);
    }
    if (Cholesky.factor(part, size) >= 0) {
      return false;
    }
    Cholesky.solve(part, size, values);
    return true;
  }

  /** Returns the unknown that lowers the sum most if it becomes free alone; below 0 for none. */
  private int best(double[] a, int k, double[] x) {
    int width = Cholesky.width(k);
    double lowered = 0;
    for (int i = 0; i < size; i++) {
      lowered += a[free[i] * width + k] * x[free[i]];
    }
    double least = LEAST * lowered;
    int best = -1;
    int next = 0;
    for (int i = 0; i < k; i++) {
      if (next < size && free[next] == i) {
        next++;
        continue;
      }
      double pull = a[i * width + k];
      for (int f = 0; f < size; f++) {
        int j = free[f];
        pull -= (j < i ? a[j * width + i] : a[i * width + j]) * x[j];
      }
      double gain = pull > 0 && !shut[i] ? pull * pull / a[i * width + i] : 0;
      if (gain > least) {
        least = gain;
        best = i;
      }
    }
    return best;
  }

  private void enter(int unknown) {
    int at = size++;
    for (; at > 0 && free[at - 1] > unknown; at--) {
      free[at] = free[at - 1];
    }
    free[at] = unknown;
  }

  /**
   * Moves x to the solution for the free unknowns. Where one would fall to 0 on the way, x goes so
   * far, that one leaves, and the others are solved anew.
   */
  private boolean move(double[] a, int k, double[] x, int entering) {
    if (!solveFree(a, k)) {
      return false;
    }
    if (values[place(entering)] <= 0) {
      // Rounding alone spoke for it: it stays at 0 until x has moved.
      shut[entering] = true;
      leave(place(entering));
      return true;
    }
    Arrays.fill(shut, 0, k, false);
    int bound = firstBound(x);
    while (bound >= 0) {
      double share = share(x, bound);
      for (int i = 0; i < size; i++) {
        double moved = x[free[i]] + share * (values[i] - x[free[i]]);
        x[free[i]] = i == bound ? 0 : Math.max(0, moved);
      }
      leave(bound);
      if (!solveFree(a, k)) {
        return false;
      }
      bound = firstBound(x);
    }
    take(x);
    return true;
  }

  private int place(int unknown) {
    return Arrays.binarySearch(free, 0, size, unknown);
  }

  /** Returns which of the free unknowns is the first to fall to 0 on the way; below 0 for none. */
  private int firstBound(double[] x) {
    int bound = -1;
    for (int i = 0; i < size; i++) {
      if (values[i] <= 0 && (bound < 0 || share(x, i) < share(x, bound))) {
        bound = i;
      }
    }
    return bound;
  }

  /** Returns the part of the way after which an unknown that comes out at 0 or below is 0. */
  private double share(double[] x, int i) {
    double from = x[free[i]];
    return from > 0 ? from / (from - values[i]) : 0;
  }

  private void leave(int place) {
    size--;
    System.arraycopy(free, place + 1, free, place, size - place);
  }
}
