package dev.coppice.core.als;

import dev.coppice.core.als.AlsObjective.Feedback;

/** Objectives by what they differ in, for tests. */
public final class Objectives {
  private Objectives() {}

  /** Returns MLlib's implicit objective. */
  public static AlsObjective confidence(double alpha, double regParam, double regExponent) {
    return new AlsObjective(Feedback.CONFIDENCE, 1, alpha, regParam, regExponent, 0, 0, false);
  }

  /** Returns the objective of ratings. */
  public static AlsObjective explicit(double regParam, double regExponent) {
    return new AlsObjective(Feedback.EXPLICIT, 0, 1, regParam, regExponent, 0, 0, false);
  }

  /** Returns the same objective, with or without item biases. */
  public static AlsObjective withItemBias(AlsObjective objective, boolean wanted) {
    return with(objective, wanted, objective.nonnegative());
  }

  /** Returns the same objective over rows without a weight below 0. */
  public static AlsObjective nonnegative(AlsObjective objective) {
    return with(objective, objective.itemBias(), true);
  }

  /** Returns the same objective over rows of any sign. */
  static AlsObjective signed(AlsObjective objective) {
    return with(objective, objective.itemBias(), false);
  }

  private static AlsObjective with(AlsObjective objective, boolean itemBias, boolean nonnegative) {
    return new AlsObjective(
        objective.feedback(),
        objective.unobservedWeight(),
        objective.alpha(),
        objective.regParam(),
        objective.regExponent(),
        objective.userDebias(),
        objective.itemDebias(),
        itemBias,
        nonnegative);
  }
}
