package dev.coppice.spark.store;

import dev.coppice.core.error.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A directory that is what it is by one JSON file in it.
 *
 * @param json name of the file
 * @param what the directory is, for messages
 * @param maker what is saved to such a directory, for messages
 */
record SavedDirectory(String json, String what, String maker) {

  /**
   * Refuses to write where something is.
   *
   * @throws IOException if something is there and must not be replaced
   */
  static void check(SparkSession session, String path, boolean overwrite) throws IOException {
    Path target = new Path(path);
    if (!overwrite && files(session, target).exists(target)) {
      throw new IOException(
          "Path "
              + path
              + " already exists; choose another, or replace it with"
              + " write().overwrite().save(path)");
    }
  }

  /**
   * Returns the text of the JSON file.
   *
   * @throws BadInputException if there is none
   */
  String read(SparkSession session, String path) {
    Path file = new Path(path, json);
    try {
      FileSystem files = files(session, file);
      try (FSDataInputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (FileNotFoundException e) {
        throw new BadInputException(
            path
                + (files.exists(new Path(path))
                    ? " holds no " + json + ": it is no " + what
                    : " does not exist")
                + "; give the directory that "
                + maker
                + " was saved to",
            e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static FileSystem files(SparkSession session, Path path) throws IOException {
    return path.getFileSystem(session.sparkContext().hadoopConfiguration());
  }
}
