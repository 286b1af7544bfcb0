package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.GrownRow;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.LargestGains;
import dev.coppice.core.als.PositionScores;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.RowSolver;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/**
 * Solves a client's rows in closed form: users on the client's items, items on its users with a
 * pull towards the global rows. Nothing here knows of other clients but the item counts.
 */
final class LocalSolver {
  private final ClientData data;
  private final GlobalState global;
  private final AlsObjective objective;
  private final double scale;

  LocalSolver(ClientData data, ClientView view, AlsObjective objective) {
    this.data = data;
    this.global = view.state();
    this.objective = objective;
    this.scale = global.census().confidenceScale(objective);
  }

  private HalfSweep step(SparseTable src) {
    double[] matrix = null;
    if (objective.needsGramian()) {
      Gramian gramian = new Gramian(src.rank());
      gramian.add(src, Gramian.scratch(src.rank()));
      matrix = gramian.toMatrix();
    }
    return new HalfSweep(
        objective, scale, src.rows(), matrix, new SparseTable[] {src}, RowCode.forBlocks(1), false);
  }

  private static RowSolver solver(HalfSweep step) {
    return new RowSolver(step, step.src()[0].rank());
  }

  private static PositionScores scores(HalfSweep step) {
    return new PositionScores(step, step.src()[0].rank());
  }

  /** Returns the scores of item rows by the given users. */
  PositionScores itemScores(SparseTable users) {
    return scores(step(users));
  }

  /** Solves all users on their present supports. */
  SparseTable users(SparseTable items, SparseTable users) {
    RowSolver solver = solver(step(items));
    float[] weights = users.weights().clone();
    for (int user = 0; user < users.rows(); user++) {
      if (data.users().observations(user) > 0) {
        solver.solve(data.users(), user, users.dims(), users.begin(user), users.end(user), weights);
      }
    }
    return users.withWeights(weights);
  }

  /**
   * Moves positions of the users: of each row the share of its weights of the smallest saliency
   * goes, as many positions of the largest gains come, with weight 0. A row that a gate took the
   * items of a dimension from has no use for its weight there.
   */
  SparseTable movedUsers(SparseTable items, SparseTable users, double share) {
    return share > 0 ? moved(data.users(), users, scores(step(items)), share) : users;
  }

  /** Moves positions of the item rows likewise; each row keeps its number of weights. */
  SparseTable movedItems(SparseTable users, SparseTable items, double share) {
    return share > 0 ? moved(data.items(), items, itemScores(users), share) : items;
  }

  private SparseTable moved(
      InteractionBlock block, SparseTable table, PositionScores scores, double share) {
    short[] dims = table.dims().clone();
    float[] weights = table.weights().clone();
    float[] dense = new float[table.rank()];
    LargestGains gains = new LargestGains(scores, table.rank());
    for (int row = 0; row < table.rows(); row++) {
      int begin = table.begin(row);
      int size = table.stored(row);
      // At least one, as most rows of a small client have only a few.
      int moves = (int) Math.ceil(share * size);
      if (moves == 0 || block.observations(row) == 0) {
        continue;
      }
      scores.score(block, row, table);
      table.scatter(row, dense);
      long[] keys = new long[size];
      for (int i = 0; i < size; i++) {
        int dim = table.dim(begin + i);
        keys[i] = (long) Float.floatToRawIntBits(scores.saliency(dim, dense[dim])) << 32 | dim;
      }
      Arrays.sort(keys);
      short[] left = new short[size - moves];
      for (int i = moves; i < size; i++) {
        left[i - moves] = (short) keys[i];
      }
      // Those that go may come again.
      short[] support = gains.added(left, size);
      if (support.length < size) {
        support = table.rowDims(row);
      }
      for (int i = 0; i < size; i++) {
        dims[begin + i] = support[i];
        weights[begin + i] = dense[support[i] & 0xFFFF];
      }
      table.unscatter(row, dense);
    }
    return new SparseTable(table.rank(), table.rowOffsets(), dims, weights);
  }

  /**
   * Finds supports and weights of all users from nothing.
   *
   * @param most weights of a row
   */
  SparseTable newUsers(SparseTable items, int most) {
    int rank = items.rank();
    InteractionBlock block = data.users();
    HalfSweep step = step(items);
    GrownRow grower = new GrownRow(solver(step), scores(step), rank);
    int size = Math.min(most, rank);
    int[] offsets = new int[block.rows() + 1];
    short[] dims = new short[block.rows() * size];
    float[] weights = new float[block.rows() * size];
    for (int user = 0; user < block.rows(); user++) {
      SparseTable row = grower.solved(block, user, size);
      System.arraycopy(row.dims(), 0, dims, offsets[user], row.stored());
      System.arraycopy(row.weights(), 0, weights, offsets[user], row.stored());
      offsets[user + 1] = offsets[user] + row.stored();
    }
    int stored = offsets[block.rows()];
    return new SparseTable(
        rank, offsets, Arrays.copyOf(dims, stored), Arrays.copyOf(weights, stored));
  }

  /**
   * Solves all item rows on their present positions, pulled towards the global ones and towards
   * their scores: the more an item was chosen outside the client, the stronger.
   *
   * @param items the client's rows
   * @param anchor rows of the same positions
   * @param strength of {@code |q - anchor|^2}, in units of the L2 strength of what is outside
   * @param teacher whose scores are kept; null for none
   * @param scoreWeight strength of {@code sum_u (p_u.q - score)^2 / users}, in units of the
   *     interactions outside; every pair outside that nobody chose counts as the objective says
   */
  SparseTable items(
      SparseTable items,
      SparseTable anchor,
      SparseTable users,
      double strength,
      Teacher teacher,
      double scoreWeight) {
    RowSolver solver = solver(step(users));
    float[] weights = items.weights().clone();
    long others = Math.max(0, global.census().users() - users.rows());
    Teacher.Lesson lesson = teacher == null || scoreWeight == 0 ? null : teacher.lesson(users);
    for (int item = 0; item < items.rows(); item++) {
      if (items.stored(item) == 0) {
        continue;
      }
      int outside = Math.max(0, global.census().degrees()[item] - data.items().observations(item));
      double pull = strength * objective.regularisation(outside, others);
      double pairs = outside + objective.unobservedWeight() * others;
      solver.solve(
          data.items(),
          item,
          items.dims(),
          items.begin(item),
          items.end(item),
          weights,
          anchor.weights(),
          pull,
          lesson == null ? null : lesson.of(item, scoreWeight * pairs / users.rows()));
    }
    return items.withWeights(weights);
  }
}
