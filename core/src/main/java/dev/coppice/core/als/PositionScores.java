package dev.coppice.core.als;

import dev.coppice.core.linalg.VectorKernels;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Scores the positions of single rows by the gradient and the curvature of the row's objective.
 * Holds the scratch of one thread: {@code rank} numbers a few times.
 *
 * <p>The scores (docs/design.md section 5, "Explore"): g_j = alpha_0 (G w)_j + sum_i (c_i w.q_i -
 * e_i) q_ij and h_j = alpha_0 G_jj + sum_i c_i q_ij^2 + reg, over all of the row's observations.
 * Differs from DSL (Wang et al., WSDM 2024), which grows by the gradient of one minibatch: with
 * both sides sparse that collapses.
 */
public final class PositionScores {
  private final HalfSweep step;
  private final RowPenalty penalties;
  private final int rank;
  private final double alpha0;
  private final double pullOffset;
  private final boolean nonnegative;
  private final SparseTable[] src;
  private final int localBits;
  private final int localMask;

  private final double[] denseRow;
  private double[] residuals = new double[64];
  private final double[] gradient;
  private final double[] curvature;
  private final double[] ratios;
  private final float[] gains;
  private double targets;
  private double predictions;
  private double loss;
  private double reg;

  /** Makes the scratch for rows of a table of {@code rank} dimensions. */
  public PositionScores(HalfSweep step, int rank) {
    this.step = step;
    penalties = step.penalty();
    this.rank = rank;
    alpha0 = step.objective().unobservedWeight();
    pullOffset = step.objective().pullOffset();
    nonnegative = step.objective().nonnegative();
    src = step.src();
    localBits = step.code().localBits();
    localMask = (1 << localBits) - 1;
    denseRow = new double[rank];
    gradient = new double[rank];
    curvature = new double[rank];
    ratios = new double[rank];
    gains = new float[rank];
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
    reg = penalties.strength(block, row);
    short[] dims = table.dims();
    float[] weights = table.weights();
    int begin = table.begin(tableRow);
    int end = table.end(tableRow);
    Arrays.fill(gradient, 0);
    Arrays.fill(curvature, reg);
    if (alpha0 > 0) {
      double[] gramian = step.gramian();
      int p = begin;
      for (; p + 4 <= end; p += 4) {
        addFour(gramian, dims, weights, p);
      }
      for (; p < end; p++) {
        VectorKernels.chosen()
            .axpy(alpha0 * weights[p], gramian, (dims[p] & 0xFFFF) * rank, gradient, 0, rank);
      }
      for (int j = 0; j < rank; j++) {
        curvature[j] += alpha0 * gramian[j * rank + j];
      }
    }
    addObserved(block, row, table, tableRow);
    if (step.kept() != null) {
      step.kept().addTo(block.earlier(), row, table, tableRow, gradient, curvature);
      penalties.addEarlier(block, row, -1, gradient, dim -> dim);
    }
  }

  /** Adds four rows of alpha_0 G, one after the other; compiled with SIMD. */
  private void addFour(double[] gramian, short[] dims, float[] weights, int p) {
    double a0 = alpha0 * weights[p];
    double a1 = alpha0 * weights[p + 1];
    double a2 = alpha0 * weights[p + 2];
    double a3 = alpha0 * weights[p + 3];
    int g0 = (dims[p] & 0xFFFF) * rank;
    int g1 = (dims[p + 1] & 0xFFFF) * rank;
    int g2 = (dims[p + 2] & 0xFFFF) * rank;
    int g3 = (dims[p + 3] & 0xFFFF) * rank;
    for (int j = 0; j < rank; j++) {
      gradient[j] =
          gradient[j]
              + a0 * gramian[g0 + j]
              + a1 * gramian[g1 + j]
              + a2 * gramian[g2 + j]
              + a3 * gramian[g3 + j];
    }
  }

  /**
   * Estimates by how much the objective would fall if the row were solved on its support: the sum
   * of g_j^2 / h_j over its stored positions, each taken alone; where that would take a weight
   * below 0 that may not go there, what setting it to 0 gives. Costs less than solving: no system
   * is built. {@link #loss} then gives the row's part of the objective at its present weights.
   */
  double slack(InteractionBlock block, int row, SparseTable table) {
    reg = penalties.strength(block, row);
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
    addObserved(block, row, table, row);
    double pulled = step.kept() == null ? 0 : addKept(block, row, table);
    double fall = 0;
    double along = 0;
    for (int p = begin; p < end; p++) {
      int at = dims[p] & 0xFFFF;
      along += weights[p] * gradient[at];
      if (step.pinned() && at == AlsObjective.BIAS_DIM) {
        continue;
      }
      fall += fall(weights[p], gradient[at], curvature[at]);
    }
    // w'Aw - 2 b'w + sum e t, with A w = gradient + b and b'w = sum e w.q.
    loss = targets - predictions + along - pulled;
    return fall;
  }

