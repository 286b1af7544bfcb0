package dev.coppice.core.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends little-endian numbers to a file through a buffer. */
final class Spill implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private long written;

  Spill(Path path) throws IOException {
    this.path = path;
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  Path path() {
    return path;
  }

  /** Returns the bytes appended so far. */
  long bytes() {
    return written + buffer.position();
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    written += buffer.position();
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  void put(byte[] values, int count) throws IOException {
    int from = 0;
    while (from < count) {
      room(1);
      int most = Math.min(count - from, buffer.remaining());
      buffer.put(values, from, most);
      from += most;
    }
  }

  void putShort(short value) throws IOException {
    room(2);
    buffer.putShort(value);
  }

  void putInt(int value) throws IOException {
    room(4);
    buffer.putInt(value);
  }

  void putLong(long value) throws IOException {
    room(8);
    buffer.putLong(value);
  }

  void putFloat(float value) throws IOException {
    room(4);
    buffer.putFloat(value);
  }

  void putDouble(double value) throws IOException {
    room(8);
    buffer.putDouble(value);
  }

  /** Writes what is buffered, so that the file can be read. */
  void finish() throws IOException {
    flush();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
