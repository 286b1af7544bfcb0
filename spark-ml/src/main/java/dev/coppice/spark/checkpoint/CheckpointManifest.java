package dev.coppice.spark.checkpoint;

import dev.coppice.core.als.TrainerState;
import java.util.Map;

/**
 * All that a checkpoint says, but for the rows.
 *
 * @param run what wrote it
 * @param state the sweeps so far
 * @param start counts of the run's start, by side and name, that its summary tells; may be empty
 * @param rows the directory of all row files, within the checkpoint directory
 * @param present the tables after the last sweep, by side, and what explorations remember, if
 *     anything, as further tables
 * @param best the best tables so far, by side; those of {@code present} where it is the last sweep
 */
public record CheckpointManifest(
    RunIdentity run,
    TrainerState state,
    Map<String, Map<String, Long>> start,
    String rows,
    Map<String, StoredTable> present,
    Map<String, StoredTable> best) {

  /** Checks that nothing is missing. */
  public CheckpointManifest {
    if (run == null || state == null || start == null || rows == null) {
      throw new IllegalArgumentException("run, state, start or rows are missing");
    }
    if (present == null || best == null || present.isEmpty()) {
      throw new IllegalArgumentException("tables are missing");
    }
    if (!present.keySet().containsAll(best.keySet()) || best.isEmpty()) {
      throw new IllegalArgumentException(
          "tables of " + present.keySet() + " and best tables of " + best.keySet());
    }
  }
}
