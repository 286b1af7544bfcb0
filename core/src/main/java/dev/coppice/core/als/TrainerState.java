package dev.coppice.core.als;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a run stands between two sweeps: with the tables, all that the next sweep needs of those
 * before. A run that goes on from here ends as one that was never interrupted.
 *
 * @param sweeps one record a finished sweep, in order
 * @param bestSweep the sweep whose tables are the best so far; 0 before the first
 */
public record TrainerState(List<SweepRecord> sweeps, int bestSweep) {

  /** The state before the first sweep. */
  public static final TrainerState FRESH = new TrainerState(List.of(), 0);

  /**
   * Checks that the sweeps are numbered from 1 and the best is one of them.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  public TrainerState {
    sweeps = List.copyOf(sweeps);
    for (int i = 0; i < sweeps.size(); i++) {
      if (sweeps.get(i).sweep() != i + 1) {
        throw new IllegalArgumentException(
            "sweep " + sweeps.get(i).sweep() + " stands where sweep " + (i + 1) + " should");
      }
    }
    if (bestSweep < Math.min(1, sweeps.size()) || bestSweep > sweeps.size()) {
      throw new IllegalArgumentException(
          "bestSweep is " + bestSweep + " of " + sweeps.size() + " sweeps");
    }
  }

  /** Returns the number of finished sweeps. */
  public int sweep() {
    return sweeps.size();
  }

  /** Returns the record of the best sweep; there must be one. */
  public SweepRecord best() {
    return sweeps.get(bestSweep - 1);
  }

  /**
   * Returns the state after one more sweep.
   *
   * @param better whether its tables are the best so far
   */
  TrainerState after(SweepRecord record, boolean better) {
    List<SweepRecord> all = new ArrayList<>(sweeps);
    all.add(record);
    return new TrainerState(all, better ? record.sweep() : bestSweep);
  }
}
