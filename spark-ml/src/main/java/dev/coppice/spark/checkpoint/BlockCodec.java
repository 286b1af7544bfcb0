package dev.coppice.spark.checkpoint;

import dev.coppice.core.table.SparseTable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * One block's rows as bytes, every bit of every weight kept. Big-endian:
 *
 * <pre>
 *   int   block, ids, rank, rows, stored
 *   int   rowOffsets[rows + 1]
 *   short dims[stored]
 *   float weights[stored]
 * </pre>
 *
 * Length and checksum stand in the manifest ({@link StoredBlock}).
 */
final class BlockCodec {
  private static final int HEADER = 5 * Integer.BYTES;
  private static final int BUFFER = 1 << 16;

  private BlockCodec() {}

  private static long length(long rows, long stored) {
    return HEADER + (rows + 1) * Integer.BYTES + stored * (Short.BYTES + Float.BYTES);
  }

  /**
   * Writes a block.
   *
   * @param file name of the file that {@code out} writes to
   * @param offset where it stands there
   */
  static StoredBlock write(BlockRows rows, OutputStream out, String file, long offset)
      throws IOException {
    SparseTable table = rows.table();
    CRC32C sum = new CRC32C();
    Writer writer = new Writer(new CheckedOutputStream(out, sum));
    writer.putInt(rows.block());
    writer.putInt(rows.ids());
    writer.putInt(table.rank());
    writer.putInt(table.rows());
    writer.putInt(table.stored());
    for (int rowOffset : table.rowOffsets()) {
      writer.putInt(rowOffset);
    }
    for (short dim : table.dims()) {
      writer.putShort(dim);
    }
    for (float weight : table.weights()) {
      writer.putInt(Float.floatToRawIntBits(weight));
    }
    writer.flush();
    long length = length(table.rows(), table.stored());
    return new StoredBlock(rows.block(), file, offset, length, (int) sum.getValue());
  }

  /**
   * Reads a block.
   *
   * @param in stands at its first byte
   * @throws DamagedBlockException if it is not what the manifest says, with the reason
   */
  static BlockRows read(InputStream in, StoredBlock stored) throws IOException {
    CRC32C sum = new CRC32C();
    DataInputStream data = new DataInputStream(new CheckedInputStream(in, sum));
    try {
      ByteBuffer header = ByteBuffer.wrap(data.readNBytes(HEADER));
      if (header.remaining() < HEADER) {
        throw new EOFException();
      }
      int block = header.getInt();
      int ids = header.getInt();
      int rank = header.getInt();
      int rows = header.getInt();
      int weights = header.getInt();
      // Before anything of that size is allocated.
      if (block != stored.block()
          || rows < 0
          || weights < 0
          || length(rows, weights) != stored.length()) {
        throw new DamagedBlockException("its head is another", null);
      }
      int[] rowOffsets = new int[rows + 1];
      each(data, Integer.BYTES, rows + 1, (bytes, i) -> rowOffsets[i] = bytes.getInt());
      short[] dims = new short[weights];
      each(data, Short.BYTES, weights, (bytes, i) -> dims[i] = bytes.getShort());
      float[] values = new float[weights];
      each(
          data,
          Float.BYTES,
          weights,
          (bytes, i) -> values[i] = Float.intBitsToFloat(bytes.getInt()));
      if ((int) sum.getValue() != stored.checksum()) {
        throw new DamagedBlockException("its checksum is another", null);
      }
      return new BlockRows(block, ids, new SparseTable(rank, rowOffsets, dims, values));
    } catch (EOFException e) {
      throw new DamagedBlockException("it is cut off", e);
    } catch (IllegalArgumentException e) {
      throw new DamagedBlockException(e.getMessage(), e);
    }
  }

  /** Takes one number from a buffer. */
  private interface Taker {
    void take(ByteBuffer bytes, int index);
  }

  private static void each(DataInputStream in, int size, int count, Taker taker)
      throws IOException {
    byte[] bytes = new byte[BUFFER];
    int at = 0;
    while (at < count) {
      int many = Math.min(count - at, BUFFER / size);
      in.readFully(bytes, 0, many * size);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      for (int i = 0; i < many; i++) {
        taker.take(buffer, at++);
      }
    }
  }

  /** Collects numbers, so that the stream gets few and large pieces. */
  private static final class Writer {
    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    Writer(OutputStream out) {
      this.out = out;
    }

    void putInt(int value) throws IOException {
      if (buffer.remaining() < Integer.BYTES) {
        flush();
      }
      buffer.putInt(value);
    }

    void putShort(short value) throws IOException {
      if (buffer.remaining() < Short.BYTES) {
        flush();
      }
      buffer.putShort(value);
    }

    void flush() throws IOException {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }
}
