package dev.coppice.core.federate;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.List;

/**
 * Tries plans on a client's own interactions: a share of them is held back, every plan trains on
 * the rest, and ranks for each user all items the rest does not have. All of it stays on the
 * client.
 *
 * <p>The global table was trained with what is held back, so that all plans find more of it again
 * than they would else, the more the nearer their rows stay to it. Users' rows start from nothing
 * on the rest: their supports would tell far more.
 */
final class PlanTrial {
  /** Share of the interactions that is held back. */
  static final double HELD = 0.2;

  /** Lists are as long as this. */
  static final int TOP = 20;

  private final FederationSettings settings;
  private final ClientView view;
  private final LocalSteps steps;
  private final ClientData rest;
  private final int[][] held;

  /**
   * Holds interactions back.
   *
   * @param view the rows the client may hold, by all of its interactions
   * @param steps as the client will train by the plan
   */
  PlanTrial(ClientData data, FederationSettings settings, ClientView view, LocalSteps steps) {
    this.settings = settings;
    this.view = view;
    this.steps = steps;
    boolean[] stays = stays(data, settings.seed());
    this.rest = data.part(stays);
    this.held = held(data, stays);
  }

  /** A user's first interaction stays, so that nobody is left without. */
  static boolean[] stays(ClientData data, long seed) {
    boolean[] stays = new boolean[data.samples()];
    int[] offsets = data.users().offsets();
    for (int user = 0; user < data.users().rows(); user++) {
      for (int i = offsets[user]; i < offsets[user + 1]; i++) {
        double draw =
            SeedStream.uniform(
                seed, Purpose.HOLD_BACK, data.users().ids()[user], data.users().codes()[i]);
        stays[i] = i == offsets[user] || draw >= HELD;
      }
    }
    return stays;
  }

  static int[][] held(ClientData data, boolean[] stays) {
    int[] offsets = data.users().offsets();
    int[][] held = new int[data.users().rows()][];
    for (int user = 0; user < held.length; user++) {
      int[] codes = new int[offsets[user + 1] - offsets[user]];
      int n = 0;
      for (int i = offsets[user]; i < offsets[user + 1]; i++) {
        if (!stays[i]) {
          codes[n++] = data.users().codes()[i];
        }
      }
      held[user] = Arrays.copyOf(codes, n);
    }
    return held;
  }

  /**
   * Returns the number of the plan to train by: of those that serve the held-back interactions
   * better than the first by more than one standard error, paired by user, the best; else the
   * first.
   */
  int best(List<LocalPlan> plans, double capacity) {
    double[][] reached = new double[plans.size()][];
    SparseTable users =
        new LocalSolver(rest, view, settings.objective())
            .newUsers(view.state().items(), settings.rows().userWeights());
    for (int p = 0; p < reached.length; p++) {
      ClientState state =
          new LocalTraining(rest, settings, view, plans.get(p), steps)
              .run(ClientState.before(users), capacity, p);
      reached[p] = reached(state);
    }
    return best(reached);
  }

  /**
   * As above.
   *
   * @param reached {@code double[plans][users]}: NDCG@20
   */
  static int best(double[][] reached) {
    int best = 0;
    double most = 0;
    int n = reached[0].length;
    for (int p = 1; p < reached.length && n > 1; p++) {
      double mean = 0;
      for (int u = 0; u < n; u++) {
        mean += (reached[p][u] - reached[0][u]) / n;
      }
      double squares = 0;
      for (int u = 0; u < n; u++) {
        double off = reached[p][u] - reached[0][u] - mean;
        squares += off * off;
      }
      double error = Math.sqrt(squares / (n - 1) / n);
      if (mean > error && mean > most) {
        most = mean;
        best = p;
      }
    }
    return best;
  }

  private double[] reached(ClientState state) {
    SparseTable items = state.items();
    Scorer scorer =
        new Scorer(
            ItemIndex.of(items.rank(), items.rowOffsets(), items.dims(), items.weights()), TOP);
    return reached(
        rest,
        held,
        (user, known) ->
            scorer.recommend(state.users().rowDims(user), state.users().rowWeights(user), known));
  }

  /** Returns NDCG@20 of every user with something held back. */
  static double[] reached(ClientData rest, int[][] held, ClientLists lists) {
    RankingMetrics metric = new RankingMetrics(List.of(MetricKey.parse("ndcg@" + TOP)));
    double[] values = new double[held.length];
    double[] value = new double[1];
    int n = 0;
    for (int user = 0; user < held.length; user++) {
      if (held[user].length > 0) {
        int[] top = lists.of(user, rest.history(user));
        metric.evaluate(top, top.length, held[user], value);
        values[n++] = value[0];
      }
    }
    return Arrays.copyOf(values, n);
  }
}
