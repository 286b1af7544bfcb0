package dev.coppice.spark.als;

import dev.coppice.core.als.KeptSums;
import java.io.Serializable;

/**
 * What the rows of one side need of all rows of the other.
 *
 * @param gramian {@code double[rank * rank]}; null where it is not needed
 * @param kept null where no scores are kept
 */
record SideSums(double[] gramian, KeptSums.Matrices kept) implements Serializable {
  /** Whether nothing is needed. */
  boolean isEmpty() {
    return gramian == null && kept == null;
  }
}
