package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.stream.IntStream;

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
    GateTrainer trainer = new GateTrainer(data, settings, global, capacity);
    SparseTable users = state.users();
    Gate gate = state.gate();
    if (gate == null) {
      gate = trainer.first(users);
    }
    // Anew, as an exploration of the global mask changes how many weights a block has.
    boolean[] kept = trainer.choose(gate);
    SparseTable anchor = global.layout().gated(global.items(), kept);
    SparseTable items = anchor;
    users = solver.users(items, users);
    for (int step = 0; step < settings.localSteps(); step++) {
      if (capacity < 1 && settings.gate() == GateRule.LEARNT && settings.gateSteps() > 0) {
        gate = trainer.train(gate, users, items);
        boolean[] chosen = trainer.choose(gate);
        if (!Arrays.equals(chosen, kept)) {
          anchor = global.layout().gated(global.items(), chosen);
          items = carried(anchor, items);
          kept = chosen;
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

  /** The gate's side of a step. */
  private static final class GateTrainer {
    private final ClientData data;
    private final FederationSettings settings;
    private final GlobalState global;
    private final BlockScores scores;
    private final int[] sizes;
    private final long most;
    private final int[] batches;
    private final double[][] profiles;

    GateTrainer(ClientData data, FederationSettings settings, GlobalState global, double capacity) {
      this.data = data;
      this.settings = settings;
      this.global = global;
      this.scores = new BlockScores(data, settings.objective(), global);
      this.sizes = global.layout().weights(global.items());
      this.most = Capacity.weights(capacity, global.items().stored());
      this.batches = Profiles.batches(data.users().rows(), settings.gateBatch());
      this.profiles = Profiles.of(data.users(), batches, global.layout(), settings.gateFeatures());
    }

    boolean[] choose(Gate gate) {
      boolean[] kept = new boolean[sizes.length];
      if (most == global.items().stored()) {
        Arrays.fill(kept, true);
        return kept;
      }
      double[] values = gate.values(profiles, settings.minGate());
      // A gate is worth per weight, so that large and small blocks compete evenly.
      return Knapsack.greedy(
          IntStream.range(0, sizes.length).mapToDouble(b -> values[b] * sizes[b]).toArray(),
          sizes,
          most);
    }

    /** The start: the logit of a block is the log of its worth a weight over the price of one. */
    Gate first(SparseTable users) {
      double[] worth =
          switch (settings.gate()) {
            case LEARNT, SALIENCY -> scores.worth(users, global.items(), 0, data.users().rows());
            case SENSITIVITY -> scores.sensitivity(users);
            case MAGNITUDE -> BlockScores.magnitude(global);
            case RANDOM ->
                IntStream.range(0, sizes.length)
                    .mapToDouble(
                        b ->
                            sizes[b]
                                * SeedStream.uniform(
                                    settings.seed(), Purpose.CLIENTS, data.client(), b))
                    .toArray();
          };
      Gate gate = Gate.flat(sizes.length, settings.gateFeatures());
      double price = price(worth);
      for (int b = 0; b < sizes.length; b++) {
        double density = sizes[b] == 0 ? 0 : worth[b] / sizes[b];
        gate.weights()[b * (gate.features() + 1)] = logOver(density, price);
      }
      return gate;
    }

    /**
     * Steps of the straight-through gradient: forwards a block is held or not, backwards its gate
     * is the identity, so the loss falls with the gate by the block's worth less the price of its
     * weights, the worth a weight of the last block that fits (the knapsack's multiplier).
     */
    Gate train(Gate gate, SparseTable users, SparseTable items) {
      float[] weights = gate.weights().clone();
      Gate trained = new Gate(gate.features(), weights);
      int stride = gate.features() + 1;
      double[][] worth = new double[profiles.length][];
      double[] total = new double[sizes.length];
      for (int t = 0; t < profiles.length; t++) {
        worth[t] = scores.worth(users, items, batches[t], batches[t + 1]);
        for (int b = 0; b < total.length; b++) {
          total[b] += worth[t][b];
        }
      }
      double price = price(total);
      int all = data.users().rows();
      for (int step = 0; step < settings.gateSteps(); step++) {
        for (int t = 0; t < profiles.length && price > 0; t++) {
          double share = (double) (batches[t + 1] - batches[t]) / Math.max(1, all);
          for (int b = 0; b < sizes.length; b++) {
            if (sizes[b] == 0 || share == 0) {
              continue;
            }
            double pushed = logOver(worth[t][b] / share / sizes[b], price);
            double move = settings.gateRate() * share * (pushed - trained.logit(b, profiles[t]));
            weights[b * stride] += (float) move;
            for (int f = 0; f < gate.features(); f++) {
              weights[b * stride + 1 + f] += (float) (move * profiles[t][f] / stride);
            }
          }
        }
      }
      return trained;
    }

    private static float logOver(double density, double price) {
      double ratio = density / Math.max(price, Double.MIN_NORMAL);
      return (float) Math.max(-12, Math.min(12, StrictMath.log(Math.max(ratio, 1e-12))));
    }

    /** Worth a weight of the last block taken by density alone. */
    private double price(double[] worth) {
      Integer[] order =
          IntStream.range(0, sizes.length)
              .filter(b -> sizes[b] > 0)
              .boxed()
              .toArray(Integer[]::new);
      Arrays.sort(order, java.util.Comparator.comparingDouble((Integer b) -> -worth[b] / sizes[b]));
      long taken = 0;
      double last = 0;
      for (int b : order) {
        if (taken + sizes[b] > most || !(worth[b] > 0)) {
          break;
        }
        taken += sizes[b];
        last = worth[b] / sizes[b];
      }
      return last;
    }
  }
}
