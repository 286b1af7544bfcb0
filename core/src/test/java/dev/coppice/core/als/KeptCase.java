package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.stream.IntStream;

/** The rows of a {@link RowCase}, the first of which is new, and an earlier model of the others. */
final class KeptCase {
  static final double GAMMA = 0.7;
  static final int ROWS_BEFORE = 14;

  final RowCase rows;
  final InteractionBlock block;
  final HalfSweep step;
  final double[][] othersBefore = new double[15][];
  final int[] otherDegrees = new int[15];
  final EarlierRows earlier;
  private final KeptScores.Counts counts;

  KeptCase(RowCase rows) {
    this.rows = rows;
    SparseTable before = RandomTables.of(RowCase.RANK, 5, 0.6, 21);
    int[] offsets = before.rowOffsets().clone();
    // The second row is new: it has no weights, and no earlier observation.
    int first = offsets[1];
    int cut = offsets[2] - first;
    for (int row = 2; row < offsets.length; row++) {
      offsets[row] -= cut;
    }
    short[] dims = without(before.dims(), first, cut);
    float[] weights = without(before.weights(), first, cut);
    earlier =
        new EarlierRows(
            new int[] {4, 0, 7, 1, 12}, new SparseTable(RowCase.RANK, offsets, dims, weights));
    block = rows.block.withEarlier(earlier);
    long observations = 24;
    KeptSums sums = new KeptSums(RowCase.RANK);
    counts = new KeptScores.Counts(5, ROWS_BEFORE, 4, 10, observations);
    for (int b = 1; b >= 0; b--) {
      SparseTable present = rows.src[b];
      SparseTable old = RandomTables.of(RowCase.RANK, present.rows(), 0.5, 30 + b);
      int[] degrees = new int[present.rows()];
      for (int row = 0; row < degrees.length; row++) {
        int id = 8 * b + row;
        degrees[row] = SeedStream.below(5, 8, Purpose.SAMPLE, id, 0);
        otherDegrees[id] = degrees[row];
        othersBefore[id] = RandomTables.row(old, row);
      }
      sums.add(
          present,
          new EarlierRows(degrees, old),
          counts.shares(rows.objective, Side.ITEMS),
          KeptSums.scratch(RowCase.RANK));
    }
    HalfSweep plain = rows.step;
    step =
        new HalfSweep(
            plain.objective(),
            plain.confidenceScale(),
            plain.srcRows(),
            plain.gramian(),
            plain.src(),
            plain.code(),
            plain.pinned(),
            KeptScores.of(rows.objective, Side.USERS, GAMMA, counts, sums.matrices()));
  }

  private static short[] without(short[] values, int from, int count) {
    short[] left = new short[values.length - count];
    System.arraycopy(values, 0, left, 0, from);
    System.arraycopy(values, from + count, left, from, left.length - from);
    return left;
  }

  private static float[] without(float[] values, int from, int count) {
    float[] left = new float[values.length - count];
    System.arraycopy(values, 0, left, 0, from);
    System.arraycopy(values, from + count, left, from, left.length - from);
    return left;
  }

  SparseTable solve(RowSolver solver, int row) {
    float[] weights = rows.mine.weights().clone();
    int begin = rows.mine.begin(row);
    solver.solve(block, row, rows.mine.dims(), begin, rows.mine.end(row), weights);
    return rows.mine.withWeights(weights);
  }

  /**
   * The row's part of the objective over every pair, as in the class comment of {@link KeptScores},
   * less the part that the earlier scores have by themselves.
   */
  double loss(int row, double[] w) {
    NaiveRow naive = rows.naive(row);
    double[] before = RandomTables.row(earlier.rows(), row);
    AlsObjective o = rows.objective;
    double perWeight = o.feedback() == AlsObjective.Feedback.CONFIDENCE ? o.alpha() : 1;
    double meanUser = 24 / 4.0;
    double meanItem = 24 / 10.0;
    int n = earlier.observations()[row];
    double squares = NaiveModel.dot(w, w);
    double loss = naive.loss(w) - naive.regularisation() * squares;
    for (int i = 0; i < 15; i++) {
      double now = NaiveModel.dot(w, rows.others[i]);
      double score = NaiveModel.dot(before, othersBefore[i]);
      double expected = n * (double) otherDegrees[i] / 24;
      if (expected > 0) {
        double debiased =
            Math.pow(n / meanUser, -o.userDebias())
                * Math.pow(otherDegrees[i] / meanItem, -o.itemDebias());
        double confidence = GAMMA * perWeight * expected * debiased;
        loss += confidence * (now * now - 2 * now * score);
      }
      // alpha_0 now^2 is in the naive loss.
      loss -= 2 * o.unobservedWeight() * now * score;
    }
    double reg = o.regularisation(rows.block.observations(row) + n, 15);
    boolean known = earlier.rows().stored(row) > 0;
    double regBefore = known ? o.regularisation(n, ROWS_BEFORE) : 0;
    double apart =
        IntStream.range(0, w.length)
            .mapToDouble(j -> (w[j] - before[j]) * (w[j] - before[j]))
            .sum();
    return loss + regBefore * apart + (reg - regBefore) * squares;
  }
}
