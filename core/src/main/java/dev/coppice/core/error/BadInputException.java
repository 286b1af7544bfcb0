package dev.coppice.core.error;

/** The data or the model that a job was given cannot be used (exit code 3). */
public final class BadInputException extends CoppiceException {
  private static final long serialVersionUID = 1L;

  /** A bad-input error with a message that says where, what was found and what was expected. */
  public BadInputException(String message) {
    super(ExitCode.BAD_INPUT, message);
  }

  /** As {@link #BadInputException(String)}, with the exception behind it. */
  public BadInputException(String message, Throwable cause) {
    super(ExitCode.BAD_INPUT, message, cause);
  }
}
