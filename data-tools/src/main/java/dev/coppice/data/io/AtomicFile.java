package dev.coppice.data.io;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Puts a file that was written under another name in its place, by one rename. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Renames a whole draft to its final name; a file there is replaced.
   *
   * @param draft qualified path of the draft, on the same file system as the target
   * @param target qualified path
   * @throws IOException if the file system refuses
   */
  public static void replace(Path draft, Path target, Configuration conf) throws IOException {
    FileContext context;
    try {
      context = FileContext.getFileContext(target.toUri(), conf);
    } catch (UnsupportedFileSystemException e) {
      // Some connectors lack the newer interface, and the older one cannot rename over a file: for
      // a moment there is no file of that name, but never half a one.
      FileSystem files = target.getFileSystem(conf);
      if (files.exists(target) && files.getFileStatus(target).isFile()) {
        files.delete(target, false);
      }
      if (files.exists(target) || !files.rename(draft, target)) {
        throw new IOException("could not rename " + draft + " to " + target, e);
      }
      return;
    }
    context.rename(draft, target, Options.Rename.OVERWRITE);
  }
}
