package dev.coppice.bench;

import dev.coppice.core.linalg.Kernels;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds for one call of a vector kernel on arrays of a given length. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "--add-modules=jdk.incubator.vector"})
public class VectorKernelsBenchmark {

  /** Which kernels. */
  @Param public KernelChoice kernels;

  /** Length of the arrays. */
  @Param({"13", "64", "256", "1000"})
  public int n;

  private Kernels chosen;
  private float[] a;
  private float[] b;
  private double[] x;
  private double[] y;
  private float[] sums;

  /** Draws the arrays and checks the dot product against double precision. */
  @Setup
  public void setUp() {
    chosen = kernels.kernels();
    Random random = new Random(n);
    a = new float[n];
    b = new float[n];
    x = new double[n];
    y = new double[n];
    sums = new float[n];
    double exact = 0;
    double magnitude = 0;
    for (int i = 0; i < n; i++) {
      a[i] = (float) random.nextGaussian();
      b[i] = (float) random.nextGaussian();
      x[i] = random.nextGaussian();
      exact += (double) a[i] * b[i];
      magnitude += Math.abs((double) a[i] * b[i]);
    }
    double error = Math.abs(chosen.dot(a, 0, b, 0, n) - exact);
    KernelChoice.check(error <= (n / 16 + 13) * 0x1.0p-24 * magnitude, "dot is off by " + error);
  }

  /** The sums must have grown by multiples of what was added. */
  @TearDown
  public void tearDown() {
    for (int i = 0; i < n; i++) {
      KernelChoice.check(y[i] == 0 || Double.isFinite(y[i]), "axpy gave " + y[i]);
      KernelChoice.check(sums[i] == 0 || Float.isFinite(sums[i]), "scaledAdd gave " + sums[i]);
    }
  }

  /** Single-precision dot product. */
  @Benchmark
  public float dot() {
    return chosen.dot(a, 0, b, 0, n);
  }

  /** Double-precision dot product. */
  @Benchmark
  public double dotDouble() {
    return chosen.dot(x, 0, x, 0, n);
  }

  /** Double-precision scaled addition. */
  @Benchmark
  public double[] axpy() {
    chosen.axpy(1e-3, x, 0, y, 0, n);
    return y;
  }

  /** Scaled addition of floats to doubles. */
  @Benchmark
  public double[] axpyFloat() {
    chosen.axpyFloat(1e-3, a, 0, y, 0, n);
    return y;
  }

  /** Single-precision scaled addition. */
  @Benchmark
  public float[] scaledAdd() {
    chosen.scaledAdd(1e-3f, a, 0, sums, 0, n);
    return sums;
  }

  /** A scan that finds nothing. */
  @Benchmark
  public int nextAbove() {
    return chosen.nextAbove(a, 0, n, 100f);
  }
}
