package dev.coppice.spark.als;

import dev.coppice.core.mask.ImportanceCode;
import dev.coppice.core.table.SparseTable;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Chunks of rows (id long, dims array of short, weights array of float, and perhaps degree int and
 * importance array of byte), by the block of the id.
 */
final class InitialChunker extends Chunker<InitialChunk> {
  private static final int CHUNK_ROWS = 4096;
  private static final int CHUNK_WEIGHTS = 1 << 18;

  private final int rank;
  private final Columns columns;

  /**
   * Where columns are, -1 for those that are not there.
   *
   * @param degree of degrees
   * @param importance of importances; a row of an older model has none
   */
  record Columns(int degree, int importance) implements Serializable {
    boolean important() {
      return importance >= 0;
    }

    boolean counted() {
      return degree >= 0;
    }
  }

  /** Chunks rows. */
  InitialChunker(Iterator<InternalRow> rows, int numBlocks, int rank, Columns columns) {
    super(rows, numBlocks);
    this.rank = rank;
    this.columns = columns;
  }

  @Override
  Open<InitialChunk> open() {
    return new OpenRows(rank, columns);
  }

  private static final class OpenRows implements Open<InitialChunk> {
    private final int rank;
    private long[] ids = new long[16];
    private int[] offsets = new int[17];
    private short[] dims = new short[64];
    private float[] weights = new float[64];
    private final Columns columns;
    private float[] importance;
    private int[] degrees;
    private int size;

    OpenRows(int rank, Columns columns) {
      this.rank = rank;
      this.columns = columns;
      importance = columns.important() ? new float[64] : null;
      degrees = columns.counted() ? new int[16] : null;
    }

    @Override
    public boolean add(InternalRow row) {
      short[] rowDims = row.getArray(1).toShortArray();
      float[] rowWeights = row.getArray(2).toFloatArray();
      if (rowDims.length != rowWeights.length) {
        throw new IllegalStateException(
            "a row of the model to start from has "
                + rowDims.length
                + " dims and "
                + rowWeights.length
                + " weights");
      }
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
        offsets = Arrays.copyOf(offsets, 2 * size + 1);
        degrees = degrees == null ? null : Arrays.copyOf(degrees, 2 * size);
      }
      int from = offsets[size];
      int to = from + rowDims.length;
      if (to > dims.length) {
        dims = Arrays.copyOf(dims, Math.max(to, 2 * dims.length));
        weights = Arrays.copyOf(weights, dims.length);
        importance = importance == null ? null : Arrays.copyOf(importance, dims.length);
      }
      System.arraycopy(rowDims, 0, dims, from, rowDims.length);
      System.arraycopy(rowWeights, 0, weights, from, rowWeights.length);
      if (importance != null) {
        addImportance(row, from, to);
      }
      if (degrees != null) {
        degrees[size] = row.isNullAt(columns.degree()) ? 0 : row.getInt(columns.degree());
      }
      ids[size++] = row.getLong(0);
      offsets[size] = to;
      return size == CHUNK_ROWS || to >= CHUNK_WEIGHTS;
    }

    private void addImportance(InternalRow row, int from, int to) {
      byte[] codes =
          row.isNullAt(columns.importance())
              ? new byte[to - from]
              : row.getArray(columns.importance()).toByteArray();
      if (codes.length != to - from) {
        throw new IllegalStateException(
            "a row of the model to start from has "
                + (to - from)
                + " weights and "
                + codes.length
                + " importances");
      }
      for (int i = 0; i < codes.length; i++) {
        importance[from + i] = ImportanceCode.decode(codes[i]);
      }
    }

    @Override
    public InitialChunk close() {
      if (size == 0) {
        return null;
      }
      int stored = offsets[size];
      InitialChunk chunk =
          new InitialChunk(
              Arrays.copyOf(ids, size),
              new SparseTable(
                  rank,
                  Arrays.copyOf(offsets, size + 1),
                  Arrays.copyOf(dims, stored),
                  Arrays.copyOf(weights, stored)),
              importance == null ? null : Arrays.copyOf(importance, stored),
              degrees == null ? null : Arrays.copyOf(degrees, size));
      size = 0;
      return chunk;
    }
  }
}
