package dev.coppice.core.mask;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which empty positions an exploration grows.
 *
 * <p>Source: the four growth rules compared by Yildirim et al., <i>Continual Learning with Dynamic
 * Sparse Training</i> (2023, section 3). Differs from it: gradients are those of the row's whole
 * objective, over its curvature, and exact; the draws of the two random rules compete over the
 * whole table, not in each layer.
 */
public enum Growth {
  /** The largest gains g^2 / h, by how much the objective falls. */
  GRADIENT(false),
  /**
   * The largest squares of a running mean of g / sqrt(h) over the explorations of a run. As many
   * means as a row has weights are kept, those of the largest magnitude: all of them would be a
   * dense table.
   */
  MOMENTUM(true),
  /** At random. */
  RANDOM(false),
  /** At random among positions that held no weight in this run yet, then among the others. */
  UNFIRED(true);

  private final boolean remembers;

  Growth(boolean remembers) {
    this.remembers = remembers;
  }

  /** Returns whether the rule needs to know of earlier explorations of the run. */
  public boolean remembers() {
    return remembers;
  }

  /** Returns the name as it is written in configurations: lower case. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a rule by its name in any case.
   *
   * @throws IllegalArgumentException naming the value and the allowed ones
   */
  public static Growth parse(String name) {
    for (Growth growth : values()) {
      if (growth.key().equals(name.toLowerCase(Locale.ROOT))) {
        return growth;
      }
    }
    throw new IllegalArgumentException(
        "growth is '"
            + name
            + "'; it must be one of "
            + Arrays.stream(values()).map(Growth::key).collect(Collectors.joining(", ")));
  }
}
