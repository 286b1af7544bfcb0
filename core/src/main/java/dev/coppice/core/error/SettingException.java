package dev.coppice.core.error;

/**
 * A setting that does not fit the data it is used on. To a library's caller it is an illegal
 * argument, to a job's user a matter of the configuration.
 */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** With a message that names setting, value, what is allowed and the remedy. */
  public SettingException(String message, Throwable cause) {
    super(message, cause);
  }
}
