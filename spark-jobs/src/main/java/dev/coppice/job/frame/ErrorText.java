package dev.coppice.job.frame;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.files.FileFault;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.util.VersionInfo;

/** Says an error in one message, without stack traces. */
public final class ErrorText {
  private static final int MAX_CAUSES = 100;

  /** What Kryo says. */
  private static final List<String> UNREGISTERED = List.of("Class is not registered");

  /** What Hadoop says where it cannot reach a kind of file system. */
  private static final List<String> NO_CONNECTOR =
      List.of("No FileSystem for scheme", "FileSystem not found");

  private ErrorText() {}

  /** The message for the user. */
  public static String of(Throwable error) {
    Optional<CoppiceException> own = own(error);
    if (own.isPresent()) {
      return own.get().getMessage();
    }
    Throwable root = root(error);
    if (root instanceof OutOfMemoryError) {
      return "out of memory ("
          + firstLine(root)
          + "). Give the driver more with COPPICE_DRIVER_MEMORY, or the executors with"
          + " COPPICE_SPARK_OPTS=\"--executor-memory ...\".";
    }
    if (FileFault.isFullDisk(error)) {
      return "the disk is full. Nothing half-written was published. Make room, or set"
          + " spark.local.dir or the output to another disk.";
    }
    Optional<String> damaged = FileFault.damage(error);
    if (damaged.isPresent()) {
      return "a file cannot be read ("
          + damaged.get()
          + "). It is damaged, or not of the form it is taken for. Restore it or make it again, or"
          + " correct the setting that names it.";
    }
    Optional<String> connector = connector(error);
    if (connector.isPresent()) {
      return "no connector for a path's file system is on the class path ("
          + connector.get()
          + "). Add the one of Hadoop "
          + VersionInfo.getVersion()
          + " for s3a, abfss and the like (through deploy/bin/coppice in"
          + " COPPICE_SPARK_OPTS=\"--packages org.apache.hadoop:hadoop-aws:"
          + VersionInfo.getVersion()
          + "\"), or the store's own, or correct the path.";
    }
    Optional<String> unregistered = line(error, UNREGISTERED);
    if (unregistered.isPresent()) {
      return unregistered.get()
          + ". If it comes with a data source that Spark was given, such as Iceberg, add --conf "
          + SparkSessions.REGISTRATION_REQUIRED
          + "=false (through deploy/bin/coppice in COPPICE_SPARK_OPTS).";
    }
    String message = firstLine(error);
    return root == error ? message : message + System.lineSeparator() + "Cause: " + firstLine(root);
  }

  /** How the process ends on this error. */
  public static ExitCode exitCode(Throwable error) {
    Optional<CoppiceException> own = own(error);
    if (own.isPresent()) {
      return own.get().exitCode();
    }
    if (connector(error).isPresent()) {
      return ExitCode.USAGE;
    }
    return FileFault.damage(error).isPresent() ? ExitCode.BAD_INPUT : ExitCode.FAILURE;
  }

  /** What Hadoop says where the class of a file system is missing, or no class is named for it. */
  private static Optional<String> connector(Throwable error) {
    return line(error, NO_CONNECTOR)
        .filter(text -> text.contains("FileSystem"))
        .map(text -> text.replaceAll("^.*(?=No FileSystem for scheme|Class \\S+ not found)", ""));
  }

  private static Optional<CoppiceException> own(Throwable error) {
    Throwable at = error;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
      if (at instanceof CoppiceException own) {
        return Optional.of(own);
      }
    }
    return Optional.empty();
  }

  /** The first line of a message that holds one of {@code words}; tasks' errors come as text. */
  private static Optional<String> line(Throwable error, List<String> words) {
    Throwable at = error;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
      Optional<String> line =
          String.valueOf(at.getMessage())
              .lines()
              .filter(text -> words.stream().anyMatch(text::contains))
              .findFirst();
      if (line.isPresent()) {
        return Optional.of(line.get().strip());
      }
    }
    return Optional.empty();
  }

  private static Throwable root(Throwable error) {
    Throwable at = error;
    for (int depth = 0; at.getCause() != null && depth < MAX_CAUSES; depth++) {
      at = at.getCause();
    }
    return at;
  }

  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getName();
    }
    return error.getClass().getSimpleName() + ": " + message.strip().lines().findFirst().orElse("");
  }
}
