package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
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
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Looks at input files from the driver: which are there, and how the first one begins. */
public final class InputFiles {
  private InputFiles() {}

  /**
   * The files behind paths, glob patterns and directories, by ascending path; hidden ones (a
   * leading dot or underscore) are left out, as Spark does.
   *
   * @throws BadInputException if a path is missing or holds no file
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
        for (FileStatus status : found) {
          collect(fs, status, files);
        }
        if (files.size() == before) {
          throw new BadInputException(
              key + " = \"" + text + "\": the directory holds no file. Correct the path.");
        }
      } catch (IOException e) {
        String message = key + " = \"" + text + "\" cannot be read: " + e.getMessage();
        throw failure(message, e);
      } catch (IllegalArgumentException e) {
        throw new BadInputException(
            key + " = \"" + text + "\" is not a path: " + e.getMessage(), e);
      }
    }
    files.sort(Comparator.comparing(Path::toString));
    return files;
  }

  private static void collect(FileSystem fs, FileStatus status, List<Path> files)
      throws IOException {
    if (status.isFile()) {
      files.add(status.getPath());
      return;
    }
    for (FileStatus child : fs.listStatus(status.getPath())) {
      String name = child.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(fs, child, files);
      }
    }
  }

  /** The first line of the first of {@code files} that is not empty, without a byte-order mark. */
  public static Optional<String> firstLine(Configuration configuration, List<Path> files) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    for (Path file : files) {
      try (BufferedReader reader = open(configuration, codecs, file)) {
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

  private static RuntimeException failure(String message, IOException e) {
    return FileFault.explains(e)
        ? new BadInputException(message, e)
        : new UncheckedIOException(message, e);
  }

  /** {@code line} without the byte-order mark some editors put at the head of a file. */
  public static String withoutMark(String line) {
    return !line.isEmpty() && line.charAt(0) == '\uFEFF' ? line.substring(1) : line;
  }

  private static BufferedReader open(
      Configuration configuration, CompressionCodecFactory codecs, Path file) throws IOException {
    InputStream raw = file.getFileSystem(configuration).open(file);
    CompressionCodec codec = codecs.getCodec(file);
    InputStream in = codec == null ? raw : codec.createInputStream(raw);
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
