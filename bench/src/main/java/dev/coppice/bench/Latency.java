package dev.coppice.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;

/**
 * How long single answers take.
 *
 * @param p50 median, microseconds
 * @param p99 99th of 100, microseconds
 * @param perSecond answers a second, of all threads together
 */
record Latency(double p50, double p99, double perSecond) {

  /**
   * Times answers one by one, after others to warm up.
   *
   * @param work gives the n-th answer, as a number that must not be left out
   */
  static Latency measure(int threads, int warmUp, int answers, IntToLongFunction work)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      run(pool, threads, warmUp, work);
      long start = System.nanoTime();
      List<long[]> times = run(pool, threads, answers, work);
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      return new Latency(
          all[all.length / 2] / 1e3, all[(int) (all.length * 0.99)] / 1e3, all.length / seconds);
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<long[]> run(
      ExecutorService pool, int threads, int answers, IntToLongFunction work)
      throws InterruptedException, ExecutionException {
    List<Future<long[]>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t;
      running.add(pool.submit(() -> times(first, threads, answers, work)));
    }
    List<long[]> times = new ArrayList<>();
    for (Future<long[]> one : running) {
      times.add(one.get());
    }
    return times;
  }

  private static long[] times(int first, int step, int answers, IntToLongFunction work) {
    long[] times = new long[Math.max(1, answers / step)];
    long kept = 0;
    for (int n = 0; n < times.length; n++) {
      long start = System.nanoTime();
      kept += work.applyAsLong(first + n * step);
      times[n] = System.nanoTime() - start;
    }
    if (kept == Long.MIN_VALUE) {
      throw new IllegalStateException("never, but the answers count");
    }
    return times;
  }
}
