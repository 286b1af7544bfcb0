package dev.coppice.core.error;

import java.util.Objects;

/**
 * An error whose message is meant for the user as it stands and that fixes the exit code of the
 * job. Jobs print the message alone; the stack trace is shown on request.
 */
public class CoppiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** An error that ends the job with {@code exitCode}. */
  public CoppiceException(ExitCode exitCode, String message) {
    super(Objects.requireNonNull(message, "message"));
    this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
  }

  /** An error that ends the job with {@code exitCode}, with the exception behind it. */
  public CoppiceException(ExitCode exitCode, String message, Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
  }

  /** How the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
