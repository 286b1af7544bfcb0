package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.util.Arrays;

/** Trains one client's gate and rows by a plan, for one round or for its own model. */
final class LocalTraining {
  private final FederationSettings settings;
  private final GlobalState global;
  private final LocalPlan plan;
  private final LocalSteps steps;
  private final LocalSolver solver;
  private final GateTrainer trainer;

  LocalTraining(
      ClientData data,
      FederationSettings settings,
      ClientView view,
      LocalPlan plan,
      LocalSteps steps) {
    this.settings = settings;
    this.global = view.state();
    this.plan = plan;
    this.steps = steps;
    this.solver = new LocalSolver(data, view, settings.objective());
    this.trainer = new GateTrainer(data, settings, global, plan.gate());
  }

  /**
   * Trains once.
   *
   * @param number of the plan, kept in the state
   */
  ClientState run(ClientState state, double capacity, int number) {
    boolean learnt =
        capacity < 1 && plan.gate() == GateRule.LEARNT && settings.gate().gateSteps() > 0;
    SparseTable users = state.users();
    Gate gate = state.gate();
    Teacher teacher = teacher(state, capacity);
    boolean[] kept;
    SparseTable items = global.items();
    SparseTable anchor = items;
    if (gate == null) {
      gate = trainer.first(users, capacity);
      int cuts = learnt ? settings.gate().cuts() : 0;
      for (int cut = 1; cut < cuts; cut++) {
        double share = StrictMath.pow(capacity, (double) cut / cuts);
        gate = trainer.train(gate, users, items, share);
        kept = trainer.choose(gate, share);
        anchor = global.layout().gated(global.items(), kept);
        items = carried(anchor, items);
        users = fitted(items, users);
        if (plan.trainsItems()) {
          items = trained(items, anchor, users, teacher);
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
    users = fitted(items, users);
    for (int step = 0; step < steps.count(); step++) {
      // Once positions have moved, other blocks would throw away what they hold.
      boolean open = step == 0 || steps.itemRatio() == 0;
      if (learnt && open && (settings.gate().cuts() < 2 || state.gate() != null)) {
        gate = trainer.train(gate, users, items, capacity);
        boolean[] chosen = trainer.choose(gate, capacity);
        if (!Arrays.equals(chosen, kept)) {
          anchor = global.layout().gated(global.items(), chosen);
          items = carried(anchor, items);
          kept = chosen;
          users = fitted(items, users);
        }
      }
      if (plan.trainsItems()) {
        double share = steps.itemRatio(step);
        if (share > 0) {
          items = solver.movedItems(users, items, share);
          anchor = carried(items.withWeights(new float[items.stored()]), global.items());
        }
        items = trained(items, anchor, users, teacher);
        users = solver.users(items, users);
        if (share > 0) {
          users = solver.users(items, solver.movedUsers(items, users, share));
        }
      }
    }
    return new ClientState(users, gate, kept, items, number);
  }

  private SparseTable trained(
      SparseTable items, SparseTable anchor, SparseTable users, Teacher teacher) {
    return solver.items(
        items, anchor, users, plan.anchorWeight(), teacher, settings.rows().scoreWeight());
  }

  /** The users by the whole table: as they came, or anew where their rows fit what was kept. */
  private Teacher teacher(ClientState state, double capacity) {
    if (!plan.trainsItems() || settings.rows().scoreWeight() == 0) {
      return null;
    }
    boolean whole = state.gate() == null || capacity == 1;
    SparseTable users =
        whole
            ? solver.users(global.items(), state.users())
            : solver.newUsers(global.items(), settings.rows().userWeights());
    return new Teacher(users, global.items());
  }

  private SparseTable fitted(SparseTable items, SparseTable users) {
    return solver.users(items, solver.movedUsers(items, users, settings.rows().userRatio()));
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
