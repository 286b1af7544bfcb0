package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import java.io.Serializable;

/**
 * What a federation goes by (docs/federation.md, "Algorithm"). Components are named like the
 * configuration keys.
 *
 * @param objective what clients minimise
 * @param rounds who takes part in the rounds, and what the server does with the answers
 * @param maskMoves how the global mask moves
 * @param gate how clients choose what they hold
 * @param rows how clients solve their rows
 * @param ownModel how a client's own model is made after the last round
 * @param seed of all draws
 */
public record FederationSettings(
    AlsObjective objective,
    Rounds rounds,
    MaskMoves maskMoves,
    GateTraining gate,
    LocalRows rows,
    OwnModel ownModel,
    long seed)
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
   * Checks that clients can learn the objective.
   *
   * @throws IllegalArgumentException saying why not, and what to set
   */
  public FederationSettings {
    if (objective.feedback() == AlsObjective.Feedback.EXPLICIT) {
      throw new IllegalArgumentException(
          "the objective is explicit; clients rank by implicit feedback: set implicitPrefs = true");
    }
    if (objective.itemBias()) {
      throw new IllegalArgumentException(
          "the objective has item biases, which clients cannot learn: a client may lack the block"
              + " that holds them; set itemBias = false");
    }
    if (objective.nonnegative()) {
      throw new IllegalArgumentException(
          "the objective asks for nonnegative weights, which clients do not keep to: what they send"
              + " are differences; set nonnegative = false");
    }
  }

  /**
   * The rounds.
   *
   * @param count how many ({@code rounds}), at least 0
   * @param participation share of the clients that are asked in a round, above 0, at most 1
   * @param localSteps passes over a client's items and users in a round, at least 0
   * @param serverRate share of the clients' mean change that the driver applies, 0 to 1
   */
  public record Rounds(int count, double participation, int localSteps, double serverRate)
      implements Serializable {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming value and allowed range
     */
    public Rounds {
      atLeast("rounds", count, 0);
      share("participation", participation, false);
      atLeast("localSteps", localSteps, 0);
      share("serverRate", serverRate, true);
    }
  }

  /**
   * Explorations of the global mask.
   *
   * @param maskInterval rounds between them; 0 for none
   * @param maskRatio share of the global weights that the first of them moves, 0 to 1
   */
  public record MaskMoves(int maskInterval, double maskRatio) implements Serializable {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming value and allowed range
     */
    public MaskMoves {
      atLeast("maskInterval", maskInterval, 0);
      share("maskRatio", maskRatio, true);
    }
  }

  /**
   * The gates.
   *
   * @param rule how they get their values ({@code gate})
   * @param gateFeatures length of the gate's input, at least 0
   * @param gateBatch users in a batch, at least 1
   * @param gateSteps steps of the gate's training for each local step, at least 0
   * @param gateRate size of a step of the gate
   * @param minGate the least value of a gate, above 0, below 1
   * @param cuts steps in which a learnt gate shrinks a client from the whole table to its capacity
   *     in its first round, its rows being solved again after each; 1 for at once
   */
  public record GateTraining(
      GateRule rule,
      int gateFeatures,
      int gateBatch,
      int gateSteps,
      double gateRate,
      double minGate,
      int cuts)
      implements Serializable {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming value and allowed range
     */
    public GateTraining {
      atLeast("gateFeatures", gateFeatures, 0);
      atLeast("gateBatch", gateBatch, 1);
      atLeast("gateSteps", gateSteps, 0);
      finite("gateRate", gateRate);
      if (!(minGate > 0 && minGate < 1)) {
        throw new IllegalArgumentException(
            "minGate is " + minGate + "; it must be above 0, below 1");
      }
      atLeast("cuts", cuts, 1);
    }
  }

  /**
   * A client's rows.
   *
   * @param userWeights most weights of a user row, at least 1; user rows never travel
   * @param userRatio share of each user row's positions that move when blocks have gone, 0 to 1
   * @param anchorWeight strength of the pull of a client's item rows towards the global ones, in
   *     units of the L2 strength that the objective gives to the interactions outside the client
   * @param scoreWeight strength with which a client's item rows keep the scores that the whole
   *     global table gives its users, in units of the interactions outside the client, at least 0
   * @param ownItems whether a client's table has rows of the items alone that the client has
   */
  public record LocalRows(
      int userWeights, double userRatio, double anchorWeight, double scoreWeight, boolean ownItems)
      implements Serializable {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming value and allowed range
     */
    public LocalRows {
      atLeast("userWeights", userWeights, 1);
      share("userRatio", userRatio, true);
      finite("anchorWeight", anchorWeight);
      finite("scoreWeight", scoreWeight);
    }
  }

  /**
   * A client's own model.
   *
   * @param finalSteps passes over a client's items and users when it is made, after the last round,
   *     at least 0
   * @param itemRatio share of each item row's positions that move in the first of the final steps,
   *     falling to none, 0 to 1
   * @param joinItems whether a new client's own model is made like that of the others once its gate
   *     is trained, on the frozen global table; else its item rows are the global ones
   */
  public record OwnModel(int finalSteps, double itemRatio, boolean joinItems)
      implements Serializable {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming value and allowed range
     */
    public OwnModel {
      atLeast("finalSteps", finalSteps, 0);
      share("itemRatio", itemRatio, true);
    }
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
    }
  }

  private static void finite(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be at least 0 and finite");
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
  FederationSettings withAllItems() {
    LocalRows all =
        new LocalRows(
            rows.userWeights(), rows.userRatio(), rows.anchorWeight(), rows.scoreWeight(), false);
    return new FederationSettings(objective, rounds, maskMoves, gate, all, ownModel, seed);
  }

  /** Returns the same with clients that hold the largest weights at once, in place. */
  FederationSettings pruned() {
    GateTraining magnitude =
        new GateTraining(
            GateRule.MAGNITUDE,
            0,
            gate.gateBatch(),
            gate.gateSteps(),
            gate.gateRate(),
            gate.minGate(),
            1);
    OwnModel stays = new OwnModel(ownModel.finalSteps(), 0, ownModel.joinItems());
    return new FederationSettings(objective, rounds, maskMoves, magnitude, rows, stays, seed);
  }

  /** Returns the same with own models that are made in another way. */
  FederationSettings with(OwnModel other) {
    return new FederationSettings(objective, rounds, maskMoves, gate, rows, other, seed);
  }

  /** Returns whether the clients send scores with the changes of a round, numbered from 1. */
  boolean explores(int round) {
    return maskMoves.maskInterval() > 0
        && maskMoves.maskRatio() > 0
        && round < rounds.count()
        && round % maskMoves.maskInterval() == 0;
  }
}
