package dev.coppice.files;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Removes what a failed job has written under a temporary name. */
public final class Leftovers {
  private static final int PAUSE_MILLIS = 100;
  private static final int QUIET_PAUSES = 3;
  private static final int MOST_PAUSES = 50;

  private Leftovers() {}

  /**
   * Deletes a directory for good. When one task of a Spark job fails, others still write for a
   * moment, and would bring the directory back: so it is deleted until it stays away, and once more
   * when the process ends.
   */
  public static void delete(FileSystem fs, Path path) throws IOException {
    if (!fs.exists(path)) {
      return;
    }
    fs.deleteOnExit(path);
    int quiet = 0;
    for (int pause = 0; pause < MOST_PAUSES && quiet < QUIET_PAUSES; pause++) {
      if (fs.exists(path)) {
        fs.delete(path, true);
        quiet = 0;
      } else {
        quiet++;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
