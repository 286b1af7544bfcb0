package dev.coppice.core.als;

import dev.coppice.core.linalg.Cholesky;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Solves single rows on their support: assembles the row's system, factors and solves it. Holds the
 * scratch of one thread: {@code rank} numbers a few times, and the k x k system of the largest row
 * so far.
 *
 * <p>The system (docs/design.md section 5, "Solve"; Rendle et al., RecSys 2022, equation 7,
 * restricted to the support S): A = alpha_0 G[S,S] + sum_i c_i q_i[S] q_i[S]^T + reg I, b = sum_i
 * e_i q_i[S], with pull e_i = c_i t_i. Where one dimension is pinned to 1, its row and column go to
 * the right-hand side.
 */
public final class RowSolver {
  private final HalfSweep step;
  private final int rank;
  private final double alpha0;
  private final double pullOffset;
  private final SparseTable[] src;
  private final int localBits;
  private final int localMask;
  private final DenseAssembler dense;

  private final int[] position;
  private final int[] hitIndex;
  private final double[] hitValue;
  private double[] system = new double[0];
  private double[] pulls = new double[0];
  private double[] solution = new double[0];
  private double loss;
  private double reg;

  /** Makes the scratch for rows of a table of {@code rank} dimensions. */
  public RowSolver(HalfSweep step, int rank) {
    this.step = step;
    this.rank = rank;
    alpha0 = step.objective().unobservedWeight();
    pullOffset = step.objective().pullOffset();
    src = step.src();
    localBits = step.code().localBits();
    localMask = (1 << localBits) - 1;
    dense = step.dense() ? new DenseAssembler(step, rank) : null;
    position = new int[rank];
    Arrays.fill(position, -1);
    hitIndex = new int[rank + 1];
    hitValue = new double[rank + 1];
  }

  /**
   * Solves one row for the given support.
   *
   * @param block the observations
   * @param row row of the block
   * @param dims positions of the row's weights
   * @param begin first position of the row in {@code dims} and {@code weights}
   * @param end end of the row, exclusive
   * @param weights receives the solution at {@code begin .. end - 1}
   */
  public void solve(
      InteractionBlock block, int row, short[] dims, int begin, int end, float[] weights) {
    solve(block, row, dims, begin, end, weights, null, 0, null);
  }

  /**
   * A term of a row's objective beside its observations: {@code weight * (w' matrix w - 2
   * linear.w)}.
   *
   * @param matrix {@code double[rank * rank]}, symmetric, with no negative eigenvalue
   * @param linear {@code double[rank]}
   * @param weight at least 0
   */
  public record Quadratic(double[] matrix, double[] linear, double weight) {}

  /**
   * As above, with two more terms in the row's objective. {@link #loss} has both, but for {@code
   * pull * |anchor|^2}, a constant.
   *
   * @param anchor the first is {@code pull * |w - anchor|^2}, a proximal step towards these
   *     weights, read at {@code begin .. end - 1}; may be the same array as {@code weights}; null
   *     for none
   * @param pull its strength, at least 0
   * @param term the second, restricted to the support; null for none
   */
  public void solve(
      InteractionBlock block,
      int row,
      short[] dims,
      int begin,
      int end,
      float[] weights,
      float[] anchor,
      double pull,
      Quadratic term) {
    int k = end - begin;
    reserve(k);
    reg = step.regularisation(block, row);
    clearSystem(dims, begin, k);
    double constant;
    if (dense != null && k == rank) {
      constant = dense.assemble(block, row, system, pulls);
    } else {
      for (int a = 0; a < k; a++) {
        position[dims[begin + a] & 0xFFFF] = a;
      }
      constant = assemble(block, row, k);
      for (int a = 0; a < k; a++) {
        position[dims[begin + a] & 0xFFFF] = -1;
      }
    }
    if (anchor != null) {
      for (int a = 0; a < k; a++) {
        system[a * k + a] += pull;
        pulls[a] += pull * anchor[begin + a];
      }
    }
    if (term != null) {
      add(term, dims, begin, k);
    }
    if (step.pinned()) {
      constant += pin(dims, begin, k);
    }
    System.arraycopy(pulls, 0, solution, 0, k);
    solveSystem(block, row, k);
    double gained = 0;
    for (int a = 0; a < k; a++) {
      weights[begin + a] = (float) solution[a];
    }
    for (int a = step.pinned() ? 1 : 0; a < k; a++) {
      gained += pulls[a] * solution[a];
    }
    loss = constant - gained;
  }

  /**
   * Returns the objective's part of the row solved last: its observed and unobserved pairs and its
   * own L2 term, at the minimum.
   */
  double loss() {
    return loss;
  }

  /** Returns the L2 strength of the row solved last. */
  public double regularisation() {
    return reg;
  }

  /** Returns what this solver solves by. */
  HalfSweep step() {
    return step;
  }

