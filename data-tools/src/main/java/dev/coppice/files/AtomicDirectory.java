package dev.coppice.files;

import dev.coppice.core.error.UsageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that is written under a temporary name beside its final one and appears whole, by one
 * rename, or not at all. On local disks it is written out before, so that no loss of power leaves a
 * name without its bytes.
 *
 * <p>Where an older version is replaced, it is renamed aside first and deleted last, so that a
 * failure in between leaves it recoverable; should the second rename fail, the old one is put back.
 * Used in a {@code try}, what was written goes on any failure, Errors included: on local disks
 * Hadoop tells of a full one by an Error.
 */
public final class AtomicDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AtomicDirectory.class);

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
    this.fs = new Path(target).getFileSystem(configuration);
    this.target = place(fs, key, target);
    this.replaces = checkTarget(key, overwrite, marker);
    this.temporary = DraftNames.draft(this.target);
  }

  /**
   * A directory that takes the place of whatever is there.
   *
   * @param key the setting that gave the path, for messages
   * @param replaces whether something may be there; else {@link #publish} refuses what has appeared
   *     by then
   * @throws UsageException if the target is the root of the file system
   */
  public AtomicDirectory(Configuration configuration, String key, String target, boolean replaces)
      throws IOException {
    this.fs = new Path(target).getFileSystem(configuration);
    this.target = place(fs, key, target);
    this.replaces = replaces;
    this.temporary = DraftNames.draft(this.target);
  }

  private static Path place(FileSystem fs, String key, String target) {
    Path place = fs.makeQualified(new Path(target));
    if (place.getParent() == null) {
      throw new UsageException(key + " = \"" + target + "\" is the root of the file system.");
    }
    return place;
  }

  /**
   * Removes what killed runs left beside a target, a directory or a file; to be called only by who
   * keeps other runs away from it. Where one was killed between the two renames, the older version,
   * which then lies aside, is put back first.
   *
   * @return what was removed or put back
   * @throws IOException if the parent cannot be listed, or the older version not be put back
   */
  public static List<Path> clearLeftovers(Configuration configuration, String target)
      throws IOException {
    Path given = new Path(target);
    FileSystem fs = given.getFileSystem(configuration);
    Path place = fs.makeQualified(given);
    if (place.getParent() == null || !fs.exists(place.getParent())) {
      return List.of();
    }
    List<Path> cleared = new ArrayList<>();
    List<Path> drafts = new ArrayList<>();
    Pattern leftovers = DraftNames.leftovers(place.getName());
    RemoteIterator<FileStatus> beside = fs.listStatusIterator(place.getParent());
    while (beside.hasNext()) {
      Path path = beside.next().getPath();
      String name = path.getName();
      if (!leftovers.matcher(name).matches()) {
        continue;
      }
      if (name.endsWith(DraftNames.OLD) && !fs.exists(place)) {
        rename(fs, path, place);
        LOG.warn("{} is put back: a run was killed while it replaced it", place);
        cleared.add(path);
      } else {
        drafts.add(path);
      }
    }
    for (Path draft : drafts) {
      try {
        fs.delete(draft, true);
        LOG.info("{} of a killed run is removed", draft);
        cleared.add(draft);
      } catch (IOException e) {
        LOG.warn("{} of a killed run cannot be removed: {}", draft, e.getMessage());
      }
    }
    return cleared;
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
    writeText(fs, new Path(temporary, name), text);
  }

  /** Writes a small text file into a directory that nobody reads yet. */
  public static void writeText(FileSystem fs, Path file, String text) throws IOException {
    try (OutputStream out = fs.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Makes the directory visible under its final name.
   *
   * @throws dev.coppice.core.error.CoppiceException if this process held the lock of the target and
   *     has lost it
   */
  public void publish() throws IOException {
    if (!fs.exists(temporary)) {
      throw new FileNotFoundException(temporary + " is not there: nothing was written");
    }
    if (Durable.concerns(temporary)) {
      Durable.tree(Durable.local(temporary));
    }
    LeaseLock.checkBeside(fs, target);
    Path old = null;
    if (fs.exists(target)) {
      if (!replaces) {
        // A rename onto it would move the new directory into it.
        throw new UsageException(
            "\"" + target + "\" appeared while this job ran. Give each run its own output.");
      }
      old = DraftNames.aside(temporary);
      rename(fs, target, old);
    }
    try {
      rename(fs, temporary, target);
      published = true;
    } finally {
      if (!published && old != null) {
        rename(fs, old, target);
      }
    }
    if (Durable.concerns(target)) {
      Durable.directory(Durable.local(target).getParent());
    }
    if (old != null) {
      fs.delete(old, true);
    }
  }

  private static void rename(FileSystem fs, Path from, Path to) throws IOException {
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
