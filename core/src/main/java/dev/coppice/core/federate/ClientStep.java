package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import java.util.List;

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
    LocalSolver solver = new LocalSolver(data, whole(data), settings.objective());
    return ClientState.before(solver.newUsers(global.items(), settings.rows().userWeights()));
  }

  /** Returns the client's users found from nothing on the whole global table. */
  public SparseTable wholeUsers(ClientData data) {
    return new ClientStep(settings.withAllItems(), global).gated(data, 1).users();
  }

  /** Returns user rows solved again on their positions, on the whole global table. */
  public SparseTable solvedUsers(ClientData data, SparseTable users) {
    return new LocalSolver(data, whole(data), settings.objective()).users(global.items(), users);
  }

  /**
   * Trains a client for one round.
   *
   * @param state as the client's last round left it, or {@link #start}
   * @param capacity share of the global weights that the client may hold, above 0, at most 1
   */
  public Result run(ClientData data, ClientState state, double capacity) {
    ClientView view = ClientView.of(data, global, settings.rows().ownItems());
    ClientState trained = train(data, view, state, capacity, LocalSteps.ofRound(settings), true);
    ProposedGrowth growth = ProposedGrowth.NONE;
    if (settings.explores(global.round() + 1)) {
      LocalSolver solver = new LocalSolver(data, view, settings.objective());
      growth =
          ProposedGrowth.of(
              data,
              view.state(),
              trained.kept(),
              trained.items(),
              solver.itemScores(trained.users()));
    }
    return new Result(
        trained, ClientUpdate.of(data, view, trained.kept(), trained.items(), growth));
  }

  /**
   * Trains a client's own model on the last global table: as in a round, for {@code finalSteps}, in
   * which the positions of its item rows move too, as {@code itemRatio} says. It stays on the
   * client, with as many weights in each row as its gate left there.
   *
   * @param state as the client's last round left it, or {@link #start}
   * @param capacity share of the global weights that the client may hold, above 0, at most 1
   */
  public ClientState personalise(ClientData data, ClientState state, double capacity) {
    ClientView view = ClientView.of(data, global, settings.rows().ownItems());
    return train(data, view, state, capacity, LocalSteps.ofOwnModel(settings), true);
  }

  /**
   * Returns what else fits the bytes of an own model, to compare with: the global table pruned by
   * magnitude, and trained for as long while its positions stay.
   *
   * @param users rows on the whole global table
   * @param capacity share of the global weights that the client may hold, above 0, at most 1
   */
  public ClientState pruned(ClientData data, SparseTable users, double capacity) {
    return new ClientStep(settings.pruned(), global)
        .personalise(data, ClientState.before(users), capacity);
  }

  private ClientView whole(ClientData data) {
    return ClientView.of(data, global, false);
  }

  /**
   * Trains a new client on the frozen global table: its gate and users, and with {@code joinItems}
   * its own item rows after that, as {@link #personalise} does.
   *
   * @param capacity share of the global weights that the client may hold, above 0, at most 1
   */
  public ClientState join(ClientData data, double capacity) {
    ClientState gated = gated(data, capacity);
    return settings.ownModel().joinItems() ? personalise(data, gated, capacity) : gated;
  }

  private ClientState gated(ClientData data, double capacity) {
    ClientView view = ClientView.of(data, global, settings.rows().ownItems());
    return train(data, view, start(data), capacity, LocalSteps.ofOwnModel(settings), false);
  }

  private ClientState train(
      ClientData data,
      ClientView view,
      ClientState state,
      double capacity,
      LocalSteps steps,
      boolean trainItems) {
    double share = view.share(capacity);
    List<LocalPlan> plans = LocalPlan.of(settings, trainItems && steps.count() > 0);
    int plan =
        state.gate() == null && plans.size() > 1 && share < 1
            ? new PlanTrial(data, settings, view, steps).best(plans, share)
            : state.plan();
    return new LocalTraining(data, settings, view, plans.get(plan), steps).run(state, share, plan);
  }
}
