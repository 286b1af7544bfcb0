package dev.coppice.core.federate;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Gives a client's gate its values, and chooses the blocks to keep. */
final class GateTrainer {
  private final ClientData data;
  private final FederationSettings settings;
  private final GlobalState global;
  private final GateRule rule;
  private final BlockScores scores;
  private final int[] sizes;
  private final int[] batches;
  private final double[][] profiles;

  /**
   * Prepares a client's gate.
   *
   * @param rule any but {@link GateRule#CHOSEN}, which is not a way to value blocks
   */
  GateTrainer(ClientData data, FederationSettings settings, GlobalState global, GateRule rule) {
    this.rule = rule;
    this.data = data;
    this.settings = settings;
    this.global = global;
    this.scores = new BlockScores(data, settings.objective(), global);
    this.sizes = global.layout().weights(global.items());
    this.batches = Profiles.batches(data.users().rows(), settings.gate().gateBatch());
    this.profiles =
        Profiles.of(data.users(), batches, global.layout(), settings.gate().gateFeatures());
  }

  boolean[] choose(Gate gate, double capacity) {
    long most = Capacity.weights(capacity, global.items().stored());
    boolean[] kept = new boolean[sizes.length];
    if (most == global.items().stored()) {
      Arrays.fill(kept, true);
      return kept;
    }
    double[] values = gate.values(profiles, settings.gate().minGate());
    // A gate is worth per weight, so that large and small blocks compete evenly.
    return Knapsack.greedy(
        IntStream.range(0, sizes.length).mapToDouble(b -> values[b] * sizes[b]).toArray(),
        sizes,
        most);
  }

  /** The start: the logit of a block is the log of its worth a weight over the price of one. */
  Gate first(SparseTable users, double capacity) {
    double[] worth =
        switch (rule) {
          case CHOSEN ->
              throw new IllegalArgumentException("a gate has the values of one rule, not a choice");
          case SALIENCY -> scores.saliency(users);
          case LEARNT, SENSITIVITY ->
              scores.sensitivity(users, global.items(), 0, data.users().rows());
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
    Gate gate = Gate.flat(sizes.length, settings.gate().gateFeatures());
    double price = price(worth, capacity);
    for (int b = 0; b < sizes.length; b++) {
      double density = sizes[b] == 0 ? 0 : worth[b] / sizes[b];
      gate.weights()[b * (gate.features() + 1)] = logOver(density, price);
    }
    return gate;
  }

  /**
   * Steps of the straight-through gradient: forwards a block is held or not, backwards its gate is
   * the identity, so the users' fit sum p.(gate * q) rises with the gate by the block's
   * sensitivity. The logit moves towards the log of that, a weight, over the price: the sensitivity
   * a weight of the last block that fits (the knapsack's multiplier).
   */
  Gate train(Gate gate, SparseTable users, SparseTable items, double capacity) {
    float[] weights = gate.weights().clone();
    Gate trained = new Gate(gate.features(), weights);
    int stride = gate.features() + 1;
    double[][] worth = new double[profiles.length][];
    double[] total = new double[sizes.length];
    for (int t = 0; t < profiles.length; t++) {
      worth[t] = scores.sensitivity(users, items, batches[t], batches[t + 1]);
      for (int b = 0; b < total.length; b++) {
        total[b] += worth[t][b];
      }
    }
    double price = price(total, capacity);
    int all = data.users().rows();
    for (int step = 0; step < settings.gate().gateSteps(); step++) {
      for (int t = 0; t < profiles.length && price > 0; t++) {
        double share = (double) (batches[t + 1] - batches[t]) / Math.max(1, all);
        for (int b = 0; b < sizes.length; b++) {
          if (sizes[b] == 0 || share == 0) {
            continue;
          }
          double pushed = logOver(worth[t][b] / share / sizes[b], price);
          double move =
              settings.gate().gateRate() * share * (pushed - trained.logit(b, profiles[t]));
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
  private double price(double[] worth, double capacity) {
    long most = Capacity.weights(capacity, global.items().stored());
    Integer[] order =
        IntStream.range(0, sizes.length).filter(b -> sizes[b] > 0).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble((Integer b) -> -worth[b] / sizes[b]));
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
