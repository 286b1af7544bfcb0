package dev.coppice.bench;

import dev.coppice.spark.GatedFederation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;

/**
 * The estimators that {@link Federate} measures: the gated system, and with other Params what else
 * could be done with the same bytes.
 */
final class FederateSystems {
  /** All values of the estimator's buckets. */
  static final List<String> BUCKETS = List.of("availability", "popularity", "cooccurrence", "hash");

  /** All values of the estimator's gate. */
  static final List<String> GATES =
      List.of("chosen", "learnt", "saliency", "sensitivity", "magnitude", "random");

  private final Federate options;

  FederateSystems(Federate options) {
    this.options = options;
  }

  /**
   * One system.
   *
   * @param name how the results call it
   * @param capacity share of the global table's weights
   * @param stage trains it
   */
  record Federated(String name, double capacity, GatedFederation stage) {}

  /** Returns the gated system as the options have it. */
  GatedFederation gated(long seed, double capacity) {
    GatedFederation stage = StageParams.set(new GatedFederation(), shared());
    StageParams.set(stage, Map.of("gate", options.gate, "buckets", options.buckets));
    return stage
        .setSeed(seed)
        .setCapacity(capacity)
        .setItemBuckets(options.itemBuckets)
        .setDimBlocks(options.dimBlocks)
        .setRounds(options.rounds)
        .setServerRate(options.serverRate)
        .setLocalSteps(options.localSteps)
        .setAnchorWeight(options.anchorWeight)
        .setGateRate(options.gateRate)
        .setGateFeatures(options.gateFeatures)
        .setGateBatch(options.gateBatch)
        .setCuts(options.cuts)
        .setUserRatio(options.userRatio)
        .setScoreWeight(options.scoreWeight)
        .setOwnItems(options.ownItems)
        .setFinalSteps(options.finalSteps)
        .setItemRatio(options.itemRatio)
        .setAlone(false);
  }

  /** What the global training was told, as far as federations can be told it too. */
  private Map<String, String> shared() {
    Set<String> known =
        Arrays.stream(new GatedFederation().params()).map(Param::name).collect(Collectors.toSet());
    Map<String, String> shared = new LinkedHashMap<>(options.training);
    shared.keySet().retainAll(known);
    return shared;
  }

  /** Returns all that is measured with one seed beside the global table, in order. */
  List<Federated> all(long seed) {
    List<Federated> all = new ArrayList<>();
    if (!options.gatedOnly && !options.neighboursOnly) {
      all.addAll(wholes(seed));
    }
    for (double capacity : options.capacities) {
      if (options.neighbours) {
        all.add(new Federated(FederateReport.NEIGHBOURS, capacity, neighbours(seed, capacity)));
        all.add(
            new Federated(
                FederateReport.NEIGHBOURS + ", own pairs alone",
                capacity,
                neighbours(seed, capacity).setOthersWeight(0)));
      }
      if (options.neighboursOnly) {
        continue;
      }
      if (capacity < 1 && !options.gatedOnly) {
        all.addAll(pruned(seed, capacity));
      }
      all.add(new Federated(FederateReport.GATED, capacity, gated(seed, capacity)));
    }
    return all;
  }

  /** Returns the federation of neighbours as the options have it. */
  GatedFederation neighbours(long seed, double capacity) {
    return StageParams.set(new GatedFederation(), options.neighbourSettings)
        .setFamily("items")
        .setSeed(seed)
        .setCapacity(capacity)
        .setOwnItems(options.ownItems)
        .setAlone(false);
  }

  /** What keeps all weights of the global table. */
  private List<Federated> wholes(long seed) {
    List<Federated> all = new ArrayList<>();
    if (options.ownItems) {
      all.add(new Federated("global, own items", 1, untrained(gated(seed, 1), "magnitude")));
    }
    all.add(new Federated("global, tuned locally", 1, tuned(seed, 1).setOwnItems(false)));
    // All clients are served by the table that the rounds leave.
    all.add(
        new Federated(
            "FedAvg, users local",
            1,
            gated(seed, 1)
                .setGate("magnitude")
                .setCuts(1)
                .setOwnItems(false)
                .setFinalSteps(0)
                .setItemRatio(0)));
    return all;
  }

  /** What is cut down to the capacity without learnt gates. */
  private List<Federated> pruned(long seed, double capacity) {
    List<Federated> all = new ArrayList<>();
    for (String rule : BUCKETS) {
      String name = "magnitude, " + rule + " buckets";
      all.add(
          new Federated(
              name,
              capacity,
              untrained(gated(seed, capacity), "magnitude").setOwnItems(false).setBuckets(rule)));
      // Local training levels the rules; one of them is enough.
      if (rule.equals(options.buckets)) {
        all.add(new Federated(name + ", tuned locally", capacity, tuned(seed, capacity)));
      }
    }
    all.add(
        new Federated(
            "client sensitivity, untrained",
            capacity,
            untrained(gated(seed, capacity), "sensitivity")));
    return all;
  }

  /** Returns other gates with the same local steps, and the gated system without its parts. */
  List<Federated> ablations(long seed, double capacity) {
    List<Federated> all = new ArrayList<>();
    if (options.ownItems) {
      all.add(
          new Federated(
              "gated, rows of all items", capacity, gated(seed, capacity).setOwnItems(false)));
    }
    if (options.itemRatio > 0) {
      all.add(
          new Federated(
              "gated, item positions stay", capacity, gated(seed, capacity).setItemRatio(0)));
    }
    for (String gate : GATES) {
      int cuts = gate.equals("chosen") ? options.cuts : 1;
      all.add(
          new Federated(
              "gate " + gate + ", no rounds",
              capacity,
              gated(seed, capacity).setGate(gate).setCuts(cuts).setRounds(0)));
    }
    all.add(
        new Federated(
            "gate learnt in " + options.cuts + " cuts, no rounds",
            capacity,
            gated(seed, capacity).setGate("learnt").setRounds(0)));
    return all;
  }

  /** Local models are what the gate leaves of the global table. */
  private static GatedFederation untrained(GatedFederation stage, String gate) {
    return stage.setGate(gate).setCuts(1).setRounds(0).setFinalSteps(0).setItemRatio(0);
  }

  private GatedFederation tuned(long seed, double capacity) {
    return gated(seed, capacity).setGate("magnitude").setCuts(1).setRounds(0).setItemRatio(0);
  }
}
