package dev.coppice.core.federate;

import java.util.List;
import java.util.Locale;

/**
 * How a client trains: how its gate gets its values, and how far its item rows may go from the
 * global ones.
 *
 * @param gate any rule but {@link GateRule#CHOSEN}
 * @param anchorWeight as in {@link FederationSettings}; infinite where item rows stay as they are
 */
public record LocalPlan(GateRule gate, double anchorWeight) {

  /**
   * Returns the plans that a client chooses from, the one it takes without a reason against it
   * first. With {@link GateRule#CHOSEN}: a learnt gate with the anchor that is set; the untrained
   * gate with an anchor that takes the interactions outside the client for as telling as they are
   * (at least 1); the untrained gate with the global rows. With any other rule: that one alone.
   *
   * @param trainItems whether item rows are trained at all; a new client's are not
   */
  public static List<LocalPlan> of(FederationSettings settings, boolean trainItems) {
    double still = Double.POSITIVE_INFINITY;
    boolean moves = trainItems && settings.localSteps() > 0;
    double anchor = moves ? settings.anchorWeight() : still;
    if (settings.gate() != GateRule.CHOSEN) {
      return List.of(new LocalPlan(settings.gate(), anchor));
    }
    LocalPlan learnt = new LocalPlan(GateRule.LEARNT, anchor);
    LocalPlan untrained = new LocalPlan(GateRule.SENSITIVITY, still);
    return moves
        ? List.of(
            learnt,
            new LocalPlan(GateRule.SENSITIVITY, Math.max(1, settings.anchorWeight())),
            untrained)
        : List.of(learnt, untrained);
  }

  /** Returns whether the client trains item rows. */
  public boolean trainsItems() {
    return anchorWeight < Double.POSITIVE_INFINITY;
  }

  /** Returns the plan in words, as reports say it. */
  public String describe() {
    String name = gate.name().toLowerCase(Locale.ROOT);
    return trainsItems() ? name + ", anchor " + anchorWeight : name + ", rows still";
  }
}
