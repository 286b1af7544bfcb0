package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/** What one client does in one round. A function of its arguments alone. */
public final class ClientStep {
  private final FederationSettings settings;
  private final GlobalState global;

  /** Prepares the round for any number of clients of one process. */
  public ClientStep(FederationSettings settings, GlobalState global) {
    this.settings = settings;
    this.global = global;
  }

  /**
   * What a step gave.
   *
   * @param state stays on the client
   * @param update goes to the driver
   */
  public record Result(ClientState state, ClientUpdate update) {}

  /** Returns the state of a client before its first round: its users' rows on the whole table. */
  public ClientState start(ClientData data) {
    LocalSolver solver = new LocalSolver(data, global, settings.objective());
    return new ClientState(
        solver.newUsers(global.items(), settings.userWeights()), null, null, null);
  }

  /** Returns user rows solved again on their positions, on the whole global table. */
  public SparseTable solvedUsers(ClientData data, SparseTable users) {
    return new LocalSolver(data, global, settings.objective()).users(global.items(), users);
  }

  /**
   * Trains a client for one round.
   *
   * @param state as the client's last round left it, or {@link #start}
   * @param capacity share of the global weights that the client may hold, above 0, at most 1
   */
  public Result run(ClientData data, ClientState state, double capacity) {
    ClientState trained = train(data, state, capacity, true);
    Growth growth = Growth.NONE;
    if (settings.explores(global.round() + 1)) {
      LocalSolver solver = new LocalSolver(data, global, settings.objective());
      growth =
          Growth.of(
              data, global, trained.kept(), trained.items(), solver.itemSolver(trained.users()));
    }
    return new Result(
        trained, ClientUpdate.of(data, global, trained.kept(), trained.items(), growth));
  }

  /** Trains the gate of a client alone, on the frozen global table: a new client. */
  public ClientState join(ClientData data, double capacity) {
    return train(data, start(data), capacity, false);
  }

  private ClientState train(
      ClientData data, ClientState state, double capacity, boolean trainItems) {
    LocalSolver solver = new LocalSolver(data, global, settings.objective());
    GateTrainer trainer = new GateTrainer(data, settings, global);
    boolean learnt = capacity < 1 && settings.gate() == GateRule.LEARNT && settings.gateSteps() > 0;
    SparseTable users = state.users();
    Gate gate = state.gate();
    boolean[] kept;
    SparseTable items = global.items();
    SparseTable anchor = items;
    if (gate == null) {
      gate = trainer.first(users, capacity);
      kept = new boolean[global.layout().blocks()];
      Arrays.fill(kept, true);
      int cuts = learnt ? settings.cuts() : 0;
      for (int cut = 1; cut < cuts; cut++) {
        double share = StrictMath.pow(capacity, (double) cut / cuts);
        gate = trainer.train(gate, users, items, share);
        kept = trainer.choose(gate, share);
        anchor = global.layout().gated(global.items(), kept);
        items = carried(anchor, items);
        users = solver.movedUsers(items, users, settings.userRatio());
        users = solver.users(items, users);
        if (trainItems && settings.localSteps() > 0) {
          items = solver.items(items, anchor, users, settings.anchorWeight());
          users = solver.users(items, users);
        }
      }
      if (cuts > 1) {
        gate = trainer.train(gate, users, items, capacity);
      }
    }
    // Anew, as an exploration of the global mask changes how many weights a block has.
    kept = trainer.choose(gate, capacity);
    anchor = global.layout().gated(global.items(), kept);
    items = state.gate() == null ? carried(anchor, items) : anchor;
    users = solver.movedUsers(items, users, settings.userRatio());
    users = solver.users(items, users);
    for (int step = 0; step < settings.localSteps(); step++) {
      if (learnt && (settings.cuts() < 2 || state.gate() != null)) {
        gate = trainer.train(gate, users, items, capacity);
        boolean[] chosen = trainer.choose(gate, capacity);
        if (!Arrays.equals(chosen, kept)) {
          anchor = global.layout().gated(global.items(), chosen);
          items = carried(anchor, items);
          kept = chosen;
          users = solver.movedUsers(items, users, settings.userRatio());
          users = solver.users(items, users);
        }
      }
      if (trainItems) {
        items = solver.items(items, anchor, users, settings.anchorWeight());
        users = solver.users(items, users);
      }
    }
    return new ClientState(users, gate, kept, items);
  }

  /** The rows of {@code to}, with the weights of {@code from} at the positions that both have. */
  private static SparseTable carried(SparseTable to, SparseTable from) {
    float[] weights = to.weights().clone();
    for (int row = 0; row < to.rows(); row++) {
      int q = from.begin(row);
      for (int p = to.begin(row); p < to.end(row); p++) {
        while (q < from.end(row) && from.dim(q) < to.dim(p)) {
          q++;
        }
        if (q < from.end(row) && from.dim(q) == to.dim(p)) {
          weights[p] = from.weights()[q];
        }
      }
    }
    return to.withWeights(weights);
  }
}
