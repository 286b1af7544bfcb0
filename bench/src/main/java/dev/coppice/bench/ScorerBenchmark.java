package dev.coppice.bench;

import dev.coppice.core.topk.ItemIndex;
import dev.coppice.core.topk.Links;
import dev.coppice.core.topk.Scorer;
import dev.coppice.core.topk.SourceRows;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
  private static final int LINKS = 44;

  /** Shapes of the tables. */
  public enum Shape {
    /** Rank 256, density .05, all dimensions used alike. */
    SPARSE(256, 0.05, 0),
    /** Rank 256, density .05, dimension d used in proportion to 1 / d^.7. */
    SKEWED(256, 0.05, 0.7),
    /** Rank 64, every position filled. */
    DENSE(64, 1, 0),
    /** As {@link #SPARSE}, and links: of an item to 44 others, of a user to the 27 seen ones. */
    LINKED(256, 0.05, 0),
    /** The links alone. */
    LINKS_ALONE(256, 0, 0);

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

  private SourceRows users;
  private Scorer scorer;

  private static SourceRows table(Random random, int rows, Shape shape) {
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
    return SourceRows.of(offsets, Arrays.copyOf(dims, at), Arrays.copyOf(weights, at));
  }

  /** Distinct keys of each row, drawn alike from those of all items. */
  private static int[] keys(Random random, int rows, int each) {
    return IntStream.range(0, rows)
        .flatMap(row -> random.ints(0, ITEMS).distinct().limit(each).sorted())
        .toArray();
  }

  private static int[] offsets(int rows, int each) {
    return IntStream.rangeClosed(0, rows).map(row -> row * each).toArray();
  }

  /** Draws both tables; checks that scalar and vector give the same lists. */
  @Setup
  public void setUp() {
    Random random = new Random(7);
    SourceRows items = table(random, ITEMS, shape);
    users = table(random, USERS, shape);
    int[] seenOffsets = offsets(USERS, SEEN);
    int[] seen = keys(random, USERS, SEEN);
    users = users.withSeen(seenOffsets, seen);
    Links links = null;
    if (shape == Shape.LINKED || shape == Shape.LINKS_ALONE) {
      users = users.withLinks(new Links(seenOffsets, seen, null));
      float[] weights = new float[ITEMS * LINKS];
      for (int q = 0; q < weights.length; q++) {
        weights[q] = random.nextFloat();
      }
      links = new Links(offsets(ITEMS, LINKS), keys(random, ITEMS, LINKS), weights);
    }
    ItemIndex index =
        new ItemIndex.Builder(shape.rank)
            .addRows(0, items.offsets(), items.dims(), items.weights(), links)
            .build();
    long wanted = checksum(new Scorer(index, K, KernelChoice.SCALAR.kernels()));
    scorer = new Scorer(index, K, kernels.kernels());
    KernelChoice.check(checksum(scorer) == wanted, "lists differ from the scalar ones");
  }

  private long checksum(Scorer with) {
    long[] sum = new long[1];
    with.recommend(
        users,
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
