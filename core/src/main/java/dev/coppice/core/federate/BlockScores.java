package dev.coppice.core.federate;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.table.SparseTable;

/** What each block is worth to a client's users, in total over its weights. */
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
   * Returns by how much the client's loss rises without the block, estimated weight by weight to
   * second order: with g and h gradient and curvature of the client's part of the loss at weight w
   * (halves; as in docs/design.md section 5, "Explore"), max(0, h w^2 - 2 g w).
   *
   * @param users all users' rows
   * @return {@code double[blocks]}
   */
  double[] saliency(SparseTable users) {
    SparseTable all = global.items();
    double[] gradient = new double[all.stored()];
    double[] curvature = new double[all.stored()];
    observed(users, gradient, curvature);
    if (objective.unobservedWeight() > 0) {
      unobserved(users, gradient, curvature);
    }
    double[] worth = new double[global.layout().blocks()];
    for (int item = 0; item < all.rows(); item++) {
      for (int p = all.begin(item); p < all.end(item); p++) {
        double w = all.weights()[p];
        worth[global.layout().block(item, all.dim(p))] +=
            Math.max(0, curvature[p] * w * w - 2 * gradient[p] * w);
      }
    }
    return worth;
  }

  /**
   * Returns gradient times weight: the sum over the own pairs of the users {@code from .. to - 1}
   * of p_uj q_ij in the block, at least 0; q being the client's weight where it holds the block,
   * the global one elsewhere.
   */
  double[] sensitivity(SparseTable users, SparseTable items, int from, int to) {
    SparseTable all = global.items();
    float[] weights = all.weights().clone();
    for (int item = 0; item < all.rows(); item++) {
      int held = items.begin(item);
      for (int p = all.begin(item); p < all.end(item); p++) {
        if (held < items.end(item) && items.dims()[held] == all.dims()[p]) {
          weights[p] = items.weights()[held++];
        }
      }
    }
    double[] worth = new double[global.layout().blocks()];
    float[] dense = new float[all.rank()];
    InteractionBlock block = data.users();
    for (int user = from; user < to; user++) {
      users.scatter(user, dense);
      for (int i = block.offsets()[user]; i < block.offsets()[user + 1]; i++) {
        int item = block.codes()[i];
        for (int p = all.begin(item); p < all.end(item); p++) {
          worth[global.layout().block(item, all.dim(p))] += (double) dense[all.dim(p)] * weights[p];
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

  private void observed(SparseTable users, double[] gradient, double[] curvature) {
    SparseTable all = global.items();
    InteractionBlock block = data.users();
    float[] dense = new float[all.rank()];
    for (int user = 0; user < block.rows(); user++) {
      users.scatter(user, dense);
      for (int i = block.offsets()[user]; i < block.offsets()[user + 1]; i++) {
        int item = block.codes()[i];
        double confidence = scale * block.confidences()[i];
        double prediction = 0;
        for (int p = all.begin(item); p < all.end(item); p++) {
          prediction += (double) dense[all.dim(p)] * all.weights()[p];
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

  private void unobserved(SparseTable users, double[] gradient, double[] curvature) {
    SparseTable all = global.items();
    int rank = all.rank();
    Gramian sum = new Gramian(rank);
    sum.add(users, Gramian.scratch(rank));
    double[] gramian = sum.toMatrix();
    double alpha0 = objective.unobservedWeight();
    for (int item = 0; item < all.rows(); item++) {
      for (int p = all.begin(item); p < all.end(item); p++) {
        int at = all.dim(p) * rank;
        double product = 0;
        for (int q = all.begin(item); q < all.end(item); q++) {
          product += gramian[at + all.dim(q)] * all.weights()[q];
        }
        gradient[p] += alpha0 * product;
        curvature[p] += alpha0 * gramian[at + all.dim(p)];
      }
    }
  }
}
