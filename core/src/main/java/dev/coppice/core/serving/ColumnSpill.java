package dev.coppice.core.serving;

import java.io.IOException;

/**
 * Turns item rows into columns, one chunk of items after another, as {@code
 * dev.coppice.core.topk.ItemColumns} does in memory: a column that more than a third of the chunk's
 * items hold is written in full, with zeros, and has no positions.
 */
final class ColumnSpill {
  private static final int CHUNK = 8192;
  private static final int MAX_CHUNK = 1 << 16;
  private static final int MIN_CHUNK = 512;
  private static final int MAX_ENTRIES = 1 << 27;

  private final int rank;
  private final WeightCodec codec;
  private final Spill chunks;
  private final Spill starts;
  private final Spill positions;
  private final Spill weights;
  private long positionCount;
  private long weightCount;

  ColumnSpill(Spills spills, int rank, WeightCodec codec) throws IOException {
    this.rank = rank;
    this.codec = codec;
    chunks = spills.of(SectionKind.COLUMN_CHUNKS);
    starts = spills.of(SectionKind.COLUMN_STARTS);
    positions = spills.of(SectionKind.COLUMN_POSITIONS);
    weights = spills.of(SectionKind.COLUMN_WEIGHTS);
  }

  /**
   * Returns the items of a chunk: few enough that a chunk's scores stay in the first-level cache,
   * but enough that the starts of the columns take little beside their entries, and few enough that
   * a chunk's rows can be held.
   */
  static int chunkSize(int rank, int items, long stored) {
    int size = CHUNK;
    while (size < MAX_CHUNK && size < items && 8.0 * rank * items / size > 0.5 * stored) {
      size *= 2;
    }
    while (size > MIN_CHUNK && (double) stored / items * size > MAX_ENTRIES) {
      size /= 2;
    }
    return size;
  }

  /** Adds the next chunk: {@code items} rows with their offsets, the first being 0. */
  void add(int items, int[] offsets, short[] dims, float[] values) throws IOException {
    int[] counts = new int[rank + 1];
    for (int p = 0; p < offsets[items]; p++) {
      counts[dims[p] & 0xFFFF]++;
    }
    boolean[] full = new boolean[rank];
    int[] firstWeight = new int[rank + 1];
    int[] firstPosition = new int[rank + 1];
    for (int d = 0; d < rank; d++) {
      full[d] = 3L * counts[d] > items;
      firstWeight[d + 1] = Math.addExact(firstWeight[d], full[d] ? items : counts[d]);
      firstPosition[d + 1] = firstPosition[d] + (full[d] ? 0 : counts[d]);
    }
    float[] columns = new float[firstWeight[rank]];
    char[] places = new char[firstPosition[rank]];
    int[] filled = new int[rank];
    for (int i = 0; i < items; i++) {
      for (int p = offsets[i]; p < offsets[i + 1]; p++) {
        int d = dims[p] & 0xFFFF;
        if (full[d]) {
          columns[firstWeight[d] + i] = values[p];
        } else {
          places[firstPosition[d] + filled[d]] = (char) i;
          columns[firstWeight[d] + filled[d]] = values[p];
          filled[d]++;
        }
      }
    }
    chunks.putLong(weightCount);
    chunks.putLong(positionCount);
    for (int d = 0; d <= rank; d++) {
      starts.putInt(firstWeight[d]);
      starts.putInt(firstPosition[d]);
    }
    for (char place : places) {
      positions.putShort((short) place);
    }
    put(weights, codec, columns, columns.length);
    weightCount += columns.length;
    positionCount += places.length;
  }

  /** Writes weights in the form of a codec. */
  static void put(Spill to, WeightCodec codec, float[] values, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (codec.form() == WeightForm.FLOAT32) {
        to.putFloat(values[i]);
      } else {
        to.putShort(codec.encode(values[i]));
      }
    }
  }
}
