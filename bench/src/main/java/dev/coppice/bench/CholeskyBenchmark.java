package dev.coppice.bench;

import dev.coppice.core.linalg.Cholesky;
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

/** Microseconds to copy, factor and solve one system of k unknowns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "--add-modules=jdk.incubator.vector"})
public class CholeskyBenchmark {

  /** Which kernels. */
  @Param public KernelChoice kernels;

  /** Order of the system: the stored weights of a row. */
  @Param({"4", "13", "26", "64", "128", "512"})
  public int k;

  private Kernels chosen;
  private int width;
  private double[] matrix;
  private double[] right;
  private double[] scratch;
  private double[] solution;

  /** A system of k unknowns: Gaussian vectors' products plus k on the diagonal. */
  @Setup
  public void setUp() {
    chosen = kernels.kernels();
    Random random = new Random(k);
    double[] vectors = random.doubles((long) k * k).map(u -> 2 * u - 1).toArray();
    width = Cholesky.width(k);
    matrix = new double[Cholesky.size(k)];
    right = new double[k];
    for (int i = 0; i < k; i++) {
      right[i] = random.nextGaussian();
      matrix[i * width + k] = right[i];
      for (int j = i; j < k; j++) {
        matrix[i * width + j] = chosen.dot(vectors, i * k, vectors, j * k, k) + (i == j ? 1 : 0);
      }
    }
    scratch = new double[matrix.length];
    solution = new double[k];
    solve();
    checkResidual();
  }

  /** Checks the last answer too. */
  @TearDown
  public void checkResidual() {
    for (int i = 0; i < k; i++) {
      double sum = 0;
      double size = 0;
      for (int j = 0; j < k; j++) {
        double entry = i <= j ? matrix[i * width + j] : matrix[j * width + i];
        sum += entry * solution[j];
        size += Math.abs(entry * solution[j]);
      }
      KernelChoice.check(
          Math.abs(sum - right[i]) <= 1e-10 * (1 + size), "residual " + (sum - right[i]));
    }
  }

  /** Copy, factor, solve. */
  @Benchmark
  public double[] solve() {
    System.arraycopy(matrix, 0, scratch, 0, matrix.length);
    KernelChoice.check(Cholesky.factor(chosen, scratch, k) < 0, "the matrix has no factor");
    Cholesky.solve(chosen, scratch, k, solution);
    return solution;
  }
}
