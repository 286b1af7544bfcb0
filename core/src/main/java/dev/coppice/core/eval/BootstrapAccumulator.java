package dev.coppice.core.eval;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.Serializable;

/**
 * Means of user metrics in resamples of the users, from which the spread of a mean is read (the
 * Poisson bootstrap: Chamandy, Muralidharan, Najmi and Naidu, Estimating Uncertainty for Massive
 * Data Streams, Google 2012). In each resample a user is taken as often as a Poisson draw of mean 1
 * says, keyed by seed, user and resample: so results do not depend on order or partitions, and two
 * models that are measured on the same users meet the same resamples. 16 bytes a metric and
 * resample.
 */
public final class BootstrapAccumulator implements Serializable {
  private static final long serialVersionUID = 1L;

  /** P(X &lt;= n) of a Poisson variable of mean 1; beyond it a draw has no probability left. */
  private static final double[] CUMULATIVE = new double[18];

  static {
    double probability = Math.exp(-1);
    double sum = 0;
    for (int n = 0; n < CUMULATIVE.length; n++) {
      sum += probability;
      CUMULATIVE[n] = sum;
      probability /= n + 1;
    }
  }

  private MetricsAccumulator[] resamples;

  /** For serialisation, and for a merge to fill. */
  BootstrapAccumulator() {
    this(0, 0);
  }

  /** No users yet. */
  public BootstrapAccumulator(int resamples, int metrics) {
    this.resamples = new MetricsAccumulator[resamples];
    for (int r = 0; r < resamples; r++) {
      this.resamples[r] = new MetricsAccumulator(metrics);
    }
  }

  /**
   * Adds one user.
   *
   * @param values one value in [0, 1] per metric
   * @param seed of the draws
   * @param user tells users apart; the same for every model
   */
  public void add(double[] values, long seed, long user) {
    for (int r = 0; r < resamples.length; r++) {
      int copies = copies(seed, user, r);
      if (copies > 0) {
        resamples[r].add(values, copies);
      }
    }
  }

  /** How often a user is in a resample. */
  static int copies(long seed, long user, int resample) {
    double draw = SeedStream.uniform(seed, Purpose.RESAMPLE, user, resample);
    int copies = 0;
    while (copies < CUMULATIVE.length && draw >= CUMULATIVE[copies]) {
      copies++;
    }
    return copies;
  }

  /** Adds the users of another accumulator; returns this one. */
  public BootstrapAccumulator merge(BootstrapAccumulator other) {
    if (resamples.length == 0) {
      resamples = other.resamples;
      return this;
    }
    for (int r = 0; r < other.resamples.length; r++) {
      resamples[r].merge(other.resamples[r]);
    }
    return this;
  }

  /** The mean of one metric in each resample; 0 in one that drew no user. */
  public double[] means(int metric) {
    double[] means = new double[resamples.length];
    for (int r = 0; r < means.length; r++) {
      means[r] = resamples[r].mean(metric);
    }
    return means;
  }
}
