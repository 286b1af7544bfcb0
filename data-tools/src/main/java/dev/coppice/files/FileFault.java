package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.InvalidInputException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.AnalysisException;

/**
 * Tells a failure that is the fault of a file from one of the cluster. Only the former is bad
 * input, which no scheduler tries again: a file that is missing, damaged, of another form or not to
 * be read. A stopped session, a lost executor, a connection that breaks and a step that was
 * cancelled are not.
 */
public final class FileFault {
  private static final int MAX_CAUSES = 100;

  /** What Spark 4 and 3.5, Parquet and Hadoop say of a file; tasks' errors come as text. */
  private static final List<String> DAMAGE =
      List.of(
          "Encountered error while reading file",
          "Could not read footer",
          "is not a Parquet file",
          "Checksum error");

  /** What Linux and macOS say. */
  private static final List<String> FULL_DISK =
      List.of("No space left on device", "Disk quota exceeded");

  /** What sockets and Hadoop's clients say of the way to a file, in exceptions of no own kind. */
  private static final List<String> WAY =
      List.of(
          "Connection refused",
          "Connection reset",
          "Broken pipe",
          "Failed on local exception",
          "Filesystem closed");

  /** Formats and codecs, whose own exceptions are about what they read. */
  private static final List<String> READERS =
      List.of("org.apache.parquet.", "org.apache.orc.", "com.github.luben.zstd.", "com.fasterxml.");

  private FileFault() {}

  /** Returns whether a failure to list, open or read a file itself is its fault. */
  public static boolean explains(Throwable error) {
    List<Throwable> causes = causes(error);
    return causes.stream().anyMatch(FileFault::isOfFile)
        && causes.stream().noneMatch(FileFault::isOfCluster);
  }

  /**
   * Returns whether a failure of a Spark job, which may have many reasons, is the fault of a place
   * that it reads: either Spark's analysis finds it so, or the failure is one of a file and names
   * the place. Files that Spark itself lost, such as those of a shuffle, lie elsewhere.
   *
   * @param place a file, or a directory that holds it; qualified
   */
  public static boolean explains(Throwable error, Path place) {
    String plain = place.toUri().getPath();
    String escaped = place.toUri().getRawPath();
    List<Throwable> causes = causes(error);
    return explains(error)
        && (causes.stream().anyMatch(AnalysisException.class::isInstance)
            || causes.stream()
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(message -> message.contains(plain) || message.contains(escaped)));
  }

  /** Returns the line that says which file is damaged; empty if none is to blame. */
  public static Optional<String> damage(Throwable error) {
    List<Throwable> causes = causes(error);
    if (causes.stream().anyMatch(FileFault::isOfCluster)) {
      return Optional.empty();
    }
    return causes.stream()
        .flatMap(cause -> String.valueOf(cause.getMessage()).lines())
        .filter(line -> DAMAGE.stream().anyMatch(line::contains))
        .findFirst()
        .map(String::strip);
  }

  /**
   * Returns what a failure to read one file is: bad input where the file explains it, else the
   * failure itself.
   */
  public static RuntimeException damaged(Path file, Exception error) {
    if (explains(error)) {
      return new BadInputException(
          file + " is damaged: " + reason(error) + ". Restore it or make it again.", error);
    }
    return error instanceof IOException io
        ? new UncheckedIOException(io)
        : (RuntimeException) error;
  }

  /** Returns whether a disk is full, which is no fault of what is read. */
  public static boolean isFullDisk(Throwable error) {
    return causes(error).stream().anyMatch(cause -> tells(cause, FULL_DISK));
  }

  /** Returns the first line of the innermost message, without a full stop. */
  public static String reason(Throwable error) {
    List<Throwable> causes = causes(error);
    String message = String.valueOf(causes.get(causes.size() - 1).getMessage()).strip();
    String line = message.lines().findFirst().orElse("").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static boolean isOfFile(Throwable cause) {
    return cause instanceof AnalysisException
        || (cause instanceof IOException io && isOfContent(io))
        || READERS.stream().anyMatch(cause.getClass().getName()::startsWith)
        || isOfReading(cause)
        || tells(cause, DAMAGE);
  }

  /**
   * A damaged file of checksums ends in whatever computing with its numbers ends in, and readers
   * throw exceptions of no own kind too.
   */
  private static boolean isOfReading(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    if (!(cause instanceof RuntimeException) || trace.length == 0) {
      return false;
    }
    String thrower = trace[0].getClassName();
    return thrower.startsWith("org.apache.hadoop.fs.Checksum")
        || READERS.stream().anyMatch(thrower::startsWith);
  }

  private static boolean tells(Throwable cause, List<String> words) {
    String message = String.valueOf(cause.getMessage());
    return words.stream().anyMatch(message::contains);
  }

  /** Of the many kinds of I/O errors, those that tell of a file and not of the way to it. */
  private static boolean isOfContent(IOException error) {
    return error.getClass().equals(IOException.class)
        || error instanceof FileNotFoundException
        || error instanceof EOFException
        || error instanceof FileSystemException
        || error instanceof AccessControlException
        || error instanceof InvalidInputException
        || error instanceof CharacterCodingException
        || error instanceof CharConversionException
        || error instanceof UTFDataFormatException
        // Hadoop's own: checksums, paths that are no directories, schemes that nobody knows.
        || error.getClass().getPackageName().equals("org.apache.hadoop.fs")
        || READERS.stream().anyMatch(error.getClass().getName()::startsWith);
  }

  private static boolean isOfCluster(Throwable cause) {
    return (cause instanceof IOException io && !isOfContent(io))
        || cause instanceof InterruptedException
        || cause instanceof TimeoutException
        || cause instanceof VirtualMachineError
        || tells(cause, WAY)
        || tells(cause, FULL_DISK)
        // Told already, whatever it is.
        || cause instanceof CoppiceException;
  }

  private static List<Throwable> causes(Throwable error) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = error; at != null && causes.size() < MAX_CAUSES; at = at.getCause()) {
      causes.add(at);
    }
    return causes;
  }
}
