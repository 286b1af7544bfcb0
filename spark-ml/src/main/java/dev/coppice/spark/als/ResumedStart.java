package dev.coppice.spark.als;

import dev.coppice.core.als.Side;
import dev.coppice.core.als.TrainerState;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.als.DurableState.Stored;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;

/** The rows of a checkpoint, to the bit. */
final class ResumedStart implements Start {
  private final Stored stored;
  private final InitialBlocks given;

  /**
   * Starts from a checkpoint.
   *
   * @param given the model that the run began from, of whose rows only the importance is needed
   *     now; null for none
   */
  ResumedStart(Stored stored, InitialBlocks given) {
    this.stored = stored;
    this.given = given;
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> rows(Side side) {
    return stored.present(side);
  }

  @Override
  public TrainerState state() {
    return stored.manifest().state();
  }

  @Override
  public Map<Side, InitialCounts> counts() {
    return stored.start();
  }

  @Override
  public JavaRDD<Numbered<SparseTable>> importance(Side side) {
    Plan plan = stored.plan();
    return given == null ? null : given.importance(plan.layout(), side, plan.budget(side).rank());
  }

  @Override
  public void restore(RowExchange exchange) {
    TrainerState state = state();
    for (Side side : Side.values()) {
      stored.memory(side).ifPresent(memory -> exchange.remember(side, memory));
    }
    if (state.bestSweep() == state.sweep()) {
      exchange.keepBest();
      return;
    }
    for (Side side : Side.values()) {
      exchange.restoreBest(side, stored.best(side));
    }
  }

  @Override
  public void release() {
    if (given != null) {
      given.release();
    }
  }
}
