package dev.coppice.bench;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.linalg.VectorKernels;

/** The two sets of kernels that are compared. */
public enum KernelChoice {
  /** Plain Java loops. */
  SCALAR,
  /** {@code jdk.incubator.vector}. */
  VECTOR;

  Kernels kernels() {
    return this == SCALAR
        ? VectorKernels.scalar()
        : VectorKernels.vector()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no module jdk.incubator.vector; start with"
                            + " --add-modules=jdk.incubator.vector"));
  }

  /** Stops a benchmark whose answer is wrong. */
  static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("wrong answer: " + what);
    }
  }
}
