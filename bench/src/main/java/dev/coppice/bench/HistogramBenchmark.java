package dev.coppice.bench;

import dev.coppice.core.mask.KeyPrefix;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.Threshold;
import dev.coppice.core.mask.ThresholdSearch;
import java.util.Arrays;
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

/** Milliseconds to find the threshold that an exact share of many scores reaches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class HistogramBenchmark {
  private static final int DIMS = 256;

  /** Number of scores. */
  @Param({"100000", "4000000"})
  public int scores;

  private float[] gains;
  private int need;

  /** Draws scores over many orders of magnitude; checks the histogram against a sort. */
  @Setup
  public void setUp() {
    Random random = new Random(scores);
    gains = new float[scores];
    for (int i = 0; i < scores; i++) {
      gains[i] = (float) Math.exp(4 * random.nextGaussian());
    }
    need = scores / 40;
    Threshold found = search();
    int taken = 0;
    for (int i = 0; i < scores; i++) {
      int score = ScoreKey.grow(gains[i]);
      long tie = ScoreKey.tie(i / DIMS, i % DIMS);
      taken += found.takes(score, tie) ? 1 : 0;
    }
    KernelChoice.check(taken == need, taken + " taken instead of " + need);
    KernelChoice.check(
        Float.floatToRawIntBits(sort()) >>> 16 == found.score() >>> 16, "the threshold's bucket");
  }

  /** All rounds of counting, and the digits they settle. */
  @Benchmark
  public Threshold search() {
    ThresholdSearch search = new ThresholdSearch(need);
    while (!search.done()) {
      ScoreHistogram histogram = new ScoreHistogram();
      KeyPrefix prefix = search.prefix();
      int level = search.level();
      for (int i = 0; i < scores; i++) {
        int score = ScoreKey.grow(gains[i]);
        long tie = level < 2 ? 0 : ScoreKey.tie(i / DIMS, i % DIMS);
        if (prefix.matches(score, tie)) {
          histogram.countGrow(ScoreKey.digit(score, tie, level));
        }
      }
      search.accept(histogram.grow());
    }
    return search.threshold();
  }

  /** What it replaces. */
  @Benchmark
  public float sort() {
    float[] sorted = gains.clone();
    Arrays.sort(sorted);
    return sorted[scores - need];
  }
}
