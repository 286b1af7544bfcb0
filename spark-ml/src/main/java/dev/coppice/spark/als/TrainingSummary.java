package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.SweepRecord;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.ByteAccount;
import java.util.List;
import java.util.Map;

/**
 * What a training run did.
 *
 * @param sweeps one record a sweep
 * @param bestSweep the sweep whose rows are the model
 * @param interactions training interactions
 * @param meanUserDegree training interactions a user, of those that have any
 * @param meanItemDegree training interactions an item, of those that have any
 * @param userBudget budget of the user table
 * @param itemBudget budget of the item table
 * @param userBytes bytes of the user table, and of its explorations at their peak
 * @param itemBytes bytes of the item table, and of its explorations at their peak
 * @param start what became of the rows of the model that training started from; empty for none
 * @param exchange how rows travelled: broadcast or shuffle
 * @param partitions partitions that held the blocks
 * @param popularity the validation metrics of the popularity baseline; empty without validation
 * @param seconds wall-clock time of each phase
 */
public record TrainingSummary(
    List<SweepRecord> sweeps,
    int bestSweep,
    long interactions,
    double meanUserDegree,
    double meanItemDegree,
    Budget userBudget,
    Budget itemBudget,
    ByteAccount userBytes,
    ByteAccount itemBytes,
    Map<Side, InitialCounts> start,
    String exchange,
    int partitions,
    Map<String, Double> popularity,
    Map<String, Double> seconds) {

  /** Returns the validation metrics of the kept sweep; empty without validation or sweeps. */
  public Map<String, Double> metrics() {
    return bestSweep == 0 ? Map.of() : sweeps.get(bestSweep - 1).metrics();
  }

  /** Returns the bytes of both tables. */
  public ByteAccount bytes() {
    return userBytes.plus(itemBytes);
  }
}
