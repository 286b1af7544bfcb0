package dev.coppice.core.als;

import dev.coppice.core.mask.UpdateSchedule;

/**
 * How long to train and how to explore.
 *
 * @param maxIter most sweeps, at least 1
 * @param updateRatio rho_0, share of the stored weights that the first exploration moves, 0 to 1
 * @param updateSchedule how the share falls
 * @param updateInterval sweeps between explorations, at least 1
 * @param patience sweeps without a better validation metric before training stops; 0 never stops
 * @param metric the validation metric to watch
 */
public record TrainerSettings(
    int maxIter,
    double updateRatio,
    UpdateSchedule updateSchedule,
    int updateInterval,
    int patience,
    String metric) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming value and allowed range
   */
  public TrainerSettings {
    if (maxIter < 1) {
      throw new IllegalArgumentException("maxIter is " + maxIter + "; it must be at least 1");
    }
    if (!(updateRatio >= 0 && updateRatio <= 1)) {
      throw new IllegalArgumentException(
          "updateRatio is " + updateRatio + "; it must lie between 0 and 1");
    }
    if (updateInterval < 1) {
      throw new IllegalArgumentException(
          "updateInterval is " + updateInterval + "; it must be at least 1");
    }
    if (patience < 0) {
      throw new IllegalArgumentException("patience is " + patience + "; it must be at least 0");
    }
  }

  /** Returns the share of weights to move in sweep {@code sweep} (from 1); 0 for none. */
  double ratio(int sweep) {
    boolean explores = sweep < maxIter && sweep % updateInterval == 0;
    return explores ? updateSchedule.ratio(updateRatio, sweep - 1, maxIter - 1) : 0;
  }
}