  private void add(Quadratic term, short[] dims, int begin, int k) {
    for (int a = 0; a < k; a++) {
      int dim = dims[begin + a] & 0xFFFF;
      for (int b = 0; b <= a; b++) {
        system[a * k + b] += term.weight() * term.matrix()[dim * rank + (dims[begin + b] & 0xFFFF)];
      }
      pulls[a] += term.weight() * term.linear()[dim];
    }
  }

  /**
   * Fixes the first weight, which is that of the bias dimension, at 1: what it contributes moves
   * from the system to the pulls of the others. Left in its place is the equation w_0 = 1, which
   * the factorisation solves without rounding.
   *
   * @return what it adds to the constant part of the loss; it has no L2 term
   */
  private double pin(short[] dims, int begin, int k) {
    if (k == 0 || dims[begin] != AlsObjective.BIAS_DIM) {
      throw new IllegalArgumentException(
          "a row of "
              + k
              + " weights holds none in dimension "
              + AlsObjective.BIAS_DIM
              + ", which is that of the item biases");
    }
    double constant = system[0] - reg - 2 * pulls[0];
    for (int a = 1; a < k; a++) {
      pulls[a] -= system[a * k];
      system[a * k] = 0;
    }
    system[0] = 1;
    pulls[0] = 1;
    return constant;
  }

  private void reserve(int k) {
    if (pulls.length < k) {
      int size = Math.min(rank, Math.max(k, 2 * pulls.length));
      system = new double[Math.multiplyExact(size, size)];
      pulls = new double[size];
      solution = new double[size];
    }
  }

  /** A = alpha_0 G[S,S] + reg I, lower triangle with stride k; b = 0. */
  private void clearSystem(short[] dims, int begin, int k) {
    Arrays.fill(pulls, 0, k, 0);
    if (alpha0 > 0) {
      double[] gramian = step.gramian();
      for (int a = 0; a < k; a++) {
        int from = (dims[begin + a] & 0xFFFF) * rank;
        int to = a * k;
        for (int b = 0; b <= a; b++) {
          system[to + b] = alpha0 * gramian[from + (dims[begin + b] & 0xFFFF)];
        }
      }
    } else {
      Arrays.fill(system, 0, k * k, 0);
    }
    for (int a = 0; a < k; a++) {
      system[a * k + a] += reg;
    }
  }

  /** Adds the observed pairs; returns sum_i e_i t_i. */
  private double assemble(InteractionBlock block, int row, int k) {
    double constant = 0;
    int end = block.offsets()[row + 1];
    for (int i = block.offsets()[row]; i < end; i++) {
      int code = block.codes()[i];
      SparseTable table = src[code >>> localBits];
      int other = code & localMask;
      double confidence = step.confidence(block, i);
      double target = block.ratings() == null ? 1 : block.ratings()[i];
      double pull = pullOffset + confidence * target;
      constant += pull * target;
      int hits = gather(table.dims(), table.weights(), table.begin(other), table.end(other));
      for (int a = 0; a < hits; a++) {
        int at = hitIndex[a];
        double value = hitValue[a];
        pulls[at] += pull * value;
        double scaled = confidence * value;
        int base = at * k;
        for (int b = 0; b <= a; b++) {
          system[base + hitIndex[b]] += scaled * hitValue[b];
        }
      }
    }
    return constant;
  }

  /** Lists which weights of another row lie on the support; without a branch, as few do. */
  private int gather(short[] dims, float[] weights, int begin, int end) {
    int hits = 0;
    for (int p = begin; p < end; p++) {
      int at = position[dims[p] & 0xFFFF];
      hitIndex[hits] = at;
      hitValue[hits] = weights[p];
      hits += 1 + (at >> 31);
    }
    return hits;
  }

  /**
   * Solves for the row. Without any regularisation the system can be singular in doubles; then the
   * diagonal is raised, tenfold each time, until it is not.
   */
  private void solveSystem(InteractionBlock block, int row, int k) {
    double ridge = 0;
    double[] backup = null;
    while (true) {
      if (!(reg > 0) && backup == null) {
        backup = Arrays.copyOf(system, k * k);
      }
      int pivot = Cholesky.factor(system, k, k);
      if (pivot < 0) {
        Cholesky.solveFactored(system, k, k, solution);
        return;
      }
      if (backup == null || ridge > 1e30) {
        throw new ArithmeticException(
            "the system of row "
                + block.ids()[row]
                + " with "
                + k
                + " weights and "
                + block.observations(row)
                + " observations is not positive definite; raise regParam, which gives "
                + reg
                + " here");
      }
      ridge = ridge == 0 ? 1e-9 : 10 * ridge;
      System.arraycopy(backup, 0, system, 0, k * k);
      for (int a = 0; a < k; a++) {
        system[a * k + a] += ridge;
      }
    }
  }
}
