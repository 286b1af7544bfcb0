package dev.coppice.spark.model;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.RowSolver;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.List;

/**
 * Solves one row from its observations, its support grown from nothing: in {@value #ROUNDS} rounds
 * the positions of the largest gains g^2/h ({@link RowSolver}) are added and the row is solved on
 * all positions so far.
 */
final class FoldInSolver {
  private static final int ROUNDS = 4;

  private final AlsObjective objective;
  private final int rank;
  private final int support;
  private final double confidenceScale;
  private final double meanItemDegree;
  private final long items;
  private final double[] gramian;

  FoldInSolver(FoldInSettings settings, double[] gramian) {
    objective = settings.objective();
    rank = settings.rank();
    support = Math.max(1, (int) Math.min(rank, Math.floor(settings.density() * rank)));
    confidenceScale = settings.confidenceScale();
    meanItemDegree = settings.meanItemDegree();
    items = settings.items();
    this.gramian = gramian;
  }

  /**
   * Solves the row of one user.
   *
   * @param observations the user's interactions, each with its item's row
   * @return the row, of at most density * rank weights
   */
  SparseRow solve(List<FoldInRow> observations) {
    SparseTable src = table(observations);
    InteractionBlock block = block(observations);
    HalfSweep step =
        new HalfSweep(
            objective,
            confidenceScale,
            items,
            gramian,
            new SparseTable[] {src},
            RowCode.forBlocks(1),
            false);
    RowSolver solver = new RowSolver(step, rank);
    SparseTable row = SparseTable.empty(rank, 1);
    for (int round = 1; round <= ROUNDS; round++) {
      solver.score(block, 0, row);
      short[] dims = grow(solver, row, support * round / ROUNDS);
      if (dims.length > row.stored()) {
        float[] weights = new float[dims.length];
        solver.solve(block, 0, dims, 0, dims.length, weights);
        row = new SparseTable(rank, new int[] {0, dims.length}, dims, weights);
      }
    }
    SparseRow solved = new SparseRow();
    solved.setName(observations.get(0).getName());
    solved.setNumber(observations.get(0).getNumber());
    solved.setDims(row.dims());
    solved.setWeights(row.weights());
    return solved;
  }

  private SparseTable table(List<FoldInRow> observations) {
    int[] offsets = new int[observations.size() + 1];
    for (int i = 0; i < observations.size(); i++) {
      offsets[i + 1] = Math.addExact(offsets[i], observations.get(i).getDims().length);
    }
    short[] dims = new short[offsets[observations.size()]];
    float[] weights = new float[dims.length];
    for (int i = 0; i < observations.size(); i++) {
      int count = offsets[i + 1] - offsets[i];
      System.arraycopy(observations.get(i).getDims(), 0, dims, offsets[i], count);
      System.arraycopy(observations.get(i).getWeights(), 0, weights, offsets[i], count);
    }
    return new SparseTable(rank, offsets, dims, weights);
  }

  private InteractionBlock block(List<FoldInRow> observations) {
    int n = observations.size();
    boolean explicit = objective.feedback() == AlsObjective.Feedback.EXPLICIT;
    float user = AlsObjective.debiasFactor(n, objective.userDebias());
    int[] codes = new int[n];
    float[] confidences = new float[n];
    float[] ratings = explicit ? new float[n] : null;
    for (int i = 0; i < n; i++) {
      FoldInRow observation = observations.get(i);
      codes[i] = i;
      float factor = user * itemFactor(observation.getDegree());
      confidences[i] = explicit ? factor : observation.getWeight() * factor;
      if (explicit) {
        ratings[i] = observation.getWeight();
      }
    }
    return new InteractionBlock(0, new long[] {0}, new int[] {0, n}, codes, confidences, ratings);
  }

  private float itemFactor(int degree) {
    if (degree > 0) {
      return AlsObjective.debiasFactor(degree, objective.itemDebias());
    }
    return meanItemDegree > 0
        ? (float) StrictMath.pow(meanItemDegree, -objective.itemDebias())
        : 1f;
  }

  /** Returns the row's positions with those of the largest gains added, {@code size} in all. */
  private short[] grow(RowSolver solver, SparseTable row, int size) {
    boolean[] taken = new boolean[rank];
    for (int p = 0; p < row.stored(); p++) {
      taken[row.dim(p)] = true;
    }
    // The bits of a gain, which is not negative, order like the gain; equal ones by dimension.
    long[] keys = new long[rank];
    int open = 0;
    for (int dim = 0; dim < rank; dim++) {
      if (!taken[dim] && solver.gain(dim) > 0) {
        keys[open++] = (long) Float.floatToRawIntBits(solver.gain(dim)) << 32 | (rank - dim);
      }
    }
    Arrays.sort(keys, 0, open);
    int grown = Math.max(0, Math.min(open, size - row.stored()));
    for (int i = open - grown; i < open; i++) {
      taken[rank - (int) keys[i]] = true;
    }
    short[] dims = new short[row.stored() + grown];
    int to = 0;
    for (int dim = 0; dim < rank; dim++) {
      if (taken[dim]) {
        dims[to++] = (short) dim;
      }
    }
    return dims;
  }
}
