package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import java.io.Serializable;

/**
 * How the rounds run.
 *
 * @param objective what clients minimise
 * @param rounds at least 0
 * @param participation share of the clients that are asked in a round, above 0, at most 1
 * @param localSteps passes over a client's items and users in a round, at least 0
 * @param userWeights most weights of a user row; user rows never travel
 * @param anchorWeight strength of the pull of a client's item rows towards the global ones, in
 *     units of the L2 strength that the objective gives to the interactions outside the client
 * @param serverRate share of the clients' mean change that the driver applies, 0 to 1
 * @param updateInterval rounds between explorations of the global mask; 0 never
 * @param updateRatio share of the global weights that the first exploration moves, 0 to 1
 * @param gate how the gates get their values
 * @param gateFeatures length of the gate's input, at least 0
 * @param gateBatch users in a batch, at least 1
 * @param gateSteps steps of the gate's training for each local step, at least 0
 * @param gateRate size of a step of the gate
 * @param cuts steps in which a learnt gate shrinks a client from the whole table to its capacity in
 *     its first round, its rows being solved again after each; 1 for at once
 * @param userRatio share of each user row's positions that move when blocks have gone, 0 to 1
 * @param scoreWeight strength with which a client's item rows keep the scores that the whole global
 *     table gives its users, in units of the interactions outside the client, at least 0
 * @param minGate the least value of a gate, above 0, below 1
 * @param seed of all draws
 * @param ownItems whether a client's table has rows of the items alone that the client has
 * @param finalSteps passes over a client's items and users when its own model is made, after the
 *     last round, at least 0
 * @param itemRatio share of each item row's positions that move in the first of the final steps,
 *     falling to none, 0 to 1
 * @param joinItems whether a new client's own model is made like that of the others once its gate
 *     is trained, on the frozen global table; else its item rows are the global ones
 */
public record FederationSettings(
    AlsObjective objective,
    int rounds,
    double participation,
    int localSteps,
    int userWeights,
    double anchorWeight,
    double serverRate,
    int updateInterval,
    double updateRatio,
    GateRule gate,
    int gateFeatures,
    int gateBatch,
    int gateSteps,
    double gateRate,
    double minGate,
    long seed,
    int cuts,
    double userRatio,
    double scoreWeight,
    boolean ownItems,
    int finalSteps,
    double itemRatio,
    boolean joinItems)
    implements Serializable {

  /** Cuts unless told otherwise. */
  public static final int CUTS = 8;

  /** The share of positions that move unless told otherwise. */
  public static final double USER_RATIO = 0.3;

  /** The finalSteps unless told otherwise. */
  public static final int FINAL_STEPS = 8;

  /** The itemRatio unless told otherwise. */
  public static final double ITEM_RATIO = 0.3;

  /** The scoreWeight unless told otherwise. */
  public static final double SCORE_WEIGHT = 1;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming value and allowed range
   */
  public FederationSettings {
    atLeast("rounds", rounds, 0);
    share("participation", participation, false);
    atLeast("localSteps", localSteps, 0);
    atLeast("userWeights", userWeights, 1);
    if (!(anchorWeight >= 0 && anchorWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "anchorWeight is " + anchorWeight + "; it must be at least 0 and finite");
    }
    share("serverRate", serverRate, true);
    atLeast("updateInterval", updateInterval, 0);
    share("updateRatio", updateRatio, true);
    atLeast("gateFeatures", gateFeatures, 0);
    atLeast("gateBatch", gateBatch, 1);
    atLeast("gateSteps", gateSteps, 0);
    if (!(gateRate >= 0 && gateRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "gateRate is " + gateRate + "; it must be at least 0 and finite");
    }
    if (!(minGate > 0 && minGate < 1)) {
      throw new IllegalArgumentException("minGate is " + minGate + "; it must be above 0, below 1");
    }
    atLeast("cuts", cuts, 1);
    share("userRatio", userRatio, true);
    atLeast("finalSteps", finalSteps, 0);
    share("itemRatio", itemRatio, true);
    if (!(scoreWeight >= 0 && scoreWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "scoreWeight is " + scoreWeight + "; it must be at least 0 and finite");
    }
    if (objective.feedback() == AlsObjective.Feedback.EXPLICIT) {
      throw new IllegalArgumentException(
          "the objective is explicit; clients rank by implicit feedback: set implicitPrefs = true");
    }
    if (objective.itemBias()) {
      throw new IllegalArgumentException(
          "the objective has item biases, which clients cannot learn: a client may lack the block"
              + " that holds them; set itemBias = false");
    }
  }

  /** Settings with the usual values of all that is missing. */
  public FederationSettings(
      AlsObjective objective,
      int rounds,
      double participation,
      int localSteps,
      int userWeights,
      double anchorWeight,
      double serverRate,
      int updateInterval,
      double updateRatio,
      GateRule gate,
      int gateFeatures,
      int gateBatch,
      int gateSteps,
      double gateRate,
      double minGate,
      long seed) {
    this(
        objective,
        rounds,
        participation,
        localSteps,
        userWeights,
        anchorWeight,
        serverRate,
        updateInterval,
        updateRatio,
        gate,
        gateFeatures,
        gateBatch,
        gateSteps,
        gateRate,
        minGate,
        seed,
        CUTS,
        USER_RATIO,
        SCORE_WEIGHT,
        true,
        FINAL_STEPS,
        ITEM_RATIO,
        false);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
    }
  }

  private static void share(String name, double value, boolean zero) {
    if (!(value <= 1 && (zero ? value >= 0 : value > 0))) {
      throw new IllegalArgumentException(
          name
              + " is "
              + value
              + "; it must be "
              + (zero ? "at least" : "above")
              + " 0, at most 1");
    }
  }

  /** Returns the same with clients whose tables may hold the rows of all items. */
  public FederationSettings withAllItems() {
    return with(false, finalSteps, itemRatio, joinItems);
  }

  /** Returns the same with other final steps. */
  public FederationSettings withFinal(int newSteps, double newItemRatio) {
    return with(ownItems, newSteps, newItemRatio, joinItems);
  }

  /** Returns the same with new clients that train their own item rows, or do not. */
  public FederationSettings withJoinItems(boolean wanted) {
    return with(ownItems, finalSteps, itemRatio, wanted);
  }

  private FederationSettings with(
      boolean newOwnItems, int newSteps, double newItemRatio, boolean newJoinItems) {
    return new FederationSettings(
        objective,
        rounds,
        participation,
        localSteps,
        userWeights,
        anchorWeight,
        serverRate,
        updateInterval,
        updateRatio,
        gate,
        gateFeatures,
        gateBatch,
        gateSteps,
        gateRate,
        minGate,
        seed,
        cuts,
        userRatio,
        scoreWeight,
        newOwnItems,
        newSteps,
        newItemRatio,
        newJoinItems);
  }

  /** Returns whether the clients send scores with the changes of a round, numbered from 1. */
  public boolean explores(int round) {
    return updateInterval > 0 && updateRatio > 0 && round < rounds && round % updateInterval == 0;
  }
}
