package dev.coppice.core.topk;

/**
 * Adds the linked parts of scores for a tile of source rows, one chunk of positions after another;
 * holds the scratch of one thread. The sums of a chunk are made apart from the latent scores and
 * then added to them, so that neither depends on the other ({@link LinkSums}).
 */
public interface LinkAdder {
  /** Goes back to the first chunk, for the rows first..last-1. */
  void open(Links rows, int first, int last);

  /**
   * Adds the linked parts of one row's scores to those of the positions {@code from .. from + size
   * - 1}. Chunks come in ascending order, each once a row.
   */
  void add(int row, int from, int size, float[] scores);
}
