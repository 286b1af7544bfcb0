package dev.coppice.core.als;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Settings of the implicit objective that suit a data set, chosen from its size alone
 * (bench/LAB.md, "Settings chosen from the data", has the figures behind the constants).
 *
 * <p>The sum over all pairs has {@code users * items} terms, that over the observed ones {@code
 * interactions}: the more pairs there are, the less each of the unobserved may weigh.
 */
public final class AutoObjective {
  /** {@link #unobservedWeight} times the root of users times items. */
  private static final double UNOBSERVED = 400;

  /**
   * Above it the most popular items are what lists are made of, and stay as popular as they are.
   */
  private static final double CONCENTRATED = 0.05;

  private static final double USUAL_DEBIAS = 0.3;

  private AutoObjective() {}

  /** Returns alpha_0, weight of an unobserved pair, at most 1. */
  public static double unobservedWeight(InteractionCounts counts) {
    double pairs = (double) Math.max(1, counts.users()) * Math.max(1, counts.items());
    return rounded(Math.min(1, UNOBSERVED / Math.sqrt(pairs)));
  }

  /** Returns the popularity exponent of the users. */
  public static double userDebias() {
    return USUAL_DEBIAS;
  }

  /** Returns the popularity exponent of the items: 0 where few items hold many interactions. */
  public static double itemDebias(InteractionCounts counts) {
    return counts.popularShare() >= CONCENTRATED ? 0 : USUAL_DEBIAS;
  }

  /** Two digits: what is chosen must not depend on the last interaction, and is read by people. */
  private static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(2)).doubleValue();
  }
}
