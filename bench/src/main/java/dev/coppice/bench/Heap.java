package dev.coppice.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Measures live bytes of this JVM: what is in use right after a full collection. */
final class Heap {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private Heap() {}

  /** Returns the live bytes. */
  static long live() {
    // Twice: what the first finds unreachable, Spark's cleaner may let go of more for.
    MEMORY.gc();
    MEMORY.gc();
    return MEMORY.getHeapMemoryUsage().getUsed();
  }

  /**
   * Runs work while another thread collects again and again, and returns the most live bytes that
   * any collection left. The work is slowed down; do not time it.
   *
   * @param pauseMillis between two collections
   */
  static long peakDuring(Callable<?> work, long pauseMillis) throws Exception {
    AtomicLong peak = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    Thread sampler =
        new Thread(
            () -> {
              while (!done.get()) {
                MEMORY.gc();
                peak.accumulateAndGet(MEMORY.getHeapMemoryUsage().getUsed(), Math::max);
                try {
                  Thread.sleep(pauseMillis);
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "heap-sampler");
    sampler.setDaemon(true);
    sampler.start();
    try {
      work.call();
    } finally {
      done.set(true);
      sampler.interrupt();
      sampler.join();
    }
    return Math.max(peak.get(), live());
  }
}
