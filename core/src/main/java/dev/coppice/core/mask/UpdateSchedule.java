package dev.coppice.core.mask;

import java.util.Locale;

/**
 * How the share of weights that an exploration moves falls from the first exploration to the last.
 *
 * <p>Source: DSL (Wang et al., WSDM 2024), where the cosine form is the published one; linear and
 * constant are for comparison.
 */
public enum UpdateSchedule {
  /** {@code rho_0 / 2 * (1 + cos(pi t / T))}. */
  COSINE {
    @Override
    double factor(double progress) {
      return 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    }
  },
  /** {@code rho_0 * (1 - t / T)}. */
  LINEAR {
    @Override
    double factor(double progress) {
      return 1 - progress;
    }
  },
  /** {@code rho_0} throughout. */
  CONSTANT {
    @Override
    double factor(double progress) {
      return 1;
    }
  };

  abstract double factor(double progress);

  /**
   * Returns the share of the stored weights to move.
   *
   * @param startRatio rho_0, 0 to 1
   * @param step t, 0 at the first sweep
   * @param steps T, the number of sweeps
   */
  public double ratio(double startRatio, int step, int steps) {
    return startRatio * factor(steps <= 0 ? 0 : Math.min(1, (double) step / steps));
  }

  /** Returns the name as it is written in configurations: lower case. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a schedule by its name in any case.
   *
   * @throws IllegalArgumentException naming the value and the allowed ones
   */
  public static UpdateSchedule parse(String name) {
    for (UpdateSchedule schedule : values()) {
      if (schedule.key().equals(name.toLowerCase(Locale.ROOT))) {
        return schedule;
      }
    }
    throw new IllegalArgumentException(
        "updateSchedule is '" + name + "'; it must be one of cosine, linear, constant");
  }
}
