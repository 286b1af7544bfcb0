package dev.coppice.bench;

import dev.coppice.core.topk.TopK;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Microseconds to keep the best k of 40,981 scores, one by one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class TopKBenchmark {

  /** Entries kept. */
  @Param({"10", "20", "100", "1000"})
  public int k;

  private float[] scores;
  private TopK heap;
  private int[] items;
  private float[] best;

  /** Draws the scores and checks the k-th against a sort. */
  @Setup
  public void setUp() {
    Random random = new Random(k);
    scores = new float[40_981];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextGaussian();
    }
    heap = new TopK(k);
    items = new int[k];
    best = new float[k];
    offerAll();
    float[] sorted = scores.clone();
    java.util.Arrays.sort(sorted);
    KernelChoice.check(best[k - 1] == sorted[sorted.length - k], "the k-th score");
  }

  /** Offers every score, then drains. */
  @Benchmark
  public int offerAll() {
    for (int i = 0; i < scores.length; i++) {
      heap.offer(i, scores[i]);
    }
    return heap.drainSorted(items, best);
  }
}
