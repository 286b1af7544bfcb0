package dev.coppice.core.als;

import dev.coppice.core.table.SparseTable;
import java.io.Serializable;

/**
 * What a block knows of the past beside its weights. Both tables have the block's rows.
 *
 * @param importance of weights in earlier periods, at the positions that the initial model stores,
 *     in units of the objective; the same throughout a run; null for none
 * @param memory what {@link dev.coppice.core.mask.Growth#remembers} says a growth rule needs of the
 *     run's earlier explorations: for momentum, the running means of g / sqrt(h) at empty
 *     positions; for unfired, 1 at positions that held a weight; null for none
 */
public record History(SparseTable importance, SparseTable memory) implements Serializable {
  /** Nothing. */
  public static final History NONE = new History(null, null);
}
