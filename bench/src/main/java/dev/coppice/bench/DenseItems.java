package dev.coppice.bench;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;
import dev.coppice.core.topk.TopK;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.ludovic.netlib.blas.BLAS;

/**
 * A dense item table, scored whole for one user at a time with the BLAS that MLlib uses: {@code
 * sgemv}, then the best k by the same heap and scan as the sparse file.
 */
final class DenseItems {
  private static final BLAS BLAS_OF_MLLIB = BLAS.getInstance();

  private final int rank;
  private final int items;
  private final float[] columns;

  /** A random table; {@code items * rank} floats, column after column. */
  DenseItems(int rank, int items) {
    this.rank = rank;
    this.items = items;
    columns = new float[Math.multiplyExact(rank, items)];
    for (int n = 0; n < columns.length; n++) {
      columns[n] = (SeedStream.hash(5, Purpose.START_WEIGHTS, 0, n) >> 40) * 0x1p-24f;
    }
  }

  /** Bytes of such a table. */
  static long bytes(int rank, int items) {
    return 4L * rank * items;
  }

  /** Returns the best item for the n-th random user. */
  long best(int n, int k) {
    float[] user = new float[rank];
    for (int d = 0; d < rank; d++) {
      user[d] = (SeedStream.hash(6, Purpose.START_WEIGHTS, n, d) >> 40) * 0x1p-24f;
    }
    float[] scores = new float[items];
    BLAS_OF_MLLIB.sgemv("N", items, rank, 1f, columns, items, user, 1, 0f, scores, 1);
    TopK heap = new TopK(Math.min(k, items));
    Kernels kernels = VectorKernels.chosen();
    int at = kernels.nextAbove(scores, 0, items, heap.threshold());
    while (at < items) {
      heap.offer(at, scores[at]);
      at = kernels.nextAbove(scores, at + 1, items, heap.threshold());
    }
    return heap.drainItems()[0];
  }
}
