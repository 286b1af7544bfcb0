package dev.coppice.core.serving;

/**
 * A user's row, of the file or folded in, to be ranked for. Not to be changed.
 *
 * @param dims ascending, unsigned
 * @param weights their weights
 * @param items ascending rows of the user's items: those folded in, or the seen ones of the file;
 *     each once
 * @param keys ascending, each once: what the items of the user's history are called where
 *     neighbours are looked up; empty where the file has none
 */
@SuppressWarnings("ArrayRecordComponent") // a view for the caller to read, never compared
public record UserRow(short[] dims, float[] weights, int[] items, int[] keys) {
  /** A row without a history. */
  public UserRow(short[] dims, float[] weights, int[] items) {
    this(dims, weights, items, new int[0]);
  }
}
