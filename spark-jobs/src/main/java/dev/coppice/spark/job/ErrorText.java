package dev.coppice.spark.job;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.util.Optional;

/** Says an error in one message, without stack traces. */
final class ErrorText {
  private static final int MAX_CAUSES = 100;

  private ErrorText() {}

  /** The message for the user. */
  static String of(Throwable error) {
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
    if (String.valueOf(root.getMessage()).contains("No space left on device")) {
      return "the disk is full ("
          + firstLine(root)
          + "). Nothing was published. Make room, or set"
          + " spark.local.dir or the output to another disk.";
    }
    String message = firstLine(error);
    return root == error ? message : message + System.lineSeparator() + "Cause: " + firstLine(root);
  }

  /** How the process ends on this error. */
  static ExitCode exitCode(Throwable error) {
    return own(error).map(CoppiceException::exitCode).orElse(ExitCode.FAILURE);
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
