package dev.coppice.core.federate;

import java.util.List;

/**
 * How a client trains: how its gate gets its values, and how far its item rows may go from the
 * global ones.
 *
 * @param gate any rule but {@link GateRule#CHOSEN}
 * @param anchorWeight as in {@link FederationSettings.LocalRows}; infinite where item rows stay as
 *     they are
 */
public record LocalPlan(GateRule gate, double anchorWeight) {

  /**
   * Returns the plans that a client chooses from, the one it takes without a reason against it
   * first. With {@link GateRule#CHOSEN}: a learnt gate, or the untrained one that it starts from.
   * With any other rule: that one alone. Both train item rows alike, as the global table has seen
   * what a client holds back, and rows nearer to it would look better than they are.
   *
   * @param trainItems whether item rows are trained at all; a new client's are not, nor are they in
   *     no steps
   */
  public static List<LocalPlan> of(FederationSettings settings, boolean trainItems) {
    double anchor = trainItems ? settings.rows().anchorWeight() : Double.POSITIVE_INFINITY;
    return settings.gate().rule() == GateRule.CHOSEN
        ? List.of(
            new LocalPlan(GateRule.LEARNT, anchor), new LocalPlan(GateRule.SENSITIVITY, anchor))
        : List.of(new LocalPlan(settings.gate().rule(), anchor));
  }

  /** Returns whether the client trains item rows. */
  boolean trainsItems() {
    return anchorWeight < Double.POSITIVE_INFINITY;
  }
}
