package dev.coppice.core.federate;

import dev.coppice.core.als.InteractionBlock;

/** The gate's inputs: profiles of a client's user batches, normalised over the batches. */
final class Profiles {
  private Profiles() {}

  /** Returns the first user of each batch, and the number of users: {@code int[batches + 1]}. */
  static int[] batches(int users, int batchSize) {
    int count = Math.max(1, (users + batchSize - 1) / batchSize);
    int[] begins = new int[count + 1];
    for (int b = 0; b <= count; b++) {
      begins[b] = (int) ((long) users * b / count);
    }
    return begins;
  }

  /** Returns {@code double[batches][features]}. */
  static double[][] of(InteractionBlock users, int[] batches, BlockLayout layout, int features) {
    double[][] profiles = new double[batches.length - 1][features];
    for (int b = 0; b < profiles.length && features > 0; b++) {
      int begin = users.offsets()[batches[b]];
      int end = users.offsets()[batches[b + 1]];
      for (int i = begin; i < end; i++) {
        int bucket = layout.bucketOf()[users.codes()[i]];
        profiles[b][(int) ((long) bucket * features / layout.buckets())] += 1.0 / (end - begin);
      }
    }
    for (int f = 0; f < features; f++) {
      normalise(profiles, f);
    }
    return profiles;
  }

  private static void normalise(double[][] profiles, int feature) {
    double mean = 0;
    for (double[] profile : profiles) {
      mean += profile[feature] / profiles.length;
    }
    double variance = 0;
    for (double[] profile : profiles) {
      profile[feature] -= mean;
      variance += profile[feature] * profile[feature] / profiles.length;
    }
    // A client of one batch, or a feature that never varies, says nothing.
    double scale = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
    for (double[] profile : profiles) {
      profile[feature] *= scale;
    }
  }
}
