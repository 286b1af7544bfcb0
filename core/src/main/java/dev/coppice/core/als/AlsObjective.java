package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * The objective of dynamic sparse ALS, over user rows p and item rows q restricted to their
 * supports (docs/design.md section 5):
 *
 * <pre>
 *   sum_{(u,i) observed} c_ui (t_ui - p_u.q_i)^2
 *     + unobservedWeight * sum_{u,i} (p_u.q_i)^2
 *     + regParam * sum_r (n_r + unobservedWeight * N)^regExponent |row_r|^2
 *   c_ui = w_ui * (deg_u / mean deg_u)^-userDebias * (deg_i / mean deg_i)^-itemDebias
 * </pre>
 *
 * with n_r the observations of row r and N the number of rows of the other side. With item biases,
 * dimension {@value #BIAS_DIM} of every user's row is 1 and stays so, and does not count in
 * |row_r|^2; that dimension of an item's row is its bias. Where weights are to be nonnegative, the
 * minimum is that among rows without a weight below 0. With all debias 0, no biases, t = 1 and no
 * masks this is iALS as in Rendle et al., <i>Revisiting the Performance of iALS on Item
 * Recommendation Benchmarks</i>, RecSys 2022, equations 2 to 6.
 *
 * @param feedback what an observation says
 * @param unobservedWeight alpha_0, weight of every unobserved pair; 0 for explicit feedback
 * @param alpha confidence per unit of weight; used by {@link Feedback#CONFIDENCE} only
 * @param regParam L2 strength, at least 0
 * @param regExponent how the L2 strength grows with a row's observations, usually 0 to 1
 * @param userDebias popularity exponent of the users, usually 0 to 1
 * @param itemDebias popularity exponent of the items, usually 0 to 1
 * @param itemBias whether every item has a bias
 * @param nonnegative whether every weight of both tables, a bias too, is at least 0
 */
public record AlsObjective(
    Feedback feedback,
    double unobservedWeight,
    double alpha,
    double regParam,
    double regExponent,
    double userDebias,
    double itemDebias,
    boolean itemBias,
    boolean nonnegative)
    implements Serializable {
  /** The dimension that holds the items' biases, and 1 in every user's row. */
  public static final int BIAS_DIM = 0;

  /** What an observation says. */
  public enum Feedback {
    /** The target is 1; the interaction's weight is the confidence. */
    IMPLICIT,
    /**
     * Spark MLlib's implicit form (Hu, Koren, Volinsky, ICDM 2008, equation 3): confidence {@code 1
     * + alpha * weight} for observed pairs, 1 for all others. The same minimiser in this class's
     * terms: c = alpha * weight, pull 1 + c, unobserved weight 1. Its L2 strength counts a row's
     * observations alone, {@code regParam * n_r^regExponent}: MLlib's own with exponent 1.
     */
    CONFIDENCE,
    /** The weight is a rating, the target itself; only observed pairs are in the loss. */
    EXPLICIT
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming value and allowed range
   */
  public AlsObjective {
    atLeastZero("unobservedWeight", unobservedWeight);
    atLeastZero("regParam", regParam);
    finite("regExponent", regExponent);
    finite("userDebias", userDebias);
    finite("itemDebias", itemDebias);
    if (feedback == Feedback.CONFIDENCE && !(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha is " + alpha + "; it must be above 0 and finite");
    }
    if (feedback == Feedback.CONFIDENCE) {
      unobservedWeight = 1;
    } else if (feedback == Feedback.EXPLICIT) {
      unobservedWeight = 0;
    }
  }

  /** An objective of weights of any sign. */
  public AlsObjective(
      Feedback feedback,
      double unobservedWeight,
      double alpha,
      double regParam,
      double regExponent,
      double userDebias,
      double itemDebias,
      boolean itemBias) {
    this(
        feedback,
        unobservedWeight,
        alpha,
        regParam,
        regExponent,
        userDebias,
        itemDebias,
        itemBias,
        false);
  }

  /** Returns the objective of weighted implicit feedback. */
  public static AlsObjective implicit(
      double unobservedWeight,
      double regParam,
      double regExponent,
      double userDebias,
      double itemDebias) {
    return new AlsObjective(
        Feedback.IMPLICIT,
        unobservedWeight,
        1,
        regParam,
        regExponent,
        userDebias,
        itemDebias,
        false);
  }

  /** Returns the weight that a start has in the place of one that was drawn of either sign. */
  float start(float drawn) {
    return nonnegative ? Math.abs(drawn) : drawn;
  }

  /** Returns rows as {@link #start} has them. */
  public SparseTable start(SparseTable drawn) {
    if (!nonnegative) {
      return drawn;
    }
    float[] weights = new float[drawn.stored()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = start(drawn.weights()[p]);
    }
    return drawn.withWeights(weights);
  }

  /** Returns whether dimension {@value #BIAS_DIM} of a side's rows is 1 and never solved. */
  public boolean pins(Side side) {
    return itemBias && side == Side.USERS;
  }

  /**
   * Returns how many weights of a row are never pruned.
   *
   * @param minWeightsPerRow how many are asked for; one more than none is needed for the bias
   */
  public int leastWeights(int minWeightsPerRow) {
    return itemBias ? Math.max(1, minWeightsPerRow) : minWeightsPerRow;
  }

  /** Returns whether unobserved pairs are in the loss, so that a Gramian is needed. */
  public boolean needsGramian() {
    return unobservedWeight > 0;
  }

  /**
   * Returns what every stored confidence {@code w * deg_u^-userDebias * deg_i^-itemDebias} is
   * multiplied with: the mean degrees' share, which is known only when all interactions are
   * counted.
   */
  public double confidenceScale(double meanUserDegree, double meanItemDegree) {
    double scale =
        StrictMath.pow(meanUserDegree, userDebias) * StrictMath.pow(meanItemDegree, itemDebias);
    return perWeight() * scale;
  }

  /** Returns what an observation of weight 1, of a row and with a row of mean degree, weighs. */
  double perWeight() {
    return feedback == Feedback.CONFIDENCE ? alpha : 1;
  }

  /** Returns the popularity factor {@code degree^-exponent} of a row. */
  public static float debiasFactor(int degree, double exponent) {
    return exponent == 0 ? 1f : (float) StrictMath.pow(degree, -exponent);
  }

  /** Returns the constant part of an observation's pull: 1 in MLlib's form, else 0. */
  public double pullOffset() {
    return feedback == Feedback.CONFIDENCE ? 1 : 0;
  }

  /**
   * Returns the L2 strength of a row.
   *
   * @param observations n_r
   * @param otherRows N, the rows of the other side
   */
  public double regularisation(int observations, long otherRows) {
    double unobserved = feedback == Feedback.CONFIDENCE ? 0 : unobservedWeight * (double) otherRows;
    return regParam * StrictMath.pow(observations + unobserved, regExponent);
  }

  private static void atLeastZero(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be at least 0 and finite");
    }
  }

  private static void finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be a finite number");
    }
  }
}
