package dev.coppice.core.topk;

import dev.coppice.core.linalg.Kernels;

/**
 * An item table by columns, wherever it lies: what {@link Scorer} needs to rank the items of one
 * user after another. Items are at the positions {@code 0 .. size - 1}, in ascending order, cut
 * into chunks of {@link #chunkSize} positions. Immutable; shared by threads, each with an {@link
 * Adder} of its own.
 */
public interface ColumnTable {

  /** Number of dimensions. */
  int rank();

  /** Number of items. */
  int size();

  /** Positions in every chunk but the last, which may be shorter. */
  int chunkSize();

  /** The item at a position. */
  int item(int position);

  /** Position of an item, or a negative number if the table does not hold it. */
  int position(int item);

  /** Number of chunks. */
  default int chunks() {
    return (int) ((size() + chunkSize() - 1L) / chunkSize());
  }

  /** An adder of the items' links for one thread, or null if they have none. */
  default LinkAdder links(Kernels kernels) {
    return null;
  }

  /** A reader of the columns for one thread. */
  Adder adder(Kernels kernels);

  /** Adds columns up; holds the scratch of one thread. */
  @FunctionalInterface
  interface Adder {
    /**
     * Adds {@code weight} times the values that the items of a chunk hold in a dimension.
     *
     * @param accumulator the scores of the chunk's positions, at least as many as it has
     */
    void add(int chunk, int dim, float weight, float[] accumulator);
  }
}
