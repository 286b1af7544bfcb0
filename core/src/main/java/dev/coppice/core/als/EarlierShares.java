package dev.coppice.core.als;

import java.io.Serializable;

/**
 * How much of a side's earlier confidence each row had, from its number of observations alone: n *
 * (n / mean n)^-debias over the mean of n. With {@link AlsObjective}'s confidences, and as if who
 * meets whom depended on nothing but these numbers, a pair had the product of its two shares, times
 * the mean number of observations of a pair.
 *
 * @param mean observations a row, of the rows that had any; above 0
 * @param debias popularity exponent of the side
 */
public record EarlierShares(double mean, double debias) implements Serializable {

  /** Returns the shares of a side's rows. */
  static EarlierShares of(AlsObjective objective, Side side, double mean) {
    return new EarlierShares(
        mean, side == Side.USERS ? objective.userDebias() : objective.itemDebias());
  }

  /** Returns the share of a row; 0 without observations, 1 for the mean number of them. */
  public double of(int observations) {
    return observations == 0 ? 0 : StrictMath.pow(observations / mean, 1 - debias);
  }
}
