package dev.coppice.core.serving;

import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.RowCheck;

/** The rows of one table in a mapped file. */
final class MappedRows {
  private final int rank;
  private final Offsets offsets;
  private final Section dims;
  private final Section weights;
  private final WeightCodec codec;

  MappedRows(int rank, Offsets offsets, Section dims, Section weights, WeightCodec codec) {
    this.rank = rank;
    this.offsets = offsets;
    this.dims = dims;
    this.weights = weights;
    this.codec = codec;
  }

  /** Copies one row. */
  SparseTable read(int row) {
    return read(new int[] {row});
  }

  /** Copies rows that follow each other. */
  SparseTable read(int first, int count) {
    int[] wanted = new int[count];
    for (int r = 0; r < count; r++) {
      wanted[r] = first + r;
    }
    return read(wanted);
  }

  /** Copies rows in the order given. */
  SparseTable read(int[] wanted) {
    int[] to = new int[wanted.length + 1];
    for (int r = 0; r < wanted.length; r++) {
      to[r + 1] = Math.addExact(to[r], offsets.count(wanted[r], offsets.begin(wanted[r])));
    }
    short[] rowDims = new short[to[wanted.length]];
    float[] rowWeights = new float[to[wanted.length]];
    short[] halves = codec.form() == WeightForm.FLOAT32 ? null : new short[rowDims.length];
    int r = 0;
    while (r < wanted.length) {
      // Rows that follow each other in the file are copied at once.
      int end = r + 1;
      while (end < wanted.length && wanted[end] == wanted[end - 1] + 1) {
        end++;
      }
      long from = offsets.begin(wanted[r]);
      int count = to[end] - to[r];
      dims.copy(from, rowDims, to[r], count);
      if (halves == null) {
        weights.copy(from, rowWeights, to[r], count);
      } else {
        weights.copy(from, halves, to[r], count);
      }
      r = end;
    }
    if (halves != null) {
      codec.decode(halves, rowWeights, 0, halves.length);
    }
    for (r = 0; r < wanted.length; r++) {
      check(wanted[r], rowDims, rowWeights, to[r], to[r + 1]);
    }
    return new SparseTable(rank, to, rowDims, rowWeights);
  }

  private void check(int row, short[] rowDims, float[] rowWeights, int from, int to) {
    try {
      RowCheck.check("it", rank, rowDims, rowWeights, from, to);
    } catch (IllegalArgumentException e) {
      throw dims.damaged("row " + row + " of section " + dims.kind() + ": " + e.getMessage());
    }
  }
}
