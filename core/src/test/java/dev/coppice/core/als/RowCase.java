package dev.coppice.core.als;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of degree 0, 1, 4, 5 and of all others, against two blocks of another side. */
final class RowCase {
  static final int RANK = 11;
  static final double SCALE = 1.7;

  /** One objective, with or without a confidence per observation. */
  record Form(AlsObjective objective, boolean weighted) {}

  static List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    for (Feedback feedback : Feedback.values()) {
      for (double exponent : new double[] {0, 0.5, 1}) {
        for (boolean weighted : new boolean[] {true, false}) {
          AlsObjective objective =
              new AlsObjective(feedback, 0.15, SCALE, 0.02, exponent, 0, 0, false);
          forms.add(new Form(objective, weighted));
        }
      }
    }
    return forms;
  }

  final AlsObjective objective;
  final SparseTable[] src;
  final double[][] others;
  final double[][] confidence;
  final double[][] target;
  final InteractionBlock block;
  final SparseTable mine;
  final HalfSweep step;

  RowCase(Form form, double density, boolean full) {
    this(form.objective(), form.weighted(), density, full);
  }

  RowCase(AlsObjective objective, boolean weighted, double density, boolean full) {
    this.objective = objective;
    src =
        new SparseTable[] {
          RandomTables.of(RANK, 8, density, 1), RandomTables.of(RANK, 7, density, 2)
        };
    RowCode code = RowCode.forBlocks(2);
    int[] degrees = {0, 1, 4, 5, 15};
    others = new double[15][];
    for (int i = 0; i < 15; i++) {
      others[i] = RandomTables.row(src[i / 8], i % 8);
    }
    confidence = new double[degrees.length][15];
    target = new double[degrees.length][15];
    int[] offsets = new int[degrees.length + 1];
    int total = Arrays.stream(degrees).sum();
    int[] codes = new int[total];
    float[] confidences = weighted ? new float[total] : null;
    boolean explicit = objective.feedback() == Feedback.EXPLICIT;
    float[] ratings = explicit ? new float[total] : null;
    // MLlib's alpha is in the naive form; the others' scale is that of the confidences.
    double unit = objective.feedback() == Feedback.CONFIDENCE ? 1 : SCALE;
    int to = 0;
    for (int row = 0; row < degrees.length; row++) {
      for (int i = 0; i < 15; i++) {
        if ((i * 7 + row) % 15 < degrees[row]) {
          codes[to] = code.encode(i / 8, i % 8);
          float weight = (float) (0.2 + SeedStream.uniform(3, Purpose.SAMPLE, row, i));
          confidence[row][i] = unit * (weighted ? weight : 1);
          target[row][i] = explicit ? (float) (1 + i % 5) : 1;
          if (weighted) {
            confidences[to] = weight;
          }
          if (explicit) {
            ratings[to] = (float) target[row][i];
          }
          to++;
        }
      }
      offsets[row + 1] = to;
    }
    long[] ids = {10, 20, 30, 40, 50};
    block = new InteractionBlock(0, ids, offsets, codes, confidences, ratings);
    mine = RandomTables.of(RANK, degrees.length, full ? 1 : 0.5, 9);
    step = new HalfSweep(objective, SCALE, 15, gramian(), src, code, false);
  }

  private double[] gramian() {
    if (!objective.needsGramian()) {
      return null;
    }
    double[] g = new double[RANK * RANK];
    for (double[] q : others) {
      for (int a = 0; a < RANK; a++) {
        for (int b = 0; b < RANK; b++) {
          g[a * RANK + b] += q[a] * q[b];
        }
      }
    }
    return g;
  }

  NaiveRow naive(int row) {
    return new NaiveRow(objective, others, confidence[row], target[row]);
  }

  int[] support(int row) {
    return IntStream.range(mine.begin(row), mine.end(row)).map(mine::dim).toArray();
  }

  SparseTable solve(RowSolver solver, int row) {
    float[] weights = mine.weights().clone();
    solver.solve(block, row, mine.dims(), mine.begin(row), mine.end(row), weights);
    return mine.withWeights(weights);
  }
}
