package dev.coppice.spark.held;

import java.util.function.Supplier;

/** What is held for a step, and has no owner if the step fails. */
public final class OnFailure {
  private OnFailure() {}

  /**
   * Does a step.
   *
   * @param release run if the step does not come to its end
   * @return what the step makes
   */
  public static <T> T run(Runnable release, Supplier<T> step) {
    boolean done = false;
    try {
      T made = step.get();
      done = true;
      return made;
    } finally {
      if (!done) {
        release.run();
      }
    }
  }
}
