package dev.coppice.spark.federate;

import java.io.Serializable;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.api.java.function.Function;

/**
 * Keeps the texts of failures in the task: Spark sends them to the driver, and they might quote
 * data. What is thrown instead has the class of the failure and where it was thrown.
 *
 * @param isOn whether it does; otherwise failures go through as they are
 */
public record Hush(boolean isOn) implements Serializable {
  /** Failures go through as they are. */
  public static final Hush OFF = new Hush(false);

  /** What a task fails with instead. */
  public static final class HushedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private HushedException(Exception hidden) {
      super(
          "a step inside a client's partition failed with "
              + hidden.getClass().getName()
              + "; its message is left out since private = true and it might quote data. To read"
              + " it, run the same on data that may be seen, without private");
      setStackTrace(hidden.getStackTrace());
    }
  }

  <A, R> Function<A, R> of(Function<A, R> step) {
    return isOn ? value -> hushed(() -> step.call(value)) : step;
  }

  <A, R> FlatMapFunction<A, R> flat(FlatMapFunction<A, R> step) {
    return isOn ? value -> hushed(() -> step.call(value)) : step;
  }

  <A, B, R> FlatMapFunction2<Iterator<A>, Iterator<B>, R> of(
      FlatMapFunction2<Iterator<A>, Iterator<B>, R> step) {
    return isOn ? (one, other) -> hushed(() -> step.call(one, other)) : step;
  }

  private static <R> R hushed(Callable<R> step) {
    try {
      return step.call();
    } catch (HushedException e) {
      throw e;
    } catch (Exception e) {
      throw new HushedException(e);
    }
  }
}
