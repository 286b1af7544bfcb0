package dev.coppice.spark.job;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps two runs from writing to the same place: a file {@code .NAME.lock} beside it, made only if
 * it is not there. It names host, process and time. The lock of a process of this host that no
 * longer lives is taken over; any other has to be removed by hand when its run is known to be dead.
 */
final class RunLock implements AutoCloseable {
  private final FileSystem fs;
  private final Path file;

  private RunLock(FileSystem fs, Path file) {
    this.fs = fs;
    this.file = file;
  }

  /**
   * Takes the lock of an output.
   *
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run holds it
   */
  static RunLock take(Configuration configuration, String output) throws IOException {
    Path target = new Path(output);
    FileSystem fs = target.getFileSystem(configuration);
    Path qualified = fs.makeQualified(target);
    Path parent = Objects.requireNonNullElse(qualified.getParent(), qualified);
    Path file = new Path(parent, "." + qualified.getName() + ".lock");
    if (!create(fs, file, output)) {
      String owner = owner(fs, file);
      if (!isDead(owner)) {
        throw new CoppiceException(
            ExitCode.LOCKED,
            "another run writes to "
                + output
                + ": "
                + file
                + " is held by "
                + owner
                + ". Wait for it to end; if it is dead, remove that file.");
      }
      fs.delete(file, false);
      if (!create(fs, file, output)) {
        throw new CoppiceException(
            ExitCode.LOCKED, "another run has just begun to write to " + output + ". Wait for it.");
      }
    }
    return new RunLock(fs, file);
  }

  /** Does some work while holding the lock of an output; see {@link #take}. */
  static <T> T during(Configuration configuration, String output, Callable<T> work)
      throws Exception {
    RunLock lock = take(configuration, output);
    try {
      return work.call();
    } finally {
      lock.close();
    }
  }

  /** Makes the file; false if it is there. */
  private static boolean create(FileSystem fs, Path file, String output) throws IOException {
    OutputStream made;
    try {
      made = fs.create(file, false);
    } catch (IOException e) {
      // The error for a file that exists is not always that of its own: its parent may be a file.
      if (fs.exists(file)) {
        return false;
      }
      if (ErrorText.isFullDisk(e)) {
        throw e;
      }
      throw new UsageException(
          "\""
              + output
              + "\" cannot be written: "
              + e.getMessage()
              + ". Choose a place where this user may write.",
          e);
    }
    boolean written = false;
    try {
      try (OutputStream out = made) {
        out.write(me().getBytes(StandardCharsets.UTF_8));
      }
      written = true;
    } finally {
      // Not a catch: on local disks Hadoop tells of a full one by an Error.
      if (!written) {
        fs.delete(file, false);
      }
    }
    return true;
  }

  private static String me() throws IOException {
    return "host "
        + InetAddress.getLocalHost().getHostName()
        + " process "
        + ProcessHandle.current().pid()
        + " since "
        + Instant.now();
  }

  private static String owner(FileSystem fs, Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static boolean isDead(String owner) throws IOException {
    String[] words = owner.split(" ", -1);
    boolean here = words.length > 3 && words[1].equals(InetAddress.getLocalHost().getHostName());
    if (!here || !words[3].matches("\\d{1,18}")) {
      return false;
    }
    return ProcessHandle.of(Long.parseLong(words[3])).isEmpty();
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    fs.delete(file, false);
  }
}
