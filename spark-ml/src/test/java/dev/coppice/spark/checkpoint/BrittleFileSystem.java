package dev.coppice.spark.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files as {@code brittle:/path} on a disk that may fill up, in a process that may die while
 * it writes.
 */
public final class BrittleFileSystem extends RawLocalFileSystem {
  /** Bytes that still fit on the disk. */
  public static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  /** System property: the process dies when this many files have been closed. */
  public static final String LAST = "coppice.test.lastFile";

  private static final AtomicLong CLOSED = new AtomicLong();

  /** Makes the scheme known. */
  public static void register(Configuration configuration) {
    configuration.set("fs.brittle.impl", BrittleFileSystem.class.getName());
  }

  @Override
  public URI getUri() {
    return URI.create("brittle:///");
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    OutputStream out = super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          private boolean open = true;

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (ROOM.addAndGet(-length) < 0) {
              throw new IOException("No space left on device");
            }
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            super.close();
            if (open && CLOSED.incrementAndGet() == Long.getLong(LAST, -1)) {
              Runtime.getRuntime().halt(137);
            }
            open = false;
          }
        },
        null);
  }
}
