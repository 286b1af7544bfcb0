package dev.coppice.spark;

/**
 * What estimators have in common with models that rank all items: how positions are made, and how
 * scoring is spread.
 *
 * @param <S> the stage
 */
public interface RankingParams<S> extends ScoringParams<S> {

  /** Sets the column that receives the position of a row's item, empty for none. */
  default S setPositionCol(String value) {
    return ParamSet.set(this, ScoringKeys.POSITION_COL, value);
  }

  /** Returns the column that receives the position of a row's item, empty for none. */
  default String getPositionCol() {
    return ParamSet.get(this, ScoringKeys.POSITION_COL);
  }

  /** Sets how far down a ranking positions are looked for. */
  default S setPositionDepth(int value) {
    return ParamSet.set(this, ScoringKeys.POSITION_DEPTH, value);
  }

  /** Returns how far down a ranking positions are looked for. */
  default int getPositionDepth() {
    return ParamSet.get(this, ScoringKeys.POSITION_DEPTH);
  }

  /** Sets the rows that are scored together. */
  default S setBlockSize(int value) {
    return ParamSet.set(this, ScoringKeys.BLOCK_SIZE, value);
  }

  /** Returns the rows that are scored together. */
  default int getBlockSize() {
    return ParamSet.get(this, ScoringKeys.BLOCK_SIZE);
  }

  /** Sets the largest table, in bytes, that is sent to every executor as a whole. */
  default S setBroadcastLimit(long value) {
    return ParamSet.set(this, ScoringKeys.BROADCAST_LIMIT, value);
  }

  /** Returns the largest table, in bytes, that is sent to every executor as a whole. */
  default long getBroadcastLimit() {
    return ParamSet.get(this, ScoringKeys.BROADCAST_LIMIT);
  }
}
