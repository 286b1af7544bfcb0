package dev.coppice.bench;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.als.PositionScores;
import dev.coppice.core.als.RowCode;
import dev.coppice.core.als.RowSolver;
import dev.coppice.core.table.SparseTable;
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

/**
 * Microseconds a row to assemble and solve its system, and to score all of its positions, on rows
 * with as many observations as gowalla's users have: 7 to 811, about 27 in the mean.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class RowSolverBenchmark {
  private static final int ROWS = 1024;
  private static final int OTHERS = 40_981;
  private static final AlsObjective OBJECTIVE =
      new AlsObjective(AlsObjective.Feedback.IMPLICIT, 0.01, 1, 0.007, 1, 0, 0, false);

  /** Shapes of the tables. */
  public enum Shape {
    /** Rank 256, density .05. */
    SPARSE_256(256, 0.05),
    /** Rank 512, density .05. */
    SPARSE_512(512, 0.05),
    /** Rank 64, every position filled. */
    DENSE_64(64, 1);

    private final int rank;
    private final double density;

    Shape(int rank, double density) {
      this.rank = rank;
      this.density = density;
    }
  }

  /** Which tables. */
  @Param public Shape shape;

  private InteractionBlock block;
  private SparseTable mine;
  private HalfSweep step;
  private RowSolver solver;
  private PositionScores scores;
  private float[] solution;

  /** Draws tables and observations, and checks that every solved row's gradient is about zero. */
  @Setup
  public void setUp() {
    Random random = new Random(11);
    SparseTable others = table(random, OTHERS);
    mine = table(random, ROWS);
    Gramian gramian = new Gramian(shape.rank);
    gramian.add(others, Gramian.scratch(shape.rank));
    block = observations(random);
    step =
        new HalfSweep(
            OBJECTIVE,
            1,
            OTHERS,
            gramian.toMatrix(),
            new SparseTable[] {others},
            RowCode.forBlocks(1),
            false);
    solver = new RowSolver(step, shape.rank);
    scores = new PositionScores(step, shape.rank);
    solution = new float[mine.stored()];
    solve();
    check();
  }

  private SparseTable table(Random random, int rows) {
    int[] offsets = new int[rows + 1];
    short[] dims = new short[rows * shape.rank];
    float[] weights = new float[rows * shape.rank];
    int at = 0;
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < shape.rank; d++) {
        if (random.nextDouble() < shape.density) {
          dims[at] = (short) d;
          weights[at++] = (float) (random.nextGaussian() / Math.sqrt(shape.rank * shape.density));
        }
      }
      offsets[r + 1] = at;
    }
    return new SparseTable(
        shape.rank, offsets, Arrays.copyOf(dims, at), Arrays.copyOf(weights, at));
  }

  /** Degrees by a power law with exponent 2.35, cut at both ends; items by 1 / rank^.7. */
  private static InteractionBlock observations(Random random) {
    double[] share = new double[OTHERS];
    double sum = 0;
    for (int i = 0; i < OTHERS; i++) {
      sum += Math.pow(i + 1, -0.7);
      share[i] = sum;
    }
    int[] offsets = new int[ROWS + 1];
    int[][] items = new int[ROWS][];
    for (int r = 0; r < ROWS; r++) {
      int degree = (int) Math.min(811, 7 * Math.pow(1 - random.nextDouble(), -1 / 1.35));
      double total = sum;
      items[r] =
          random
              .doubles(degree)
              .mapToInt(u -> Math.abs(Arrays.binarySearch(share, u * total) + 1))
              .map(i -> Math.min(i, OTHERS - 1))
              .sorted()
              .distinct()
              .toArray();
      offsets[r + 1] = offsets[r] + items[r].length;
    }
    int[] codes = Arrays.stream(items).flatMapToInt(Arrays::stream).toArray();
    long[] ids = new long[ROWS];
    Arrays.setAll(ids, r -> r);
    return new InteractionBlock(0, ids, offsets, codes, null, null);
  }

  private void check() {
    SparseTable solved = mine.withWeights(solution);
    for (int row = 0; row < ROWS; row++) {
      scores.score(block, row, solved);
      for (int p = solved.begin(row); p < solved.end(row); p++) {
        int dim = solved.dim(p);
        // The scores' gradient leaves the row's own L2 term out.
        double gradient = scores.gradient(dim) + scores.regularisation() * solution[p];
        KernelChoice.check(
            Math.abs(gradient) <= 1e-4 * scores.curvature(dim), "gradient " + gradient);
      }
    }
  }

  /** Assembles and solves every row. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public float[] solve() {
    for (int row = 0; row < ROWS; row++) {
      solver.solve(block, row, mine.dims(), mine.begin(row), mine.end(row), solution);
    }
    return solution;
  }

  /** Scores all positions of every row. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public float score() {
    float sum = 0;
    for (int row = 0; row < ROWS; row++) {
      scores.score(block, row, mine);
      sum += scores.gain(0);
    }
    return sum;
  }
}
