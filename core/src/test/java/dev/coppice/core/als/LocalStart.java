package dev.coppice.core.als;

import dev.coppice.core.mask.BudgetFit;
import dev.coppice.core.mask.InitialBlock;
import dev.coppice.core.mask.LocalFit;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.List;
import java.util.Map;

/** Fits given rows to a budget in one process. */
final class LocalStart {
  private LocalStart() {}

  /** Returns the rows of every block; {@code given} holds tables of one row by id. */
  static SparseTable[] of(
      AlsObjective objective,
      Side side,
      Budget budget,
      InteractionBlock[] blocks,
      int minWeightsPerRow,
      Map<Long, SparseTable> given,
      long seed,
      boolean foldIn) {
    InitialBlock[] starts = new InitialBlock[blocks.length];
    for (int b = 0; b < blocks.length; b++) {
      starts[b] = block(objective, side, budget, blocks[b], minWeightsPerRow, given);
    }
    BudgetFit.Cut cut = LocalFit.cut(budget.weights(), List.of(starts));
    SparseTable[] tables = new SparseTable[blocks.length];
    for (int b = 0; b < blocks.length; b++) {
      long[] ids = blocks[b].ids();
      tables[b] =
          objective.start(
              foldIn ? starts[b].fitWithoutNew(cut, ids, seed) : starts[b].fit(cut, ids, seed));
    }
    return tables;
  }

  /** Returns what the rows of a block were. */
  static EarlierRows earlier(
      InteractionBlock block,
      Budget budget,
      Map<Long, SparseTable> given,
      Map<Long, Integer> degrees) {
    int[] observations = new int[block.rows()];
    for (int row = 0; row < block.rows(); row++) {
      observations[row] = degrees.getOrDefault(block.ids()[row], 0);
    }
    return new EarlierRows(observations, table(block, budget, given));
  }

  private static InitialBlock block(
      AlsObjective objective,
      Side side,
      Budget budget,
      InteractionBlock block,
      int minWeightsPerRow,
      Map<Long, SparseTable> given) {
    int rows = block.rows();
    boolean[] known = new boolean[rows];
    boolean[] idle = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      known[row] = given.containsKey(block.ids()[row]);
      idle[row] = block.observations(row) == 0;
    }
    return new InitialBlock(
        budget,
        block.firstRow(),
        objective.leastWeights(minWeightsPerRow),
        objective.itemBias(),
        known,
        idle,
        BiasRows.reserve(objective, side, table(block, budget, given)));
  }

  /** Returns the given rows in the order of a block, the others empty. */
  private static SparseTable table(
      InteractionBlock block, Budget budget, Map<Long, SparseTable> given) {
    int rows = block.rows();
    int[] offsets = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      SparseTable mine = given.get(block.ids()[row]);
      offsets[row + 1] = offsets[row] + (mine == null ? 0 : mine.stored());
    }
    short[] dims = new short[offsets[rows]];
    float[] weights = new float[dims.length];
    for (int row = 0; row < rows; row++) {
      SparseTable mine = given.get(block.ids()[row]);
      if (mine != null) {
        System.arraycopy(mine.dims(), 0, dims, offsets[row], mine.stored());
        System.arraycopy(mine.weights(), 0, weights, offsets[row], mine.stored());
      }
    }
    return new SparseTable(budget.rank(), offsets, dims, weights);
  }
}
