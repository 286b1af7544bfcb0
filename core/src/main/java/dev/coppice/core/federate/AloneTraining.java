package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a client would reach without the others: a table of its own items, from random positions,
 * trained on its own interactions with the same solver and moves. It tells which clients are better
 * off alone, and knows nothing but the client: no other client's counts, no item it has not.
 */
public final class AloneTraining implements Serializable {
  private static final long serialVersionUID = 1L;

  private final AlsObjective objective;
  private final double density;
  private final int rank;
  private final int sweeps;
  private final double updateRatio;
  private final long seed;

  /**
   * As the global table is trained.
   *
   * @param density stored weights over rank x rows, above 0, at most 1
   * @param sweeps over items and users, at least 1
   * @param updateRatio share of the positions that move in the first sweep, falling to none
   */
  public AloneTraining(
      AlsObjective objective, double density, int rank, int sweeps, double updateRatio, long seed) {
    this.objective = objective;
    this.density = density;
    this.rank = rank;
    this.sweeps = sweeps;
    this.updateRatio = updateRatio;
    this.seed = seed;
  }

  /**
   * What was trained.
   *
   * @param users one row a user of the client
   * @param items one row for every row of the global item table, empty where the client has none
   */
  public record Tables(SparseTable users, SparseTable items) {}

  /**
   * Trains a client.
   *
   * @param degrees {@code int[items]}: counts over all clients, as the client was laid out with
   */
  public Tables train(ClientData data, int[] degrees) {
    int[] own = own(data);
    ClientData alone = data.alone(own, degrees, objective);
    Census census =
        Census.of(data.client(), data.users().rows(), alone.users().codes(), own.length);
    long[] ids = new long[own.length];
    Arrays.setAll(ids, row -> own[row]);
    SparseTable items = InitialMask.uniform(Budget.of(density, rank, own.length), 0, ids, seed);
    GlobalState state = new GlobalState(0, items, null, census);
    LocalSolver solver =
        new LocalSolver(alone, new ClientView(state, new long[0], items.stored()), objective);
    SparseTable users = solver.newUsers(items, (int) Math.max(1, Math.round(density * rank)));
    LocalSteps steps = new LocalSteps(sweeps, updateRatio);
    for (int step = 0; step < steps.count(); step++) {
      double share = steps.itemRatio(step);
      items = solver.items(items, items, users, 0, null, 0);
      items = solver.movedItems(users, items, share);
      items = solver.items(items, items, users, 0, null, 0);
      users = solver.users(items, users);
      users = solver.users(items, solver.movedUsers(items, users, share));
    }
    return new Tables(users, spread(items, own, data.items().rows()));
  }

  /** Rows of the items that the client has, ascending. */
  private static int[] own(ClientData data) {
    return IntStream.range(0, data.items().rows())
        .filter(item -> data.items().observations(item) > 0)
        .toArray();
  }

  private static SparseTable spread(SparseTable items, int[] own, int rows) {
    int[] offsets = new int[rows + 1];
    for (int row = 0; row < own.length; row++) {
      offsets[own[row] + 1] = items.stored(row);
    }
    for (int row = 0; row < rows; row++) {
      offsets[row + 1] += offsets[row];
    }
    return new SparseTable(items.rank(), offsets, items.dims(), items.weights());
  }
}
