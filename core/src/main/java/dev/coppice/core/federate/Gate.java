package dev.coppice.core.federate;

import java.io.Serializable;

/**
 * The gate of one client (pFedGate, section 4.2): from the profile of a batch of users to one value
 * a block, by one linear layer and a sigmoid; the mean over the batches, at least {@code minGate}.
 * Never leaves the client.
 *
 * <p>A profile holds, for each of {@code features} groups of item buckets, the share of the batch's
 * interactions that fall into it, less the mean and divided by the deviation over the client's
 * batches. Differs from pFedGate: the output is not normalised over a batch.
 *
 * @param features profile length
 * @param weights {@code float[blocks * (features + 1)]}: a block's bias, then its weights
 */
public record Gate(int features, float[] weights) implements Serializable {

  /** The largest share of the global table's weights that a gate may take. */
  public static final double MAX_SHARE = 0.05;

  /** Returns a gate that says one half to everything. */
  static Gate flat(int blocks, int features) {
    return new Gate(features, new float[Math.multiplyExact(blocks, features + 1)]);
  }

  /**
   * Checks that a gate is small beside the table it gates.
   *
   * @throws IllegalArgumentException saying how large it would be and what to set
   */
  static void checkSize(int blocks, int features, long globalWeights) {
    long size = (long) blocks * (features + 1);
    if (size > MAX_SHARE * globalWeights) {
      throw new IllegalArgumentException(
          "a gate of "
              + blocks
              + " blocks and "
              + features
              + " features has "
              + size
              + " weights, more than 5 % of the global table's "
              + globalWeights
              + "; lower itemBuckets, dimBlocks or gateFeatures so that itemBuckets * dimBlocks *"
              + " (gateFeatures + 1) is at most "
              + (long) (MAX_SHARE * globalWeights));
    }
  }

  /** Returns the number of blocks. */
  int blocks() {
    return weights.length / (features + 1);
  }

  /** Returns the logit of one block for one profile. */
  double logit(int block, double[] profile) {
    int at = block * (features + 1);
    double sum = weights[at];
    for (int f = 0; f < features; f++) {
      sum += weights[at + 1 + f] * profile[f];
    }
    return sum;
  }

  /**
   * Returns the gate's values.
   *
   * @param profiles one a batch, at least one
   * @return {@code double[blocks]}
   */
  double[] values(double[][] profiles, double minGate) {
    double[] values = new double[blocks()];
    for (int block = 0; block < values.length; block++) {
      double sum = 0;
      for (double[] profile : profiles) {
        sum += sigmoid(logit(block, profile));
      }
      values[block] = Math.max(minGate, sum / profiles.length);
    }
    return values;
  }

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }
}
