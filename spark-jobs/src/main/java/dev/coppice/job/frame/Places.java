package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.Overlap;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;

/** Where a job reads and where it writes. */
public final class Places {
  private Places() {}

  /**
   * Refuses an output that is, holds or lies in what the job reads.
   *
   * @param inputs keys of what the job reads, given or not
   * @throws dev.coppice.core.error.UsageException naming both keys and paths
   */
  public static void keepApart(
      JobContext context,
      ConfigValues values,
      ConfigKey<String> output,
      List<ConfigKey<String>> inputs)
      throws IOException {
    if (values.find(output).isEmpty()) {
      return;
    }
    for (ConfigKey<String> input : inputs) {
      Overlap.refuse(
          context.hadoop(),
          input.name(),
          values.find(input).map(List::of).orElse(List.of()),
          output.name(),
          values.get(output));
    }
  }

  /**
   * Refuses a directory that cannot be made, because it or what should hold it is a file; nothing
   * is written.
   *
   * @throws UsageException naming key, path and file
   */
  public static void requireDirectory(
      JobContext context, ConfigValues values, ConfigKey<String> output) throws IOException {
    if (values.find(output).isEmpty()) {
      return;
    }
    Path given = new Path(values.get(output));
    FileSystem fs = given.getFileSystem(context.hadoop());
    Path at = fs.makeQualified(given);
    Optional<FileStatus> nearest = status(fs, at);
    while (nearest.isEmpty() && at.getParent() != null) {
      at = at.getParent();
      nearest = status(fs, at);
    }
    if (nearest.isPresent() && !nearest.get().isDirectory()) {
      throw new UsageException(
          output.name()
              + " = \""
              + given
              + "\" cannot be written: "
              + at
              + " is a file. Choose another path.");
    }
  }

  private static Optional<FileStatus> status(FileSystem fs, Path path) throws IOException {
    try {
      return Optional.of(fs.getFileStatus(path));
    } catch (FileNotFoundException | ParentNotDirectoryException e) {
      return Optional.empty();
    }
  }
}
