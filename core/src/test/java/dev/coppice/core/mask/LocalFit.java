package dev.coppice.core.mask;

import java.util.List;

/** Fits blocks to a budget that lie in one process. */
public final class LocalFit {
  private LocalFit() {}

  /** Returns the cut after which the blocks hold as many weights as the budget says. */
  public static BudgetFit.Cut cut(long budget, List<InitialBlock> blocks) {
    BudgetFit fit =
        new BudgetFit(
            budget,
            blocks.stream().mapToLong(InitialBlock::baseWeights).sum(),
            blocks.stream().mapToLong(InitialBlock::leastWeights).sum());
    while (!fit.done()) {
      ScoreHistogram histogram = new ScoreHistogram();
      for (InitialBlock block : blocks) {
        block.countWeights(fit.weights(), histogram);
        block.countSlots(fit.slots(), histogram);
      }
      fit.accept(histogram);
    }
    return fit.cut();
  }
}
