package dev.coppice.bench;

import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Scorer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Microseconds per user for the best 20 of 40,981 items, less 27 seen ones. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class ScorerBenchmark {

  private static final int USERS = 1024;
  private static final int ITEMS = 40_981;
  private static final int SEEN = 27;
  private static final int K = 20;

  /** Shapes of the tables. */
  public enum Shape {
    /** Rank 256, density .05, all dimensions used alike. */
    SPARSE(256, 0.05, 0),
    /** Rank 256, density .05, dimension d used in proportion to 1 / d^.7. */
    SKEWED(256, 0.05, 0.7),
    /** Rank 64, every position filled. */
    DENSE(64, 1, 0);

    private final int rank;
    private final double density;
    private final double skew;

    Shape(int rank, double density, double skew) {
      this.rank = rank;
      this.density = density;
      this.skew = skew;
    }
  }

  /** Which kernels. */
  @Param public KernelChoice kernels;

  /** Which tables. */
  @Param public Shape shape;

  private Table users;
  private Scorer scorer;
  private int[] seenOffsets;
  private int[] seenItems;

  private static final class Table {
    private final int[] offsets;
    private final short[] dims;
    private final float[] weights;

    Table(int[] offsets, short[] dims, float[] weights) {
      this.offsets = offsets;
      this.dims = dims;
      this.weights = weights;
    }
  }

  private static Table table(Random random, int rows, Shape shape) {
    double[] chance = new double[shape.rank];
    Arrays.setAll(chance, d -> Math.pow(d + 1, -shape.skew));
    double total = Arrays.stream(chance).sum();
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rows * shape.rank];
    float[] weights = new float[rows * shape.rank];
    int at = 0;
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < shape.rank; d++) {
        if (random.nextDouble() < chance[d] / total * shape.rank * shape.density) {
          dims[at] = (short) d;
          weights[at++] = (float) random.nextGaussian();
        }
      }
      offsets[r + 1] = at;
    }
    return new Table(offsets, Arrays.copyOf(dims, at), Arrays.copyOf(weights, at));
  }

  /** Draws both tables; checks that scalar and vector give the same lists. */
  @Setup
  public void setUp() {
    Random random = new Random(7);
    Table items = table(random, ITEMS, shape);
    users = table(random, USERS, shape);
    ItemIndex index = ItemIndex.of(shape.rank, items.offsets, items.dims, items.weights);
    seenOffsets = new int[USERS + 1];
    seenItems = new int[USERS * SEEN];
    for (int u = 0; u < USERS; u++) {
      int[] seen = random.ints(SEEN, 0, ITEMS).sorted().toArray();
      System.arraycopy(seen, 0, seenItems, u * SEEN, SEEN);
      seenOffsets[u + 1] = (u + 1) * SEEN;
    }
    long wanted = checksum(new Scorer(index, K, KernelChoice.SCALAR.kernels()));
    scorer = new Scorer(index, K, kernels.kernels());
    KernelChoice.check(checksum(scorer) == wanted, "lists differ from the scalar ones");
  }

  private long checksum(Scorer with) {
    long[] sum = new long[1];
    with.recommend(
        users.offsets,
        users.dims,
        users.weights,
        0,
        USERS,
        seenOffsets,
        seenItems,
        (row, count, items, scores) -> {
          for (int j = 0; j < count; j++) {
            sum[0] = sum[0] * 31 + items[j] + Float.floatToIntBits(scores[j]);
          }
        });
    return sum[0];
  }

  /** All users' lists. */
  @Benchmark
  @OperationsPerInvocation(USERS)
  public long recommend() {
    return checksum(scorer);
  }
}
