package dev.coppice.spark.als;

import dev.coppice.core.als.RowCode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Turns rows (near long, far long, weight float) into chunks by the block of the near id, so that a
 * shuffle moves arrays instead of single interactions. Holds at most one unfinished chunk a block.
 */
final class PairChunker implements Iterator<Tuple2<Integer, PairChunk>> {
  static final int CHUNK = 4096;

  private final Iterator<InternalRow> rows;
  private final int numBlocks;
  private final Open[] open;
  private final Queue<Tuple2<Integer, PairChunk>> ready = new ArrayDeque<>();
  private boolean drained;

  PairChunker(Iterator<InternalRow> rows, int numBlocks) {
    this.rows = rows;
    this.numBlocks = numBlocks;
    this.open = new Open[numBlocks];
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && rows.hasNext()) {
      InternalRow row = rows.next();
      long near = row.getLong(0);
      int block = RowCode.blockOf(near, numBlocks);
      Open chunk = open[block];
      if (chunk == null) {
        chunk = new Open();
        open[block] = chunk;
      }
      if (chunk.add(near, row.getLong(1), row.getFloat(2)) == CHUNK) {
        ready.add(new Tuple2<>(block, chunk.close()));
      }
    }
    if (ready.isEmpty() && !drained) {
      drained = true;
      for (int block = 0; block < numBlocks; block++) {
        if (open[block] != null && open[block].size > 0) {
          ready.add(new Tuple2<>(block, open[block].close()));
        }
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<Integer, PairChunk> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private static final class Open {
    private long[] near = new long[64];
    private long[] far = new long[64];
    private float[] weights = new float[64];
    private int size;

    int add(long nearId, long farId, float weight) {
      if (size == near.length) {
        near = Arrays.copyOf(near, 2 * size);
        far = Arrays.copyOf(far, 2 * size);
        weights = Arrays.copyOf(weights, 2 * size);
      }
      near[size] = nearId;
      far[size] = farId;
      weights[size++] = weight;
      return size;
    }

    PairChunk close() {
      PairChunk chunk =
          new PairChunk(
              Arrays.copyOf(near, size), Arrays.copyOf(far, size), Arrays.copyOf(weights, size));
      size = 0;
      return chunk;
    }
  }
}
