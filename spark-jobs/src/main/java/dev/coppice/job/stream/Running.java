package dev.coppice.job.stream;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
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
  private volatile boolean askedToEnd;

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

  /**
   * Starts a query and waits until it ends, or the process is asked to end. Here and not in the
   * job, whose class is loaded where there is no Spark, to tell of keys.
   *
   * @param again told where Spark ended the query over a batch that it repeated, and it starts once
   *     more
   */
  void await(DataStreamWriter<Row> writer, Runnable again) throws Exception {
    try {
      await(writer.start());
    } catch (StreamingQueryException e) {
      if (!isOfProgress(e)) {
        throw e;
      }
      again.run();
      await(writer.start());
    }
  }

  private void await(StreamingQuery started) throws Exception {
    query = started;
    started.awaitTermination();
  }

  /**
   * Whether Spark ended a query while it told of a batch that it repeated, which is done by then:
   * SPARK-55271, in the connector for Kafka of Spark 4.1.
   */
  private static boolean isOfProgress(StreamingQueryException error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    StackTraceElement[] trace = root.getStackTrace();
    return root instanceof NullPointerException
        && trace.length > 0
        && trace[0].getMethodName().equals("metrics")
        && trace[0].getClassName().startsWith("org.apache.spark.sql.kafka010.");
  }

  /** Whether the process was asked to end; it does once this is closed. */
  boolean isAskedToEnd() {
    return askedToEnd;
  }

  private void end() {
    askedToEnd = true;
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
