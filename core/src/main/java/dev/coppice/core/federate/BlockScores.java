package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.table.SparseTable;

/**
 * What each block is worth to a batch of users: second-order estimates of how much the client's
 * loss rises without it, or falls with it, summed over the weights of the global table in it.
 *
 * <p>With g and h the gradient and curvature of the batch's part of the loss at a weight (halves;
 * as in docs/design.md section 5, "Explore"): a held weight w is worth max(0, h w^2 - 2 g w), the
 * rise when it goes to 0; one that is not held g^2 / h, the fall when it is set to its best.
 */
final class BlockScores {
  private final ClientData data;
  private final AlsObjective objective;
  private final double scale;
  private final GlobalState global;

  BlockScores(ClientData data, AlsObjective objective, GlobalState global) {
    this.data = data;
    this.objective = objective;
    this.global = global;
    this.scale = global.census().confidenceScale(objective);
  }

  /**
   * Returns what the blocks are worth to the users {@code from .. to - 1}.
   *
   * @param users all users' rows
   * @param items the client's item rows on the kept blocks: a subset of the global positions
   * @return {@code double[blocks]}
   */
  double[] worth(SparseTable users, SparseTable items, int from, int to) {
    SparseTable all = global.items();
    double[] gradient = new double[all.stored()];
    double[] curvature = new double[all.stored()];
    observed(users, items, from, to, gradient, curvature);
    if (objective.unobservedWeight() > 0) {
      unobserved(rows(users, from, to), items, gradient, curvature);
    }
    double[] worth = new double[global.layout().blocks()];
    for (int item = 0; item < all.rows(); item++) {
      int held = items.begin(item);
      for (int p = all.begin(item); p < all.end(item); p++) {
        double value;
        if (held < items.end(item) && items.dims()[held] == all.dims()[p]) {
          double w = items.weights()[held++];
          value = Math.max(0, curvature[p] * w * w - 2 * gradient[p] * w);
        } else {
          value = curvature[p] > 0 ? gradient[p] * gradient[p] / curvature[p] : 0;
        }
        worth[global.layout().block(item, all.dim(p))] += value;
      }
    }
    return worth;
  }

  /** Returns gradient times weight: the sum over own pairs of max(0, p_uj q_ij) in the block. */
  double[] sensitivity(SparseTable users) {
    SparseTable all = global.items();
    double[] worth = new double[global.layout().blocks()];
    float[] dense = new float[all.rank()];
    InteractionBlock block = data.users();
    for (int user = 0; user < block.rows(); user++) {
      users.scatter(user, dense);
      for (int i = block.offsets()[user]; i < block.offsets()[user + 1]; i++) {
        int item = block.codes()[i];
        for (int p = all.begin(item); p < all.end(item); p++) {
          worth[global.layout().block(item, all.dim(p))] +=
              (double) dense[all.dim(p)] * all.weights()[p];
        }
      }
      users.unscatter(user, dense);
    }
    for (int b = 0; b < worth.length; b++) {
      worth[b] = Math.max(0, worth[b]);
    }
    return worth;
  }

  /** Returns the sum of squares of the global weights in each block. */
  static double[] magnitude(GlobalState global) {
    double[] worth = new double[global.layout().blocks()];
    SparseTable all = global.items();
    for (int item = 0; item < all.rows(); item++) {
      for (int p = all.begin(item); p < all.end(item); p++) {
        worth[global.layout().block(item, all.dim(p))] +=
            (double) all.weights()[p] * all.weights()[p];
      }
    }
    return worth;
  }

  private void observed(
      SparseTable users,
      SparseTable items,
      int from,
      int to,
      double[] gradient,
      double[] curvature) {
    SparseTable all = global.items();
    InteractionBlock block = data.users();
    float[] dense = new float[all.rank()];
    for (int user = from; user < to; user++) {
      users.scatter(user, dense);
      for (int i = block.offsets()[user]; i < block.offsets()[user + 1]; i++) {
        int item = block.codes()[i];
        double confidence = scale * block.confidences()[i];
        double prediction = 0;
        for (int p = items.begin(item); p < items.end(item); p++) {
          prediction += (double) dense[items.dim(p)] * items.weights()[p];
        }
        double residual = confidence * prediction - (objective.pullOffset() + confidence);
        for (int p = all.begin(item); p < all.end(item); p++) {
          double value = dense[all.dim(p)];
          gradient[p] += residual * value;
          curvature[p] += confidence * value * value;
        }
      }
      users.unscatter(user, dense);
    }
  }

  private void unobserved(
      SparseTable batch, SparseTable items, double[] gradient, double[] curvature) {
    SparseTable all = global.items();
    int rank = all.rank();
    Gramian sum = new Gramian(rank);
    sum.add(batch, Gramian.scratch(rank));
    double[] gramian = sum.toMatrix();
    double alpha0 = objective.unobservedWeight();
    for (int item = 0; item < all.rows(); item++) {
      for (int p = all.begin(item); p < all.end(item); p++) {
        int at = all.dim(p) * rank;
        double product = 0;
        for (int q = items.begin(item); q < items.end(item); q++) {
          product += gramian[at + items.dim(q)] * items.weights()[q];
        }
        gradient[p] += alpha0 * product;
        curvature[p] += alpha0 * gramian[at + all.dim(p)];
      }
    }
  }

  private static SparseTable rows(SparseTable users, int from, int to) {
    int begin = users.begin(from);
    int end = users.begin(to);
    int[] offsets = new int[to - from + 1];
    for (int r = 0; r < offsets.length; r++) {
      offsets[r] = users.rowOffsets()[from + r] - begin;
    }
    return new SparseTable(
        users.rank(),
        offsets,
        java.util.Arrays.copyOfRange(users.dims(), begin, end),
        java.util.Arrays.copyOfRange(users.weights(), begin, end));
  }
}
