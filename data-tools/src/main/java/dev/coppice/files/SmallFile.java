package dev.coppice.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A small text file that is replaced in one step: a reader finds the old text or the new one, never
 * none and never a part. On object stores (S3A and its like), where a rename copies and deletes, it
 * is one PUT, which shows at its end, whole; elsewhere an {@link AtomicFile}. On local disks
 * without the checksum file that Hadoop keeps beside files: the two cannot be renamed in one step.
 */
public final class SmallFile {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3a", "s3", "s3n", "gs", "oss", "obs", "cosn", "ks3", "swift", "wasb", "wasbs");

  private final Configuration configuration;
  private final FileSystem fs;
  private final Path path;

  /** The file at {@code path}, which need not exist. */
  public SmallFile(Configuration configuration, Path path) throws IOException {
    this.configuration = configuration;
    this.fs = files(configuration, path);
    this.path = fs.makeQualified(path);
  }

  /** The file system of a path; for local ones without checksums. */
  public static FileSystem files(Configuration configuration, Path path) throws IOException {
    FileSystem fs = path.getFileSystem(configuration);
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /** Whether the file system is a store of objects, whose renames are no single step. */
  static boolean isObjectStore(FileSystem fs) {
    return OBJECT_STORES.contains(fs.getUri().getScheme());
  }

  /** Whether a name is that of a draft that a killed run left behind. */
  public static boolean isDraft(String name) {
    return DraftNames.isDraft(name);
  }

  public Path path() {
    return path;
  }

  public boolean exists() throws IOException {
    return fs.exists(path);
  }

  /**
   * The text.
   *
   * @throws java.io.FileNotFoundException if there is no such file
   */
  public String read() throws IOException {
    try (InputStream in = fs.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** When the store says that the file was written, in epoch milliseconds of the store's clock. */
  long modified() throws IOException {
    return fs.getFileStatus(path).getModificationTime();
  }

  /**
   * Writes the file if it is not there. On HDFS of two writers one wins for certain; elsewhere both
   * may believe so for as long as it takes to write a small file.
   *
   * @throws IOException if it is there, or cannot be written
   */
  void create(String text) throws IOException {
    write(path, text, false);
  }

  /** Replaces the text, or writes the file. */
  public void replace(String text) throws IOException {
    if (isObjectStore(fs)) {
      write(path, text, true);
      return;
    }
    try (AtomicFile file = new AtomicFile(configuration, path)) {
      write(file.draft(), text, false);
      file.publish();
    }
  }

  boolean delete() throws IOException {
    return fs.delete(path, false);
  }

  private void write(Path to, String text, boolean overwrite) throws IOException {
    FSDataOutputStream made = fs.create(to, overwrite);
    boolean written = false;
    try {
      try (FSDataOutputStream out = made) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        if (out.hasCapability(StreamCapabilities.HSYNC)) {
          out.hsync();
        }
      }
      written = true;
    } catch (FSError e) {
      // How Hadoop tells of a full local disk; an Error would end runs that only tell of
      // themselves.
      throw new IOException(e.getMessage(), e);
    } finally {
      if (!written && !overwrite) {
        fs.delete(to, false);
      }
    }
  }
}
