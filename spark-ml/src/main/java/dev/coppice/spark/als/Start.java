package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.table.SparseTable;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/** The rows that a run starts with: as many weights as the budget says, to the single one. */
interface Start {
  /** Returns the rows of a side, every block at its partition. */
  JavaRDD<Numbered<SparseTable>> rows(Side side);

  /** Returns how important weights were in earlier periods; null if that is not known. */
  default JavaRDD<Numbered<SparseTable>> importance(Side side) {
    return null;
  }

  /** Returns the sweeps that these rows have behind them. */
  default TrainerState state() {
    return TrainerState.FRESH;
  }

  /**
   * Returns what became of the rows of an initial model, by side; complete when the rows of both
   * sides were asked for, empty if there is no such model.
   */
  default Map<Side, InitialCounts> counts() {
    return Map.of();
  }

  /**
   * Gives the exchange what it held after the sweeps so far, beside the present rows: the best
   * rows, and what explorations remember.
   */
  default void restore(RowExchange exchange) {}

  /** Gives the storage back, after the rows have been used. */
  default void release() {}
}
