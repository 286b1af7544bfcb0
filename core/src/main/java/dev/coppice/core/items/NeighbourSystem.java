package dev.coppice.core.items;

import dev.coppice.core.linalg.Cholesky;
import dev.coppice.core.linalg.NotPositiveDefiniteException;

/**
 * Solves the weights of an item's neighbours: {@code (G[S,S] + λ I) b = G[S,j]} for the item j and
 * its neighbours S, the ridge regression of what users have of j on what they have of S (SLIM, Ning
 * and Karypis, ICDM 2011, in the closed form of EASE, Steck, WWW 2019, on a sparse support). Holds
 * the scratch of one thread.
 */
public final class NeighbourSystem {
  private double[] system = new double[0];
  private double[] solution = new double[0];

  /**
   * Solves a system, all of whose equations are in place.
   *
   * @param ridge λ, above 0
   * @return a weight for each neighbour
   * @throws NotPositiveDefiniteException if λ is too small for the precision of the equations
   */
  public float[] solve(NeighbourEquations equations, double ridge) {
    int k = equations.size();
    if (solution.length < k) {
      solution = new double[k];
      system = new double[Cholesky.size(k)];
    }
    equations.write(ridge, system);
    int failed = Cholesky.factor(system, k);
    if (failed >= 0) {
      throw new NotPositiveDefiniteException(
          failed, k, system[failed * Cholesky.width(k) + failed]);
    }
    Cholesky.solve(system, k, solution);
    float[] weights = new float[k];
    for (int row = 0; row < k; row++) {
      weights[row] = (float) solution[row];
    }
    return weights;
  }
}
