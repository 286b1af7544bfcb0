package dev.coppice.spark.rank;

import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Links;
import dev.coppice.core.topk.SourceRows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Some rows of a table in compressed form, with their ids and perhaps links and the codes of the
 * targets that each is not to be given. As targets, row r has the code {@code firstCode + r}.
 */
public final class TableBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  final int rank;
  final int firstCode;
  final String[] names;
  final long[] numbers;
  final int[] offsets;
  final short[] dims;
  final float[] weights;
  final int[] seenOffsets;
  final int[] seen;
  // Null if no row has any.
  final Links links;
  private transient ItemIndex index;
  private transient Map<String, Integer> codes;

  /** Wraps arrays; one of names and numbers is null, both seen arrays and the links may be. */
  TableBlock(
      int rank,
      int firstCode,
      String[] names,
      long[] numbers,
      int[] offsets,
      short[] dims,
      float[] weights,
      int[] seenOffsets,
      int[] seen,
      Links links) {
    this.rank = rank;
    this.firstCode = firstCode;
    this.names = names;
    this.numbers = numbers;
    this.offsets = offsets;
    this.dims = dims;
    this.weights = weights;
    this.seenOffsets = seenOffsets;
    this.seen = seen;
    this.links = links;
  }

  int rows() {
    return offsets.length - 1;
  }

  /** Returns the rows as a target index by code; built once in each JVM. */
  synchronized ItemIndex index() {
    if (index == null) {
      index = newIndex();
    }
    return index;
  }

  /** Returns the rows as a target index by code, made for the caller alone. */
  ItemIndex newIndex() {
    return new ItemIndex.Builder(rank).addRows(firstCode, offsets, dims, weights, links).build();
  }

  /** Returns the rows as sources. */
  SourceRows sources() {
    return new SourceRows(offsets, dims, weights, seenOffsets, seen, links);
  }

  /** Returns the code of an id, or -1; the ids of this block must ascend. */
  int code(String name, long number) {
    if (numbers != null) {
      int row = Arrays.binarySearch(numbers, number);
      return row < 0 ? -1 : firstCode + row;
    }
    Integer row = rowsByName().get(name);
    return row == null ? -1 : firstCode + row;
  }

  private synchronized Map<String, Integer> rowsByName() {
    if (codes == null) {
      codes = new HashMap<>(2 * names.length);
      for (int r = 0; r < names.length; r++) {
        codes.put(names[r], r);
      }
    }
    return codes;
  }
}
