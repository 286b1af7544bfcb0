package dev.coppice.files;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files behind the manners of other stores, which stop working after so many changes as if
 * the process had died there. As {@code s3a} a file shows when it is closed, renames copy and
 * delete file by file; as {@code posix} a rename is one step and may replace a file, as on HDFS,
 * and a file that was being written stays half-written.
 */
public class FaultyStore extends RawLocalFileSystem {
  /** Changes that are still carried out. */
  public static final AtomicLong CHANGES = new AtomicLong(Long.MAX_VALUE);

  /** How a full disk is told of. */
  private static final String FULL = "No space left on device";

  /** What is thrown after that. */
  public static volatile String reason = "the process is dead";

  private String scheme;

  /** A configuration that knows the stores. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.s3a.impl", FaultyStore.class.getName());
    configuration.set("fs.posix.impl", FaultyStore.class.getName());
    configuration.set("fs.AbstractFileSystem.posix.impl", Posix.class.getName());
    configuration.set(LeaseLock.SETTLE, "5ms");
    return configuration;
  }

  /** Adds the stores to a configuration. */
  public static void install(Configuration configuration) {
    configuration().forEach(entry -> configuration.set(entry.getKey(), entry.getValue()));
  }

  /** Carries everything out again. */
  public static void heal() {
    CHANGES.set(Long.MAX_VALUE);
    reason = "the process is dead";
  }

  /** Fills the disk after so many changes: nothing can be written any more, but much removed. */
  public static void fill(long changes) {
    reason = FULL;
    CHANGES.set(changes);
  }

  private static void change() throws IOException {
    if (CHANGES.decrementAndGet() < 0) {
      throw new IOException(reason);
    }
  }

  /** A change that makes room, or takes none. */
  private static void freeing() throws IOException {
    if (CHANGES.decrementAndGet() < 0 && !reason.equals(FULL)) {
      throw new IOException(reason);
    }
  }

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    scheme = uri.getScheme();
    super.initialize(uri, conf);
  }

  @Override
  public URI getUri() {
    return URI.create((scheme == null ? "s3a" : scheme) + ":///");
  }

  private boolean isObjectStore() {
    return getUri().getScheme().equals("s3a");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    java.nio.file.Path file = pathToFile(path).toPath();
    if (!overwrite && Files.exists(file)) {
      throw new FileAlreadyExistsException(path + " exists");
    }
    change();
    Files.createDirectories(file.getParent());
    if (!isObjectStore()) {
      return new FSDataOutputStream(
          new HalfWritten(
              file,
              Files.newOutputStream(
                  file,
                  StandardOpenOption.WRITE,
                  overwrite ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.TRUNCATE_EXISTING)),
          null);
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() throws IOException {
            change();
            Files.write(file, toByteArray());
          }
        },
        null);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    if (!pathToFile(path).exists()) {
      change();
    }
    return super.mkdirs(path);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    return mkdirs(path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (!isObjectStore()) {
      if (exists(to)) {
        return false;
      }
      freeing();
      Files.move(pathToFile(from).toPath(), pathToFile(to).toPath());
      return true;
    }
    copy(from, to);
    return delete(from, true);
  }

  private void copy(Path from, Path to) throws IOException {
    if (getFileStatus(from).isDirectory()) {
      for (FileStatus child : listStatus(from)) {
        copy(child.getPath(), new Path(to, child.getPath().getName()));
      }
      return;
    }
    change();
    java.nio.file.Path target = pathToFile(to).toPath();
    Files.createDirectories(target.getParent());
    Files.copy(pathToFile(from).toPath(), target, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    try {
      if (getFileStatus(path).isDirectory()) {
        for (FileStatus child : listStatus(path)) {
          delete(child.getPath(), true);
        }
      }
    } catch (FileNotFoundException e) {
      return false;
    }
    freeing();
    Files.delete(pathToFile(path).toPath());
    return true;
  }

  /** A file that is seen while it is written: of one that its process dies at, half is there. */
  private static final class HalfWritten extends FilterOutputStream {
    private final java.nio.file.Path file;
    private boolean open = true;

    HalfWritten(java.nio.file.Path file, OutputStream out) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (!open) {
        return;
      }
      open = false;
      super.close();
      try {
        change();
      } catch (IOException e) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(channel.size() / 2);
        } catch (NoSuchFileException gone) {
          e.addSuppressed(gone);
        }
        throw e;
      }
    }
  }

  /** The newer interface to {@code posix}, whose rename replaces in one step. */
  public static final class Posix extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Posix(URI uri, Configuration conf) throws IOException, URISyntaxException {
      super(uri, FileSystem.get(uri, conf), conf, "posix", false);
    }

    @Override
    public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
      freeing();
      Files.move(
          java.nio.file.Path.of(from.toUri().getPath()),
          java.nio.file.Path.of(to.toUri().getPath()),
          StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }
}
