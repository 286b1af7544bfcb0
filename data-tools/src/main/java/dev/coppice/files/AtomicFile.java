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
 * A file that is written under a temporary name beside its final one and takes its place in one
 * step: a reader finds the old file or the new one, never none and never a part. Used in a {@code
 * try}, the draft goes on any failure, Errors included.
 *
 * <ul>
 *   <li>The local file system: rename(2). Hadoop's own rename there deletes the old file first.
 *   <li>HDFS and others: a rename that replaces, one operation of the namenode.
 *   <li>Connectors without that, which are those of object stores: a rename where there is no older
 *       file, else a copy, as an object shows when it is closed, whole.
 * </ul>
 */
public final class AtomicFile implements AutoCloseable {
  private final Configuration configuration;
  private final Path target;
  private final Path draft;
  private boolean published;

  /**
   * A file that is not there yet, or takes the place of one that is.
   *
   * @throws IOException if there is no such file system
   */
  public AtomicFile(Configuration configuration, Path target) throws IOException {
    this.configuration = configuration;
    this.target = SmallFile.files(configuration, target).makeQualified(target);
    this.draft = DraftNames.draft(this.target);
  }

  /** Where to write, on the same file system as the final place; made by who writes it. */
  public Path draft() {
    return draft;
  }

  /**
   * Moves the draft to its final name.
   *
   * @throws IOException if the file system refuses, or a directory has that name
   */
  public void publish() throws IOException {
    replace();
    published = true;
  }

  private void replace() throws IOException {
    if (Durable.concerns(target)) {
      replaceLocal(Durable.local(draft), Durable.local(target));
      return;
    }
    FileContext context;
    try {
      context = FileContext.getFileContext(target.toUri(), configuration);
    } catch (UnsupportedFileSystemException e) {
      FileSystem files = target.getFileSystem(configuration);
      if (!files.exists(target)) {
        if (!files.rename(draft, target)) {
          throw new IOException("could not rename " + draft + " to " + target, e);
        }
        return;
      }
      if (files.getFileStatus(target).isDirectory()) {
        // Or the copy would go into it.
        throw new IOException(target + " is a directory", e);
      }
      FileUtil.copy(files, draft, files, target, true, true, configuration);
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
    Durable.tree(draft);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    Durable.directory(target.getParent());
    Files.deleteIfExists(checksums(draft));
  }

  private static java.nio.file.Path checksums(java.nio.file.Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
  }

  /** Removes the draft, unless it was published. */
  @Override
  public void close() throws IOException {
    if (!published) {
      draft.getFileSystem(configuration).delete(draft, false);
    }
  }
}
