package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;

/**
 * Solves the row of a user that was not trained, from its observations alone ({@link GrownRow};
 * docs/design.md section 7). Holds nothing of a row; safe for use by several threads at once.
 */
public final class FoldInSolver {
  private final FoldInSettings settings;
  private final AlsObjective objective;
  private final int rank;
  private final int support;
  private final double[] gramian;

  /**
   * A solver for one item table.
   *
   * @param gramian {@code double[rank * rank]}, the {@link Gramian} of all item rows; not read
   *     where the objective does without
   */
  public FoldInSolver(FoldInSettings settings, double[] gramian) {
    this.settings = settings;
    this.gramian = gramian;
    objective = settings.objective();
    rank = settings.rank();
    support = Math.max(1, (int) Math.min(rank, Math.floor(settings.density() * rank)));
  }

  /**
   * Solves the row of one user. Sums run in the order of the observations, which the last bits of
   * the row depend on.
   *
   * @param items the observed items' rows, one an observation
   * @param degrees training interactions of these items; 0 where unknown
   * @param weights weights or ratings of the observations, finite
   * @return a table of one row, of at most density * rank weights
   */
  public SparseTable solve(SparseTable items, int[] degrees, float[] weights) {
    InteractionBlock block = block(degrees, weights);
    HalfSweep step =
        new HalfSweep(
            objective,
            settings.confidenceScale(),
            settings.items(),
            gramian,
            new SparseTable[] {items},
            RowCode.forBlocks(1),
            objective.pins(Side.USERS));
    RowSolver solver = new RowSolver(step, rank);
    return new GrownRow(solver, new PositionScores(step, rank), rank).solved(block, 0, support);
  }

  private InteractionBlock block(int[] degrees, float[] weights) {
    int n = weights.length;
    boolean explicit = objective.feedback() == AlsObjective.Feedback.EXPLICIT;
    float user = AlsObjective.debiasFactor(n, objective.userDebias());
    int[] codes = new int[n];
    float[] confidences = new float[n];
    float[] ratings = explicit ? weights.clone() : null;
    for (int i = 0; i < n; i++) {
      codes[i] = i;
      float factor = user * itemFactor(degrees[i]);
      confidences[i] = explicit ? factor : weights[i] * factor;
    }
    return new InteractionBlock(0, new long[] {0}, new int[] {0, n}, codes, confidences, ratings);
  }

  private float itemFactor(int degree) {
    if (degree > 0) {
      return AlsObjective.debiasFactor(degree, objective.itemDebias());
    }
    return settings.meanItemDegree() > 0
        ? (float) StrictMath.pow(settings.meanItemDegree(), -objective.itemDebias())
        : 1f;
  }
}
