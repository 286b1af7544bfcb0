package dev.coppice.spark.als;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.BiasRows;
import dev.coppice.core.als.Side;
import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import org.apache.spark.api.java.JavaRDD;

/** Uniform random masks with random weights. */
record FreshStart(Plan plan, long seed) implements Start {

  @Override
  public JavaRDD<Numbered<SparseTable>> rows(Side side) {
    Budget budget = plan.budget(side);
    long startSeed = side.startSeed(seed);
    AlsObjective objective = plan.objective();
    long[] firstRows = plan.layout().counts(side).firstRows();
    return plan.layout()
        .interactions(side)
        .map(
            block ->
                new Numbered<>(
                    block.block(),
                    objective.start(
                        InitialMask.uniform(
                            budget,
                            firstRows[block.block()],
                            block.value().ids(),
                            startSeed,
                            BiasRows.reserve(
                                objective,
                                side,
                                SparseTable.empty(budget.rank(), block.value().rows()))))));
  }
}
