package dev.coppice.core.als;

import dev.coppice.core.linalg.Cholesky;
import dev.coppice.core.linalg.VectorKernels;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Solves single rows on their support, and scores every position of a row. Holds the scratch of one
 * thread: {@code rank} numbers a few times, and the k x k system of the largest row so far.
 *
 * <p>Row system (docs/design.md section 5, "Solve"; Rendle et al., RecSys 2022, equation 7,
 * restricted to the support S): A = alpha_0 G[S,S] + sum_i c_i q_i[S] q_i[S]^T + reg I, b = sum_i
 * e_i q_i[S], with pull e_i = c_i t_i. Where one dimension is pinned to 1, its row and column go to
 * the right-hand side.
 *
 * <p>Scores ("Explore"): g_j = alpha_0 (G w)_j + sum_i (c_i w.q_i - e_i) q_ij and h_j = alpha_0
 * G_jj + sum_i c_i q_ij^2 + reg, over all of the row's observations. Differs from DSL (Wang et al.,
 * WSDM 2024), which grows by the gradient of one minibatch: with both sides sparse that collapses.
 */
public final class RowSolver {
  private final HalfSweep step;
  private final int rank;
  private final double alpha0;
  private final double pullOffset;
  private final double scale;
  private final SparseTable[] src;
  private final int localBits;
  private final int localMask;
  private final DenseAssembler dense;

