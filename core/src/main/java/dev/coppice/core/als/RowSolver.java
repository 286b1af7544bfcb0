package dev.coppice.core.als;

import dev.coppice.core.linalg.Cholesky;
import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.NonnegativeSolver;
import dev.coppice.core.linalg.VectorKernels;
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
 * the right-hand side. Where weights may not fall below 0, the same quadratic is minimised among
 * those that do not ({@link NonnegativeSolver}).
 */
public final class RowSolver {
  /** Observations that are added to the system at once. */
  private static final int TILE = 4;

  private final HalfSweep step;
  private final RowPenalty penalties;
  private final int rank;
  private final double alpha0;
  private final double pullOffset;
  private final SparseTable[] src;
  private final int localBits;
  private final int localMask;

  /** Where a dimension stands in the support; {@link #outside} for those that do not. */
  private final int[] place;

  private final int outside;
  private double[] system = new double[0];

  /**
   * Four observed rows on the support, and the same times their confidences, pulls beside them;
   * negative.
   */
  private final double[] tile;

  private final double[] scaled;
  private double[] solution = new double[0];

  /** Null where weights may have any sign. */
  private final NonnegativeSolver nonnegative;

  private double loss;
  private double reg;

  /** Makes the scratch for rows of a table of {@code rank} dimensions. */
  public RowSolver(HalfSweep step, int rank) {
    this.step = step;
    penalties = step.penalty();
    this.rank = rank;
    alpha0 = step.objective().unobservedWeight();
    pullOffset = step.objective().pullOffset();
    nonnegative = step.objective().nonnegative() ? new NonnegativeSolver() : null;
    src = step.src();
    localBits = step.code().localBits();
    localMask = (1 << localBits) - 1;
    // What lies outside the support of the widest row falls behind the tile of that row.
    outside = TILE * Cholesky.width(rank);
    tile = new double[outside + (TILE - 1) * Cholesky.width(rank) + 1];
    scaled = new double[tile.length];
    place = new int[rank];
    Arrays.fill(place, outside);
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
    int width = Cholesky.width(k);
    reserve(k);
    reg = penalties.strength(block, row);
    clearSystem(dims, begin, k);
    for (int a = 0; a < k; a++) {
      place[dims[begin + a] & 0xFFFF] = a;
    }
    double constant = assemble(block, row, k);
    if (step.kept() != null) {
      constant += addKept(block, row, dims, begin, k);
    }
    for (int a = 0; a < k; a++) {
      place[dims[begin + a] & 0xFFFF] = outside;
    }
    if (anchor != null) {
      for (int a = 0; a < k; a++) {
        system[a * width + a] += pull;
        system[a * width + k] += pull * anchor[begin + a];
      }
    }
    if (term != null) {
      add(term, dims, begin, k);
    }
    if (step.pinned()) {
      constant += pin(dims, begin, k);
    }
    double gained = solveSystem(block, row, k);
    for (int a = 0; a < k; a++) {
      weights[begin + a] = (float) solution[a];
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
    int width = Cholesky.width(k);
    for (int a = 0; a < k; a++) {
      int dim = dims[begin + a] & 0xFFFF;
      for (int b = a; b < k; b++) {
        system[a * width + b] +=
            term.weight() * term.matrix()[dim * rank + (dims[begin + b] & 0xFFFF)];
      }
      system[a * width + k] += term.weight() * term.linear()[dim];
    }
  }

  /**
   * Adds the scores that an earlier model gave.
   *
   * @return what it adds to the constant part of the loss, that of the scores themselves left out
   */
  private double addKept(InteractionBlock block, int row, short[] dims, int begin, int k) {
    KeptScores kept = step.kept();
    EarlierRows earlier = block.earlier();
    int width = Cholesky.width(k);
    double scale = kept.scale(earlier, row);
    double[] weighted = kept.other().weighted();
    for (int a = 0; a < k; a++) {
      int dim = dims[begin + a] & 0xFFFF;
      for (int b = a; b < k && scale > 0; b++) {
        system[a * width + b] += scale * weighted[dim * rank + (dims[begin + b] & 0xFFFF)];
      }
      system[a * width + k] += kept.linear(earlier, row, scale, dim);
    }
    penalties.addEarlier(
        block, row, 1, system, dim -> place[dim] == outside ? -1 : place[dim] * width + k);
    return penalties.ofEarlier(block, row);
  }

  /**
   * Fixes the first weight, which is that of the bias dimension, at 1: what it contributes moves
   * from the system to the right side of the others. Left in its place is the equation w_0 = 1,
   * which the factorisation solves without rounding.
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
    int width = Cholesky.width(k);
    double constant = system[0] - reg - 2 * system[k];
    for (int a = 1; a < k; a++) {
      system[a * width + k] -= system[a];
      system[a] = 0;
    }
    system[0] = 1;
    system[k] = 1;
    return constant;
  }

  private void reserve(int k) {
    if (solution.length < k) {
      int size = Math.min(rank, Math.max(k, 2 * solution.length));
      system = new double[Cholesky.size(size)];
      solution = new double[size];
    }
  }

  /** A = alpha_0 G[S,S] + reg I; b = 0. */
  private void clearSystem(short[] dims, int begin, int k) {
    int width = Cholesky.width(k);
    Arrays.fill(system, 0, k * width, 0);
    if (alpha0 > 0) {
      double[] gramian = step.gramian();
      for (int a = 0; a < k; a++) {
        int from = (dims[begin + a] & 0xFFFF) * rank;
        int to = a * width;
        for (int b = a; b < k; b++) {
          system[to + b] = alpha0 * gramian[from + (dims[begin + b] & 0xFFFF)];
        }
      }
    }
    for (int a = 0; a < k; a++) {
      system[a * width + a] += reg;
    }
  }

  /** Adds the observed pairs; returns sum_i e_i t_i. */
  private double assemble(InteractionBlock block, int row, int k) {
    Kernels kernels = VectorKernels.chosen();
    double constant = 0;
    int width = Cholesky.width(k);
    int end = block.offsets()[row + 1];
    for (int first = block.offsets()[row]; first < end; first += TILE) {
      Arrays.fill(tile, 0, TILE * width, 0);
      Arrays.fill(scaled, 0, TILE * width, 0);
      int last = Math.min(end, first + TILE);
      for (int i = first; i < last; i++) {
        double confidence = step.confidence(block, i);
        double target = block.ratings() == null ? 1 : block.ratings()[i];
        double pull = pullOffset + confidence * target;
        constant += pull * target;
        int base = (i - first) * width;
        load(block.codes()[i], base, confidence);
        scaled[base + k] = -pull;
      }
      // q (c q)' to A, q e to b.
      kernels.subtractProducts4(tile, 0, scaled, 0, width, system, 0, k, width);
    }
    return constant;
  }

  /** Writes an observed row to the tile: what lies outside the support falls behind it. */
  private void load(int code, int base, double confidence) {
    SparseTable table = src[code >>> localBits];
    int other = code & localMask;
    short[] dims = table.dims();
    float[] weights = table.weights();
    int end = table.end(other);
    for (int p = table.begin(other); p < end; p++) {
      int at = base + place[dims[p] & 0xFFFF];
      double weight = weights[p];
      tile[at] = weight;
      scaled[at] = -confidence * weight;
    }
  }

  /**
   * Solves for the row; returns b'x. Without any regularisation the system can be singular in
   * doubles; then the diagonal is raised, tenfold each time, until it is not.
   */
  private double solveSystem(InteractionBlock block, int row, int k) {
    int width = Cholesky.width(k);
    double ridge = 0;
    double[] backup = null;
    while (true) {
      if (!(reg > 0) && backup == null) {
        backup = Arrays.copyOf(system, k * width);
      }
      if (solved(k)) {
        return gained(k, width);
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
      System.arraycopy(backup, 0, system, 0, k * width);
      for (int a = 0; a < k; a++) {
        system[a * width + a] += ridge;
      }
    }
  }

  private boolean solved(int k) {
    if (nonnegative != null) {
      return nonnegative.solve(system, k, solution);
    }
    if (Cholesky.factor(system, k) >= 0) {
      return false;
    }
    Cholesky.solve(system, k, solution);
    return true;
  }

  /**
   * Returns b'x, without the equation of a pinned weight: |y|^2 of a factored system, or the sum
   * itself where the system is as it was.
   */
  private double gained(int k, int width) {
    double sum = 0;
    for (int a = step.pinned() ? 1 : 0; a < k; a++) {
      double right = system[a * width + k];
      sum += right * (nonnegative == null ? right : solution[a]);
    }
    return sum;
  }
}
