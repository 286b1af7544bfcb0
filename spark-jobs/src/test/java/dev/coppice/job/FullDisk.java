package dev.coppice.job;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system under the scheme {@code full}, with room for so many bytes, or for all but
 * some files.
 */
public final class FullDisk extends RawLocalFileSystem {
  private static final AtomicLong ROOM = new AtomicLong();

  /** Files that there is no room for. */
  private static volatile Predicate<String> refused = name -> false;

  /** Called by Hadoop. */
  public FullDisk() {}

  /** Makes the scheme known, with so much room. */
  static void install(Configuration configuration, long bytes) {
    configuration.set("fs.full.impl", FullDisk.class.getName());
    configuration.set("fs.full.impl.disable.cache", "true");
    ROOM.set(bytes);
    refused = name -> false;
  }

  /** Makes the scheme known, with room for all but the files of some names. */
  public static void install(Configuration configuration, Predicate<String> names) {
    install(configuration, Long.MAX_VALUE);
    refused = names;
  }

  /** The path of a local file. */
  public static String path(java.nio.file.Path file) {
    return "full://" + file;
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public String getScheme() {
    return "full";
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
    refuse(file);
    return limited(
        super.create(file, overwrite, bufferSize, replication, blockSize, progress), statistics);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    refuse(file);
    return limited(
        super.create(file, overwrite, bufferSize, replication, blockSize, progress), statistics);
  }

  private static void refuse(Path file) throws IOException {
    if (refused.test(file.getName())) {
      throw full();
    }
  }

  private static IOException full() {
    return new IOException("No space left on device");
  }

  private static FSDataOutputStream limited(OutputStream out, FileSystem.Statistics statistics)
      throws IOException {
    return new FSDataOutputStream(new Limited(out), statistics);
  }

  private static final class Limited extends OutputStream {
    private final OutputStream out;

    Limited(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      take(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      take(length);
      out.write(bytes, offset, length);
    }

    private static void take(int bytes) throws IOException {
      if (ROOM.addAndGet(-bytes) < 0) {
        throw full();
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
