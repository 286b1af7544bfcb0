package dev.coppice.job.frame;

import dev.coppice.core.error.UsageException;
import java.util.function.Supplier;

/** Turns what the library refuses into what the user is told to change. */
public final class Checked {
  private Checked() {}

  /**
   * Does a step that refuses settings that do not fit together, or do not fit the data.
   *
   * @throws UsageException with the message of an {@link IllegalArgumentException} of the step
   */
  public static <T> T asUsage(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** The same for a step that gives nothing back. */
  public static void asUsage(Runnable step) {
    asUsage(
        () -> {
          step.run();
          return null;
        });
  }
}
