package dev.coppice.core.serving;

import dev.coppice.core.linalg.Kernels;
import dev.coppice.core.topk.ColumnTable;
import dev.coppice.core.topk.LinkAdder;

/**
 * The items by columns, read from a mapped file: each column of a chunk is copied to scratch and
 * added from there, so no number of the file is converted or checked twice, and nothing is built
 * when the file is opened. With lengths, every item's row counts as scaled to length 1.
 */
final class MappedColumns implements ColumnTable {
  private final int rank;
  private final int items;
  private final int chunkSize;
  private final Section starts;
  private final Section positions;
  private final Section weights;
  private final WeightCodec codec;
  private final long[] firstWeights;
  private final long[] firstPositions;
  private final Section lengths;
  // Null where the items have none.
  private final MappedNeighbours neighbours;

  /** Columns as they are. */
  MappedColumns(
      int rank,
      int items,
      int chunkSize,
      Section chunks,
      Section starts,
      Section positions,
      Section weights,
      WeightCodec codec,
      MappedNeighbours neighbours) {
    this.rank = rank;
    this.items = items;
    this.chunkSize = chunkSize;
    this.starts = starts;
    this.positions = positions;
    this.weights = weights;
    this.codec = codec;
    this.neighbours = neighbours;
    lengths = null;
    int count = chunks();
    firstWeights = new long[count];
    firstPositions = new long[count];
    for (int c = 0; c < count; c++) {
      firstWeights[c] = chunks.longAt(2L * c);
      firstPositions[c] = chunks.longAt(2L * c + 1);
    }
  }

  private MappedColumns(MappedColumns other, Section lengths) {
    rank = other.rank;
    items = other.items;
    chunkSize = other.chunkSize;
    starts = other.starts;
    positions = other.positions;
    weights = other.weights;
    codec = other.codec;
    firstWeights = other.firstWeights;
    firstPositions = other.firstPositions;
    this.lengths = lengths;
    neighbours = null;
  }

  /** Returns the same columns with every item's row scaled to length 1, without neighbours. */
  MappedColumns scaled(Section itemLengths) {
    return new MappedColumns(this, itemLengths);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return items;
  }

  @Override
  public int chunkSize() {
    return chunkSize;
  }

  @Override
  public int item(int position) {
    return position;
  }

  @Override
  public int position(int item) {
    return item < items ? item : -1;
  }

  @Override
  public LinkAdder links(Kernels kernels) {
    return neighbours == null ? null : neighbours.adder(Math.min(chunkSize, items), kernels);
  }

  @Override
  public Adder adder(Kernels kernels) {
    return new Reader(kernels);
  }

  /** One thread's scratch: a column of a chunk. */
  private final class Reader implements Adder {
    private final Kernels kernels;
    private final int[] bounds = new int[4];
    private final float[] values;
    private final short[] places;
    private final short[] halves;
    private final double[] divisors;
    private int chunkOfDivisors = -1;

    Reader(Kernels kernels) {
      this.kernels = kernels;
      int size = Math.min(chunkSize, items);
      values = new float[size];
      places = new short[size];
      halves = codec.form() == WeightForm.FLOAT32 ? null : new short[size];
      divisors = lengths == null ? null : new double[size];
    }

    @Override
    public void add(int chunk, int dim, float weight, float[] accumulator) {
      starts.copy(2L * (chunk * (rank + 1L) + dim), bounds, 0, 4);
      int count = bounds[2] - bounds[0];
      int placed = bounds[3] - bounds[1];
      if (count == 0) {
        return;
      }
      boolean full = placed == 0;
      if (bounds[0] < 0
          || bounds[1] < 0
          || count < 0
          || count > values.length
          || (!full && placed != count)) {
        throw starts.damaged("column " + dim + " of chunk " + chunk + " has " + count + " weights");
      }
      read(firstWeights[chunk] + bounds[0], count);
      if (!full) {
        positions.copy(firstPositions[chunk] + bounds[1], places, 0, count);
      }
      try {
        addRead(chunk, count, full, weight, accumulator);
      } catch (ArrayIndexOutOfBoundsException e) {
        throw positions.damaged(
            "column " + dim + " of chunk " + chunk + " has an item beyond the chunk");
      }
    }

    private void addRead(int chunk, int count, boolean full, float weight, float[] accumulator) {
      if (divisors != null) {
        divide(chunk, count, full);
      }
      if (full) {
        kernels.scaledAdd(weight, values, 0, accumulator, 0, count);
      } else {
        for (int i = 0; i < count; i++) {
          accumulator[places[i] & 0xFFFF] += weight * values[i];
        }
      }
    }

    private void read(long from, int count) {
      if (halves == null) {
        weights.copy(from, values, 0, count);
      } else {
        weights.copy(from, halves, 0, count);
        codec.decode(halves, values, 0, count);
      }
    }

    private void divide(int chunk, int count, boolean full) {
      if (chunkOfDivisors != chunk) {
        long first = (long) chunk * chunkSize;
        lengths.copy(first, divisors, 0, (int) Math.min(divisors.length, items - first));
        chunkOfDivisors = chunk;
      }
      for (int i = 0; i < count; i++) {
        values[i] = (float) (values[i] / divisors[full ? i : places[i] & 0xFFFF]);
      }
    }
  }
}
