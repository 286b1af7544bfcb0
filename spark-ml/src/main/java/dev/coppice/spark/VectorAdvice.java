package dev.coppice.spark;

import dev.coppice.core.linalg.VectorKernels;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Says at the start of a training, once a driver, what to add where vectors are not used. */
final class VectorAdvice {
  private static final VectorAdvice DRIVER =
      new VectorAdvice(
          VectorKernels.advice(), line -> LoggerFactory.getLogger(VectorAdvice.class).warn(line));

  private final Optional<String> advice;
  private final Consumer<String> log;
  private final AtomicBoolean said = new AtomicBoolean();

  VectorAdvice(Optional<String> advice, Consumer<String> log) {
    this.advice = advice;
    this.log = log;
  }

  /** To be called where any training starts. */
  static void sayOnce() {
    DRIVER.say();
  }

  void say() {
    if (advice.isPresent() && said.compareAndSet(false, true)) {
      log.accept(
          advice.get()
              + " With Spark, put it into spark.driver.defaultJavaOptions and"
              + " spark.executor.defaultJavaOptions.");
    }
  }
}
