package dev.coppice.job.tune;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs some trials at a time, and tells of each on the caller's thread when it has ended. */
final class TrialPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrialPool.class);
  private static final int PATIENCE_SECONDS = 60;

  private final int size;
  private final ExecutorService threads;

  /** A pool that runs so many at a time. */
  TrialPool(int size) {
    this.size = size;
    threads = Executors.newFixedThreadPool(size);
  }

  /**
   * Runs trials until there are no more.
   *
   * @param goOn asked before each begins
   * @param told of each that has ended
   * @return the trials, in the order in which they ended
   * @throws Exception what a trial threw; those that run go to their end and are told before
   */
  List<Trial> run(Iterator<Callable<Trial>> trials, BooleanSupplier goOn, Consumer<Trial> told)
      throws Exception {
    CompletionService<Trial> running = new ExecutorCompletionService<>(threads);
    List<Trial> ended = new ArrayList<>();
    Throwable error = null;
    int count = 0;
    while (true) {
      while (error == null && count < size && goOn.getAsBoolean() && trials.hasNext()) {
        running.submit(trials.next());
        count++;
      }
      if (count == 0) {
        break;
      }
      try {
        Trial trial = running.take().get();
        told.accept(trial);
        ended.add(trial);
      } catch (ExecutionException e) {
        if (error == null) {
          error = e.getCause();
        } else {
          error.addSuppressed(e.getCause());
        }
      }
      count--;
    }
    if (error instanceof Error fatal) {
      throw fatal;
    }
    if (error != null) {
      throw (Exception) error;
    }
    return ended;
  }

  /** Ends the threads; trials have ended by now, unless the caller was interrupted. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a trial did not end within {} s of being told to", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
