package dev.coppice.core.error;

/** The command line or the configuration is wrong (exit code 2). */
public final class UsageException extends CoppiceException {
  private static final long serialVersionUID = 1L;

  /** A usage error with a message that names key, value, allowed range and remedy. */
  public UsageException(String message) {
    super(ExitCode.USAGE, message);
  }

  /** As {@link #UsageException(String)}, with the exception behind it. */
  public UsageException(String message, Throwable cause) {
    super(ExitCode.USAGE, message, cause);
  }
}
