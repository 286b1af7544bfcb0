package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * A file mapped into memory in segments, as one mapping holds at most 2 GB; little-endian. Numbers
 * lie at multiples of their size, so none crosses from one segment to the next. Read-only and safe
 * for use by several threads. The mapping ends when the object is collected.
 */
final class MappedFile {
  /** Binary logarithm of the bytes of a segment. */
  static final int SEGMENT_BITS = 30;

  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final long length;
  private final int bits;
  private final long mask;
  private final ByteBuffer[] bytes;
  private final ShortBuffer[] shorts;
  private final IntBuffer[] ints;
  private final LongBuffer[] longs;
  private final FloatBuffer[] floats;
  private final DoubleBuffer[] doubles;

  private MappedFile(Path path, long length, int bits, ByteBuffer[] bytes) {
    this.path = path;
    this.length = length;
    this.bits = bits;
    this.bytes = bytes;
    mask = (1L << bits) - 1;
    int n = bytes.length;
    shorts = new ShortBuffer[n];
    ints = new IntBuffer[n];
    longs = new LongBuffer[n];
    floats = new FloatBuffer[n];
    doubles = new DoubleBuffer[n];
    for (int s = 0; s < n; s++) {
      bytes[s].order(ByteOrder.LITTLE_ENDIAN);
      shorts[s] = bytes[s].asShortBuffer();
      ints[s] = bytes[s].asIntBuffer();
      longs[s] = bytes[s].asLongBuffer();
      floats[s] = bytes[s].asFloatBuffer();
      doubles[s] = bytes[s].asDoubleBuffer();
    }
  }

  /** Maps a file. */
  static MappedFile open(Path path) throws IOException {
    return open(path, SEGMENT_BITS);
  }

  /** Maps a file in segments of {@code 2^bits} bytes, 3 to 30. */
  static MappedFile open(Path path, int bits) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long length = channel.size();
      long segment = 1L << bits;
      ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((length + segment - 1) / segment)];
      for (int s = 0; s < segments.length; s++) {
        long from = s * segment;
        segments[s] =
            channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(segment, length - from));
      }
      return new MappedFile(path, length, bits, segments);
    }
  }

  Path path() {
    return path;
  }

  long length() {
    return length;
  }

  byte byteAt(long at) {
    return bytes[(int) (at >>> bits)].get((int) (at & mask));
  }

  short shortAt(long at) {
    return bytes[(int) (at >>> bits)].getShort((int) (at & mask));
  }

  int intAt(long at) {
    return bytes[(int) (at >>> bits)].getInt((int) (at & mask));
  }

  long longAt(long at) {
    return bytes[(int) (at >>> bits)].getLong((int) (at & mask));
  }

  double doubleAt(long at) {
    return bytes[(int) (at >>> bits)].getDouble((int) (at & mask));
  }

  /** Copies one kind of number out of one segment. */
  @FunctionalInterface
  private interface Piece {
    void copy(int segment, int index, int offset, int count);
  }

  private void copy(long at, int sizeBits, int to, int count, Piece piece) {
    long from = at;
    int done = 0;
    while (done < count) {
      int index = (int) ((from & mask) >>> sizeBits);
      int most = (int) Math.min(count - done, (1L << (bits - sizeBits)) - index);
      piece.copy((int) (from >>> bits), index, to + done, most);
      done += most;
      from += (long) most << sizeBits;
    }
  }

  void copy(long at, byte[] to, int offset, int count) {
    copy(at, 0, offset, count, (s, i, o, n) -> bytes[s].get(i, to, o, n));
  }

  void copy(long at, short[] to, int offset, int count) {
    copy(at, 1, offset, count, (s, i, o, n) -> shorts[s].get(i, to, o, n));
  }

  void copy(long at, int[] to, int offset, int count) {
    copy(at, 2, offset, count, (s, i, o, n) -> ints[s].get(i, to, o, n));
  }

  void copy(long at, float[] to, int offset, int count) {
    copy(at, 2, offset, count, (s, i, o, n) -> floats[s].get(i, to, o, n));
  }

  void copy(long at, double[] to, int offset, int count) {
    copy(at, 3, offset, count, (s, i, o, n) -> doubles[s].get(i, to, o, n));
  }

  /** Returns the CRC-32C of a range. */
  int crc(long at, long count) {
    CRC32C crc = new CRC32C();
    // By way of the heap: if the file is cut meanwhile, a copy fails in a way that can be caught,
    // while the checksum of mapped bytes would end the process.
    byte[] buffer = new byte[(int) Math.min(count, BUFFER)];
    for (long done = 0; done < count; done += buffer.length) {
      int size = (int) Math.min(buffer.length, count - done);
      copy(at + done, buffer, 0, size);
      crc.update(buffer, 0, size);
    }
    return (int) crc.getValue();
  }

  /**
   * Does something that reads the file.
   *
   * @throws BadInputException if it was cut meanwhile; compiled code goes on with any bytes at all,
   *     and is told of that only when it next calls into the virtual machine
   */
  <T> T reading(Supplier<T> work) {
    try {
      T result = null;
      RuntimeException failure = null;
      try {
        result = work.get();
      } catch (RuntimeException e) {
        failure = e;
      }
      if (settle(1) == 1 && failure != null) {
        throw failure;
      }
      return result;
    } catch (InternalError e) {
      throw gone(e);
    }
  }

  /**
   * Calls into the virtual machine, so that an error of an earlier read comes here and not after:
   * arrays of arrays are made there, whatever compiles this.
   *
   * @return {@code size}, to be looked at so that nothing is left out
   */
  private static int settle(int size) {
    return new byte[size][size].length;
  }

  /** Returns the error of bytes that were there when the file was mapped. */
  private BadInputException gone(InternalError cause) {
    return new BadInputException(
        path
            + " cannot be read where it was mapped: it was cut or overwritten while it was open, or"
            + " its disk fails; put new files under new names, or rename them into place",
        cause);
  }
}
