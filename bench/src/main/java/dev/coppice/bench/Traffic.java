package dev.coppice.bench;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Counts what a cluster would send: bytes written for shuffles, and bytes of broadcast pieces
 * (compressed, once each; every executor fetches them). Register with {@link #on}.
 */
final class Traffic extends SparkListener {
  private static final String MARK = "coppice.bench.mark";

  private final JavaSparkContext context;
  private final AtomicLong shuffled = new AtomicLong();
  private final AtomicLong broadcast = new AtomicLong();
  private final Set<Integer> marks = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch drained = new CountDownLatch(1);

  /**
   * Bytes since the last call.
   *
   * @param shuffled bytes written for shuffles
   * @param broadcast bytes of broadcast pieces
   */
  record Bytes(long shuffled, long broadcast) {}

  private Traffic(JavaSparkContext context) {
    this.context = context;
  }

  /** Starts to count. */
  static Traffic on(JavaSparkContext context) {
    Traffic traffic = new Traffic(context);
    context.sc().addSparkListener(traffic);
    return traffic;
  }

  /** Returns the bytes since the last call, and starts again at 0. */
  Bytes take() {
    // Events come late but in order: once the end of this job is seen, all before it were.
    drained = new CountDownLatch(1);
    context.setLocalProperty(MARK, "true");
    try {
      context.parallelize(List.of(1), 1).count();
      if (!drained.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException("Spark's events did not arrive within 5 minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Spark's events", e);
    } finally {
      context.setLocalProperty(MARK, null);
    }
    return new Bytes(shuffled.getAndSet(0), broadcast.getAndSet(0));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskMetrics() != null) {
      shuffled.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
    }
  }

  @Override
  public void onBlockUpdated(SparkListenerBlockUpdated update) {
    var block = update.blockUpdatedInfo();
    if (block.blockId().isBroadcast()
        && block.blockId().name().contains("_piece")
        && block.storageLevel().isValid()) {
      broadcast.addAndGet(block.memSize() + block.diskSize());
    }
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    if (start.properties() != null && start.properties().getProperty(MARK) != null) {
      marks.add(start.jobId());
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    if (marks.remove(end.jobId())) {
      drained.countDown();
    }
  }
}
