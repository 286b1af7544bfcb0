package dev.coppice.core.topk;

import java.util.Random;

/** A random sparse table in row form, for tests. */
final class RandomRows {

  final int rank;
  final int[] offsets;
  final short[] dims;
  final float[] weights;

  RandomRows(int rank, int[] offsets, short[] dims, float[] weights) {
    this.rank = rank;
    this.offsets = offsets;
    this.dims = dims;
    this.weights = weights;
  }

  /**
   * Each position holds a weight with the given chance; weights are eighths, so ties are common.
   */
  static RandomRows random(Random random, int rows, int rank, double density) {
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rows * rank];
    float[] weights = new float[rows * rank];
    int at = 0;
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < rank; d++) {
        if (random.nextDouble() < density) {
          dims[at] = (short) d;
          weights[at++] = (random.nextInt(33) - 16) / 8f;
        }
      }
      offsets[r + 1] = at;
    }
    return new RandomRows(rank, offsets, dims, weights);
  }

  /** The same positions with weights that do not add up exactly. */
  RandomRows withGaussianWeights(Random random) {
    float[] other = new float[weights.length];
    for (int p = 0; p < offsets[rows()]; p++) {
      other[p] = (float) random.nextGaussian();
    }
    return new RandomRows(rank, offsets, dims, other);
  }

  /** The rows as sources that have seen nothing. */
  SourceRows sources() {
    return SourceRows.of(offsets, dims, weights);
  }

  int rows() {
    return offsets.length - 1;
  }

  /** The product of a row with a row of another table, by brute force over both. */
  float dot(int row, RandomRows other, int otherRow) {
    float sum = 0;
    for (int p = offsets[row]; p < offsets[row + 1]; p++) {
      for (int q = other.offsets[otherRow]; q < other.offsets[otherRow + 1]; q++) {
        if (dims[p] == other.dims[q]) {
          sum += weights[p] * other.weights[q];
        }
      }
    }
    return sum;
  }

  /** RandomRows {@code from .. to-1} on their own. */
  RandomRows slice(int from, int to) {
    int[] cut = new int[to - from + 1];
    for (int r = from; r <= to; r++) {
      cut[r - from] = offsets[r] - offsets[from];
    }
    return new RandomRows(
        rank,
        cut,
        java.util.Arrays.copyOfRange(dims, offsets[from], offsets[to]),
        java.util.Arrays.copyOfRange(weights, offsets[from], offsets[to]));
  }

  short[] dims(int row) {
    return java.util.Arrays.copyOfRange(dims, offsets[row], offsets[row + 1]);
  }

  float[] weights(int row) {
    return java.util.Arrays.copyOfRange(weights, offsets[row], offsets[row + 1]);
  }
}
