package dev.coppice.spark.job;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.ExitCode;

/** What the user would be told of an error, for tests of other packages. */
public final class ErrorTexts {
  private ErrorTexts() {}

  /** Returns the bad input that an error stands for, as the user reads it. */
  public static BadInputException badInput(Throwable error) {
    if (ErrorText.exitCode(error) != ExitCode.BAD_INPUT) {
      throw new AssertionError("no bad input: " + ErrorText.of(error), error);
    }
    return new BadInputException(ErrorText.of(error));
  }
}