  private final int[] position;
  private final int[] hitIndex;
  private final double[] hitValue;
  private final float[] denseRow;
  private final double[] gradient;
  private final double[] curvature;
  private final double[] ratios;
  private final float[] gains;
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
    scale = step.confidenceScale();
    src = step.src();
    localBits = step.code().localBits();
    localMask = (1 << localBits) - 1;
    dense = step.dense() ? new DenseAssembler(step, rank) : null;
    position = new int[rank];
    Arrays.fill(position, -1);
    hitIndex = new int[rank + 1];
    hitValue = new double[rank + 1];
    denseRow = new float[rank];
    gradient = new double[rank];
    curvature = new double[rank];
    ratios = new double[rank];
    gains = new float[rank];
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
    solve(block, row, dims, begin, end, weights, null, 0);
  }

  /**
   * As above, with {@code pull * |w - anchor|^2} added to the row's objective: a proximal step
   * towards {@code anchor}. {@link #loss} then leaves out {@code pull * |anchor|^2}, a constant.
   *
   * @param anchor read at {@code begin .. end - 1}; may be the same array as {@code weights}; null
   *     for none
   * @param pull strength, at least 0
   */
  public void solve(
      InteractionBlock block,
      int row,
      short[] dims,
      int begin,
      int end,
      float[] weights,
      float[] anchor,
      double pull) {
    solve(block, row, dims, begin, end, weights, anchor, pull, null);
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
   * As above, with a quadratic term added to the row's objective, restricted to the support; {@link
   * #loss} has it as well.
   *
   * @param term null for none
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
    reg = step.objective().regularisation(block.observations(row), step.srcRows());
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
  public double loss() {
    return loss;
  }

  /** Returns the L2 strength of the row solved or scored last. */
  public double regularisation() {
    return reg;
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
      double confidence = confidence(block, i);
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
      int pivot;
      if (reg > 0) {
        pivot = Cholesky.factor(system, k, k);
      } else {
        backup = backup == null ? Arrays.copyOf(system, k * k) : backup;
        pivot = Cholesky.factor(system, k, k);
      }
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

  /**
   * Scores every position of a row at its weights: afterwards {@link #gain} and {@link #saliency}
   * answer.
   *
   * @param table holds the row's weights
   */
  public void score(InteractionBlock block, int row, SparseTable table) {
    score(block, row, table, row);
  }

  /** As {@link #score(InteractionBlock, int, SparseTable)}, the weights being another row's. */
  void score(InteractionBlock block, int row, SparseTable table, int tableRow) {
    reg = step.objective().regularisation(block.observations(row), step.srcRows());
    short[] dims = table.dims();
    float[] weights = table.weights();
    int begin = table.begin(tableRow);
    int end = table.end(tableRow);
    Arrays.fill(gradient, 0);
    Arrays.fill(curvature, reg);
    if (alpha0 > 0) {
      double[] gramian = step.gramian();
      for (int p = begin; p < end; p++) {
        if (weights[p] != 0) {
          VectorKernels.axpy(
              alpha0 * weights[p], gramian, (dims[p] & 0xFFFF) * rank, gradient, 0, rank);
        }
      }
      for (int j = 0; j < rank; j++) {
        curvature[j] += alpha0 * gramian[j * rank + j];
      }
    }
    table.scatter(tableRow, denseRow);
    int last = block.offsets()[row + 1];
    for (int i = block.offsets()[row]; i < last; i++) {
      int code = block.codes()[i];
      SparseTable other = src[code >>> localBits];
      int from = other.begin(code & localMask);
      int to = other.end(code & localMask);
      short[] otherDims = other.dims();
      float[] otherWeights = other.weights();
      double prediction = 0;
      for (int p = from; p < to; p++) {
        prediction += (double) denseRow[otherDims[p] & 0xFFFF] * otherWeights[p];
      }
      double confidence = confidence(block, i);
      double target = block.ratings() == null ? 1 : block.ratings()[i];
      double residual = confidence * prediction - (pullOffset + confidence * target);
      for (int p = from; p < to; p++) {
        int j = otherDims[p] & 0xFFFF;
        double value = otherWeights[p];
        gradient[j] += residual * value;
        curvature[j] += confidence * value * value;
      }
    }
    table.unscatter(tableRow, denseRow);
  }

  /**
   * Estimates by how much the objective would fall if the row were solved on its support: the sum
   * of g_j^2 / h_j over its stored positions, each taken alone. Costs less than solving: no system
   * is built. {@link #loss} then gives the row's part of the objective at its present weights.
   */
  public double slack(InteractionBlock block, int row, SparseTable table) {
    reg = step.objective().regularisation(block.observations(row), step.srcRows());
    short[] dims = table.dims();
    float[] weights = table.weights();
    int begin = table.begin(row);
    int end = table.end(row);
    double[] gramian = step.gramian();
    Arrays.fill(gradient, 0);
    Arrays.fill(curvature, 0);
    for (int p = begin; p < end; p++) {
      int at = dims[p] & 0xFFFF;
      gradient[at] = reg * weights[p];
      curvature[at] = reg;
      if (alpha0 > 0) {
        double sum = 0;
        for (int q = begin; q < end; q++) {
          sum += gramian[at * rank + (dims[q] & 0xFFFF)] * weights[q];
        }
        gradient[at] += alpha0 * sum;
        curvature[at] += alpha0 * gramian[at * rank + at];
      }
      if (step.pinned() && at == AlsObjective.BIAS_DIM) {
        gradient[at] -= reg * weights[p];
      }
    }
    table.scatter(row, denseRow);
    double constant = 0;
    double pulled = 0;
    int last = block.offsets()[row + 1];
    for (int i = block.offsets()[row]; i < last; i++) {
      int code = block.codes()[i];
      SparseTable other = src[code >>> localBits];
      int from = other.begin(code & localMask);
      int to = other.end(code & localMask);
      double prediction = 0;
      for (int p = from; p < to; p++) {
        prediction += (double) denseRow[other.dim(p)] * other.weights()[p];
      }
      double confidence = confidence(block, i);
      double target = block.ratings() == null ? 1 : block.ratings()[i];
      double pull = pullOffset + confidence * target;
      double residual = confidence * prediction - pull;
      constant += pull * target;
      pulled += pull * prediction;
      for (int p = from; p < to; p++) {
        int j = other.dim(p);
        double value = other.weights()[p];
        gradient[j] += residual * value;
        curvature[j] += confidence * value * value;
      }
    }
    table.unscatter(row, denseRow);
    double fall = 0;
    double along = 0;
    for (int p = begin; p < end; p++) {
      int at = dims[p] & 0xFFFF;
      along += weights[p] * gradient[at];
      if (step.pinned() && at == AlsObjective.BIAS_DIM) {
        continue;
      }
      fall += curvature[at] > 0 ? gradient[at] * gradient[at] / curvature[at] : 0;
    }
    // w'Aw - 2 b'w + constant, with A w = gradient + b.
    loss = constant - pulled + along;
    return fall;
  }

  /**
   * Returns w^2 h of a stored weight of the row scored last; at least 0, 0 if not a number. A
   * weight that stays for ever is infinitely salient.
   */
  public float saliency(int dim, float weight) {
    if (dim == AlsObjective.BIAS_DIM && step.objective().itemBias()) {
      return Float.POSITIVE_INFINITY;
    }
    return clean((double) weight * weight * curvature[dim]);
  }

  /**
   * Returns |w g| of a stored weight of the row scored last, g being the gradient where the weight
   * is 0 and the others are as they are; at least 0. At the row's minimum it is w^2 h: there the
   * gradient itself is 0.
   */
  double importance(int dim, float weight) {
    // The gradient as scored leaves out the weight's own L2 term, which the curvature has.
    double value = Math.abs(weight * (gradient[dim] + (reg - curvature[dim]) * weight));
    return value >= 0 ? value : 0;
  }

  /** Returns g_j^2 / h_j of an empty position of the row scored last; at least 0. */
  public float gain(int dim) {
    double g = gradient[dim];
    return curvature[dim] > 0 ? clean(g * g / curvature[dim]) : 0f;
  }

  /**
   * Returns {@link #gain} of every position of the row scored last, {@code float[rank]}; the values
   * at stored positions mean nothing, and the next call overwrites the array.
   */
  float[] gains() {
    // Two loops: the divisions of the first are compiled with SIMD.
    for (int j = 0; j < rank; j++) {
      ratios[j] = gradient[j] * gradient[j] / curvature[j];
    }
    for (int j = 0; j < rank; j++) {
      gains[j] = curvature[j] > 0 ? clean(ratios[j]) : 0f;
    }
    return gains;
  }

  /** Returns g_j at an empty position of the row scored last. */
  public double gradient(int dim) {
    return gradient[dim];
  }

  /** Returns h_j of the row scored last. */
  public double curvature(int dim) {
    return curvature[dim];
  }

  /** Returns whether rows hold the weight of the bias dimension, and it is 1. */
  boolean pinned() {
    return step.pinned();
  }

  /** Returns the row that supports are grown from: empty, or the bias dimension alone. */
  SparseTable bareRow() {
    return BiasRows.reserve(step.objective(), step.pinned(), SparseTable.empty(rank, 1));
  }

  /** Returns |w|^2 of a row as the L2 term counts it, which leaves out a pinned weight. */
  double squares(SparseTable table, int row, float[] weights) {
    double squares = 0;
    for (int p = table.begin(row); p < table.end(row); p++) {
      boolean counts = !step.pinned() || table.dim(p) != AlsObjective.BIAS_DIM;
      squares += counts ? (double) weights[p] * weights[p] : 0;
    }
    return squares;
  }

  private static float clean(double score) {
    // Adding zero turns -0 into 0, whose bits order as the smallest.
    return score >= 0 ? (float) Math.min(score, Float.MAX_VALUE) + 0f : 0f;
  }

  private double confidence(InteractionBlock block, int i) {
    float[] confidences = block.confidences();
    return confidences == null ? scale : scale * confidences[i];
  }
}
