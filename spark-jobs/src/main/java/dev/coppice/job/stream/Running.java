package dev.coppice.job.stream;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a query when the process is asked to end: the batch under way is waited for, and then the
 * job, which gives its lock back. Before Spark's own hook, which stops the session.
 */
final class Running implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  // Spark's hooks run at 40, Hadoop's for file systems at 10.
  private static final int BEFORE_SPARK = 60;
  private static final int PATIENCE_SECONDS = 25;

  private final Semaphore batch = new Semaphore(1, true);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::end;
  private volatile StreamingQuery query;

  Running() {
    ShutdownHookManager.get()
        .addShutdownHook(hook, BEFORE_SPARK, 2L * PATIENCE_SECONDS + 5, TimeUnit.SECONDS);
  }

  /** Work that no end comes into. */
  @FunctionalInterface
  interface Batch {
    void run() throws Exception;
  }

  void during(Batch work) throws Exception {
    batch.acquire();
    try {
      work.run();
    } finally {
      batch.release();
    }
  }

  /** Waits until the query ends, or the process is asked to end. */
  void await(StreamingQuery started) throws Exception {
    query = started;
    started.awaitTermination();
  }

  private void end() {
    StreamingQuery running = query;
    if (running == null) {
      return;
    }
    boolean waited = false;
    try {
      // Held until the query has stopped, so that no further batch begins.
      waited = batch.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      running.stop();
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the stream has not ended after {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("the query does not stop: {}", e.getMessage());
    } finally {
      if (waited) {
        batch.release();
      }
    }
  }

  @Override
  public void close() {
    ended.countDown();
    ShutdownHookManager manager = ShutdownHookManager.get();
    if (!manager.isShutdownInProgress()) {
      manager.removeShutdownHook(hook);
    }
  }
}
