package dev.coppice.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Puts a file that was written under another name in its place in one step: a reader finds the old
 * file or the new one, never none and never a part.
 *
 * <ul>
 *   <li>The local file system: rename(2). Hadoop's own rename there deletes the old file first.
 *   <li>HDFS and others: a rename that replaces, one operation of the namenode.
 *   <li>Connectors without that, which are those of object stores: a copy, as an object shows when
 *       it is closed, whole.
 * </ul>
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Moves a whole draft to its final name; a file there is replaced.
   *
   * @param draft qualified path of the draft, on the same file system as the target
   * @param target qualified path
   * @throws IOException if the file system refuses, or a directory has that name
   */
  public static void replace(Path draft, Path target, Configuration conf) throws IOException {
    if (target.toUri().getScheme().equals("file")) {
      replaceLocal(local(draft), local(target));
      return;
    }
    FileContext context;
    try {
      context = FileContext.getFileContext(target.toUri(), conf);
    } catch (UnsupportedFileSystemException e) {
      FileSystem files = target.getFileSystem(conf);
      if (files.exists(target) && files.getFileStatus(target).isDirectory()) {
        // Or the copy would go into it.
        throw new IOException(target + " is a directory", e);
      }
      FileUtil.copy(files, draft, files, target, true, true, conf);
      return;
    }
    context.rename(draft, target, Options.Rename.OVERWRITE);
  }

  private static void replaceLocal(java.nio.file.Path draft, java.nio.file.Path target)
      throws IOException {
    if (!Files.isDirectory(target)) {
      // Checksums that Hadoop may have left beside the old file: they would not fit the new one.
      Files.deleteIfExists(checksums(target));
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(checksums(draft));
  }

  private static java.nio.file.Path checksums(java.nio.file.Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
