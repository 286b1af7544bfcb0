package dev.coppice.data.io;

import dev.coppice.core.error.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory that is written under a temporary name beside its final one and appears whole, by one
 * rename, or not at all.
 *
 * <p>Where an older version is replaced, it is renamed aside first and deleted last, so that a
 * failure in between leaves it recoverable; should the second rename fail, the old one is put back.
 */
public final class AtomicDirectory implements AutoCloseable {
  private final FileSystem fs;
  private final Path target;
  private final Path temporary;
  private final boolean replaces;
  private boolean published;

  /**
   * Checks that {@code target} may be written.
   *
   * @param key the configuration key that gave the path, for messages
   * @param overwrite whether an older version may be replaced
   * @param marker a file that shows a directory to be an older version; any other directory that is
   *     not empty is never replaced
   * @throws UsageException if the target exists and may not be replaced
   */
  public AtomicDirectory(
      Configuration configuration, String key, String target, boolean overwrite, String marker)
      throws IOException {
    Path given = new Path(target);
    this.fs = given.getFileSystem(configuration);
    this.target = fs.makeQualified(given);
    if (this.target.getParent() == null) {
      throw new UsageException(key + " = \"" + target + "\" is the root of the file system.");
    }
    this.replaces = checkTarget(key, overwrite, marker);
    this.temporary =
        new Path(
            this.target.getParent(),
            "." + this.target.getName() + "." + UUID.randomUUID() + ".tmp");
  }

  private boolean checkTarget(String key, boolean overwrite, String marker) throws IOException {
    if (!fs.exists(target)) {
      return false;
    }
    boolean empty =
        fs.getFileStatus(target).isDirectory() && !fs.listStatusIterator(target).hasNext();
    if (!empty && !fs.exists(new Path(target, marker))) {
      throw new UsageException(
          key
              + " = \""
              + target
              + "\" exists and holds something else ("
              + marker
              + " is not in it), so it is not replaced, whatever overwrite says. Choose another"
              + " path or remove it.");
    }
    if (!empty && !overwrite) {
      throw new UsageException(
          key
              + " = \""
              + target
              + "\" exists. Choose another path, remove it, or set overwrite = true.");
    }
    return true;
  }

  /** Where to write. */
  public Path temporary() {
    return temporary;
  }

  /** A path under the temporary directory, as text for Spark's writers. */
  public String child(String name) {
    return new Path(temporary, name).toString();
  }

  /** Writes a small text file into the temporary directory. */
  public void writeText(String name, String text) throws IOException {
    try (OutputStream out = fs.create(new Path(temporary, name), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Makes the directory visible under its final name. */
  public void publish() throws IOException {
    if (!fs.exists(temporary)) {
      throw new FileNotFoundException(temporary + " is not there: nothing was written");
    }
    Path old = null;
    if (fs.exists(target)) {
      if (!replaces) {
        // A rename onto it would move the new directory into it.
        throw new UsageException(
            "\"" + target + "\" appeared while this job ran. Give each run its own output.");
      }
      old = new Path(temporary.getParent(), temporary.getName() + ".old");
      rename(target, old);
    }
    try {
      rename(temporary, target);
      published = true;
    } finally {
      if (!published && old != null) {
        rename(old, target);
      }
    }
    if (old != null) {
      fs.delete(old, true);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new IOException("could not rename " + from + " to " + to);
    }
  }

  /** Removes what was written, unless it was published. */
  @Override
  public void close() throws IOException {
    if (!published) {
      Leftovers.delete(fs, temporary);
    }
  }
}
