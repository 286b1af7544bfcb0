package dev.coppice.spark;

/**
 * What an estimator that trains neighbours beside latent rows has more than one that trains them
 * alone.
 *
 * @param <S> the stage
 */
public interface HybridParams<S> extends NeighbourParams<S> {

  /**
   * Sets what the neighbours' part of a score is multiplied with. If it is not set and there is a
   * validation part, it is chosen on that.
   */
  default S setNeighbourScale(double value) {
    return ParamSet.set(this, NeighbourKeys.NEIGHBOUR_SCALE, value);
  }

  /** Returns what the neighbours' part of a score is multiplied with. */
  default double getNeighbourScale() {
    return ParamSet.get(this, NeighbourKeys.NEIGHBOUR_SCALE);
  }
}