  private double fall(double weight, double g, double h) {
    if (!(h > 0)) {
      return 0;
    }
    return nonnegative && g > weight * h ? weight * (2 * g - weight * h) : g * g / h;
  }

  /**
   * Adds the scores that an earlier model gave to gradient and curvature on the support.
   *
   * @return what the linear terms are at the row's weights, less the constant that goes with them
   */
  private double addKept(InteractionBlock block, int row, SparseTable table) {
    KeptScores kept = step.kept();
    EarlierRows earlier = block.earlier();
    double scale = kept.scale(earlier, row);
    double[] weighted = kept.other().weighted();
    double pulled = 0;
    for (int p = table.begin(row); p < table.end(row); p++) {
      int at = table.dim(p);
      double sum = 0;
      for (int q = table.begin(row); q < table.end(row); q++) {
        sum += weighted[at * rank + table.dim(q)] * table.weights()[q];
      }
      double linear = kept.linear(earlier, row, scale, at);
      gradient[at] += scale * sum - linear;
      curvature[at] += scale * weighted[at * rank + at];
      pulled += table.weights()[p] * linear;
    }
    penalties.addEarlier(block, row, -1, gradient, dim -> dim);
    return pulled + penalties.towardsEarlier(block, row, table) - penalties.ofEarlier(block, row);
  }

  /**
   * Adds the observed pairs; sums e t and e w.q on the way. First all predictions, then all of the
   * gradient: a prediction is a chain of additions that would hold up what comes after it.
   */
  private void addObserved(InteractionBlock block, int row, SparseTable table, int tableRow) {
    for (int p = table.begin(tableRow); p < table.end(tableRow); p++) {
      denseRow[table.dim(p)] = table.weights()[p];
    }
    double ofTargets = 0;
    double ofPredictions = 0;
    int first = block.offsets()[row];
    int last = block.offsets()[row + 1];
    if (residuals.length < last - first) {
      residuals = new double[Math.max(last - first, 2 * residuals.length)];
    }
    for (int i = first; i < last; i++) {
      double prediction = prediction(block.codes()[i]);
      double confidence = step.confidence(block, i);
      double target = block.ratings() == null ? 1 : block.ratings()[i];
      double pull = pullOffset + confidence * target;
      residuals[i - first] = confidence * prediction - pull;
      ofTargets += pull * target;
      ofPredictions += pull * prediction;
    }
    for (int i = first; i < last; i++) {
      add(block.codes()[i], residuals[i - first], step.confidence(block, i));
    }
    targets = ofTargets;
    predictions = ofPredictions;
    for (int p = table.begin(tableRow); p < table.end(tableRow); p++) {
      denseRow[table.dim(p)] = 0;
    }
  }

  private double prediction(int code) {
    SparseTable other = src[code >>> localBits];
    int local = code & localMask;
    int to = other.end(local);
    short[] dims = other.dims();
    float[] weights = other.weights();
    double even = 0;
    double odd = 0;
    int p = other.begin(local);
    for (; p + 2 <= to; p += 2) {
      even += denseRow[dims[p] & 0xFFFF] * weights[p];
      odd += denseRow[dims[p + 1] & 0xFFFF] * weights[p + 1];
    }
    if (p < to) {
      even += denseRow[dims[p] & 0xFFFF] * weights[p];
    }
    return even + odd;
  }

  private void add(int code, double residual, double confidence) {
    SparseTable other = src[code >>> localBits];
    int local = code & localMask;
    int to = other.end(local);
    short[] dims = other.dims();
    float[] weights = other.weights();
    for (int p = other.begin(local); p < to; p++) {
      int j = dims[p] & 0xFFFF;
      double value = weights[p];
      gradient[j] += residual * value;
      curvature[j] += confidence * value * value;
    }
  }

  /**
   * Returns the objective's part of the row that {@link #slack} saw last, at the row's weights: its
   * observed and unobserved pairs and its own L2 term.
   */
  double loss() {
    return loss;
  }

  /** Returns what these scores go by. */
  HalfSweep step() {
    return step;
  }

  /** Returns the L2 strength of the row scored last. */
  public double regularisation() {
    return reg;
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

  /**
   * Returns g_j^2 / h_j of an empty position of the row scored last; at least 0, and 0 where the
   * weight would fall below 0 and may not.
   */
  public float gain(int dim) {
    double g = gradient[dim];
    return gains(dim) ? clean(g * g / curvature[dim]) : 0f;
  }

  private boolean gains(int dim) {
    return curvature[dim] > 0 && !(nonnegative && gradient[dim] >= 0);
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
      gains[j] = gains(j) ? clean(ratios[j]) : 0f;
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

  private static float clean(double score) {
    // Adding zero turns -0 into 0, whose bits order as the smallest.
    return score >= 0 ? (float) Math.min(score, Float.MAX_VALUE) + 0f : 0f;
  }
}
