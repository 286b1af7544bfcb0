package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Looks at input files from the driver: which are there, and how the first one begins. */
public final class InputFiles {
  private static final String DELTA_LOG = "_delta_log";

  private InputFiles() {}

  /**
   * The files behind paths, glob patterns and directories, by ascending path; hidden ones are left
   * out, as Spark does.
   *
   * @throws BadInputException if a path is missing, holds no file or names a hidden one
   */
  public static List<Path> list(Configuration configuration, String key, List<String> paths) {
    List<Path> files = new ArrayList<>();
    for (String text : paths) {
      try {
        Path path = new Path(text);
        FileSystem fs = path.getFileSystem(configuration);
        FileStatus[] found = fs.globStatus(path);
        if (found == null || found.length == 0) {
          throw new BadInputException(
              key + " = \"" + text + "\": no such file or directory. Correct the path.");
        }
        int before = files.size();
        boolean hidden = false;
        for (FileStatus status : found) {
          if (status.isFile() && isHidden(status.getPath())) {
            hidden = true;
          } else {
            hidden |= collect(fs, status, files);
          }
        }
        if (files.size() == before) {
          throw new BadInputException(
              key
                  + " = \""
                  + text
                  + "\""
                  + (hidden
                      ? ": Spark reads no file whose name begins with _ or with a dot, and there is"
                          + " no other. Rename it."
                      : ": the directory holds no file. Correct the path."));
        }
      } catch (IOException e) {
        String message = key + " = \"" + text + "\" cannot be read: " + e.getMessage();
        throw failure(message, e);
      } catch (IllegalArgumentException e) {
        throw new BadInputException(
            key
                + " = \""
                + text
                + "\" is not a path: "
                + e.getMessage()
                + (text.contains(":") ? ". Hadoop reads no name with a colon: rename it." : ""),
            e);
      }
    }
    files.sort(Comparator.comparing(Path::toString));
    return files;
  }

  /** Adds the files of a directory; returns whether hidden ones were left out. */
  private static boolean collect(FileSystem fs, FileStatus status, List<Path> files)
      throws IOException {
    if (status.isFile()) {
      files.add(status.getPath());
      return false;
    }
    boolean hidden = false;
    for (FileStatus child : fs.listStatus(status.getPath())) {
      if (child.getPath().getName().equals(DELTA_LOG)) {
        throw new BadInputException(
            status.getPath()
                + " is a Delta table: its directory holds files too that are no longer part of it."
                + " Set format = table and input = delta.`"
                + status.getPath().toUri().getPath()
                + "`, with Delta given to Spark.");
      }
      if (isHidden(child.getPath())) {
        hidden = true;
      } else {
        hidden |= collect(fs, child, files);
      }
    }
    return hidden;
  }

  /** Spark's rule, for files and directories below those that are named. */
  private static boolean isHidden(Path path) {
    String name = path.getName();
    return name.startsWith(".")
        || (name.startsWith("_") && !name.contains("="))
        || name.endsWith("._COPYING_");
  }

  /** The first line of the first of {@code files} that is not empty, without a byte-order mark. */
  public static Optional<String> firstLine(Configuration configuration, List<Path> files) {
    for (Path file : files) {
      try (BufferedReader reader = open(configuration, file)) {
        String line = reader.readLine();
        if (line != null) {
          return Optional.of(withoutMark(line));
        }
      } catch (IOException e) {
        throw failure(
            file
                + " cannot be read: "
                + e.getMessage()
                + ". Correct its permissions or its content.",
            e);
      }
    }
    return Optional.empty();
  }

  static RuntimeException failure(String message, IOException e) {
    // A file system that nobody gave to Hadoop is no fault of a file.
    return FileFault.explains(e) && !(e instanceof UnsupportedFileSystemException)
        ? new BadInputException(message, e)
        : new UncheckedIOException(message, e);
  }

  /** {@code line} without the byte-order mark some editors put at the head of a file. */
  public static String withoutMark(String line) {
    return !line.isEmpty() && line.charAt(0) == '\uFEFF' ? line.substring(1) : line;
  }

  private static BufferedReader open(Configuration configuration, Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(FileHeads.open(configuration, file), StandardCharsets.UTF_8));
  }
}
