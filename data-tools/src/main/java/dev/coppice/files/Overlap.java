package dev.coppice.files;

import dev.coppice.core.error.UsageException;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps an output apart from the inputs it is made of: replacing an output that holds an input
 * would delete the input, and an output inside an input would be read as input the next time.
 */
public final class Overlap {
  private Overlap() {}

  /**
   * Refuses an output that is, holds or lies in one of {@code inputs}.
   *
   * @param inputs paths and glob patterns, of which those that name nothing are passed over
   * @throws UsageException naming both keys and paths
   */
  public static void refuse(
      Configuration configuration,
      String inputKey,
      List<String> inputs,
      String outputKey,
      String output)
      throws IOException {
    String out = canonical(configuration, new Path(output));
    for (String input : inputs) {
      Path path = new Path(input);
      FileStatus[] found = path.getFileSystem(configuration).globStatus(path);
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        String in = canonical(configuration, status.getPath());
        if (holds(in, out) || holds(out, in)) {
          throw new UsageException(
              outputKey
                  + " = \""
                  + output
                  + "\" and "
                  + inputKey
                  + " = \""
                  + input
                  + "\" are "
                  + (in.equals(out) ? "the same place" : "inside each other")
                  + ". Choose another path for "
                  + outputKey
                  + ".");
        }
      }
    }
  }

  private static boolean holds(String outer, String inner) {
    return inner.equals(outer) || inner.startsWith(outer.endsWith("/") ? outer : outer + "/");
  }

  /** The path in full; on the local file system without links. */
  private static String canonical(Configuration configuration, Path path) throws IOException {
    FileSystem fs = path.getFileSystem(configuration);
    Path full = fs.makeQualified(path);
    return "file".equals(full.toUri().getScheme())
        ? "file:" + new File(full.toUri().getPath()).getCanonicalPath()
        : full.toString();
  }
}
