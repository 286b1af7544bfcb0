package dev.coppice.spark;

/**
 * What estimators that train neighbours of items have in common (docs/design.md section 5,
 * "Neighbours").
 *
 * @param <S> the stage
 */
public interface NeighbourParams<S> extends ScoringParams<S> {

  /** Sets the neighbours an item on the mean. */
  default S setNeighbours(double value) {
    return ParamSet.set(this, NeighbourKeys.NEIGHBOURS, value);
  }

  /** Returns the neighbours an item on the mean. */
  default double getNeighbours() {
    return ParamSet.get(this, NeighbourKeys.NEIGHBOURS);
  }

  /** Sets the L2 strength of the neighbours' weights. */
  default S setNeighbourReg(double value) {
    return ParamSet.set(this, NeighbourKeys.NEIGHBOUR_REG, value);
  }

  /** Returns the L2 strength of the neighbours' weights. */
  default double getNeighbourReg() {
    return ParamSet.get(this, NeighbourKeys.NEIGHBOUR_REG);
  }

  /** Sets how much less the co-occurrences in a long history count. */
  default S setHistoryDebias(double value) {
    return ParamSet.set(this, NeighbourKeys.HISTORY_DEBIAS, value);
  }

  /** Returns how much less the co-occurrences in a long history count. */
  default double getHistoryDebias() {
    return ParamSet.get(this, NeighbourKeys.HISTORY_DEBIAS);
  }

  /** Sets the most items of a user that co-occurrences are counted of. */
  default S setMaxHistory(int value) {
    return ParamSet.set(this, NeighbourKeys.MAX_HISTORY, value);
  }

  /** Returns the most items of a user that co-occurrences are counted of. */
  default int getMaxHistory() {
    return ParamSet.get(this, NeighbourKeys.MAX_HISTORY);
  }
}
