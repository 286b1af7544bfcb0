package dev.coppice.job.frame;

import dev.coppice.core.error.UsageException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.FileFault;
import dev.coppice.files.LeaseLock;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps two runs from writing to the same place: a {@link LeaseLock} on a file {@code .NAME.lock}
 * beside it, which is looked at again when the output is put in place.
 */
public final class RunLock implements AutoCloseable {
  private final LeaseLock lock;

  private RunLock(LeaseLock lock) {
    this.lock = lock;
  }

  /**
   * Takes the lock of an output.
   *
   * @throws dev.coppice.core.error.CoppiceException with {@link
   *     dev.coppice.core.error.ExitCode#LOCKED} if another run holds it
   * @throws UsageException if this user may not write there
   */
  public static RunLock take(Configuration configuration, String output) throws IOException {
    Path target = new Path(output);
    FileSystem fs = target.getFileSystem(configuration);
    try {
      return new RunLock(LeaseLock.take(configuration, LeaseLock.beside(fs, target), output));
    } catch (IOException e) {
      if (!FileFault.explains(e)) {
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
  }

  /**
   * Does some work while holding the lock of an output; see {@link #take}. What killed runs left
   * beside the output is removed first.
   */
  public static <T> T during(Configuration configuration, String output, Callable<T> work)
      throws Exception {
    RunLock lock = take(configuration, output);
    try {
      AtomicDirectory.clearLeftovers(configuration, output);
      return work.call();
    } finally {
      lock.close();
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
