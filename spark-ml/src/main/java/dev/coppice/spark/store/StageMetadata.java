package dev.coppice.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.error.BadInputException;
import dev.coppice.files.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.sql.SparkSession;

/**
 * {@code metadata/} of a saved stage, which Spark ML writes and reads: one line of JSON with class,
 * uid and Params. It is looked at on the driver first, so that what fails afterwards is not the
 * fault of the file.
 */
public final class StageMetadata {
  /** Name of the directory. */
  private static final String METADATA = "metadata";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StageMetadata() {}

  /**
   * Makes a stage of its class, uid and Params, as {@code DefaultParamsReader} does, but without a
   * Spark job for the one line.
   *
   * @param path passed {@link #require}
   * @param type the class that was asked for there
   * @param remedy what to do if the stage cannot be made, a sentence
   * @throws BadInputException if there are Params or values that the class does not know
   */
  static <T extends Params> T stage(String path, Class<T> type, String remedy) {
    SparkSession session = SparkSession.active();
    try {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.parseMetadata(required(session, path, remedy), type.getName());
      T stage = type.getConstructor(String.class).newInstance(metadata.uid());
      metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
      return stage;
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw unreadable(path, e.getMessage(), remedy, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no constructor of a uid", e);
    }
  }

  /**
   * Checks that the file is there and tells of a class.
   *
   * @param type the class
   * @param remedy what to do if it does not, a sentence
   * @throws BadInputException if it is missing, damaged, or of another class
   */
  public static void require(SparkSession session, String path, Class<?> type, String remedy) {
    String line = required(session, path, remedy);
    String found;
    try {
      found = MAPPER.readTree(line).path("class").asText();
    } catch (JsonProcessingException e) {
      throw unreadable(path, e.getOriginalMessage(), remedy, e);
    }
    if (!found.equals(type.getName())) {
      String reason = "it is of the class \"" + found + "\" and not of " + type.getName();
      throw unreadable(path, reason, remedy, null);
    }
  }

  private static String required(SparkSession session, String path, String remedy) {
    return line(session.sparkContext().hadoopConfiguration(), path)
        .orElseThrow(() -> unreadable(path, "it is missing", remedy, null));
  }

  private static Optional<String> line(Configuration hadoop, String path) {
    Path directory = new Path(path, METADATA);
    try {
      FileSystem files = directory.getFileSystem(hadoop);
      if (!files.exists(directory)) {
        return Optional.empty();
      }
      List<Path> parts =
          Arrays.stream(files.listStatus(directory, part -> part.getName().startsWith("part-")))
              .map(FileStatus::getPath)
              .sorted()
              .toList();
      return InputFiles.firstLine(hadoop, parts);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private static BadInputException unreadable(
      String path, String reason, String remedy, Exception cause) {
    return new BadInputException(
        path + "/" + METADATA + " cannot be read: " + reason + ". " + remedy, cause);
  }
}
