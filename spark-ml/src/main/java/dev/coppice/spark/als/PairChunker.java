package dev.coppice.spark.als;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/** Chunks of rows (near long, far long, weight float), by the block of the near id. */
final class PairChunker extends Chunker<PairChunk> {
  static final int CHUNK = 4096;

  PairChunker(Iterator<InternalRow> rows, int numBlocks) {
    super(rows, numBlocks);
  }

  @Override
  Open<PairChunk> open() {
    return new OpenPairs();
  }

  private static final class OpenPairs implements Open<PairChunk> {
    private long[] near = new long[64];
    private long[] far = new long[64];
    private float[] weights = new float[64];
    private int size;

    @Override
    public boolean add(InternalRow row) {
      if (size == near.length) {
        near = Arrays.copyOf(near, 2 * size);
        far = Arrays.copyOf(far, 2 * size);
        weights = Arrays.copyOf(weights, 2 * size);
      }
      near[size] = row.getLong(0);
      far[size] = row.getLong(1);
      weights[size++] = row.getFloat(2);
      return size == CHUNK;
    }

    @Override
    public PairChunk close() {
      if (size == 0) {
        return null;
      }
      PairChunk chunk =
          new PairChunk(
              Arrays.copyOf(near, size), Arrays.copyOf(far, size), Arrays.copyOf(weights, size));
      size = 0;
      return chunk;
    }
  }
}
