package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores of an earlier model that stand for the interactions it was learnt from. */
class KeptScoresTest {
  private static final int RANK = RowCase.RANK;
  private static final double STEP = 1e-2; // the objective is quadratic: differences are exact

  static List<RowCase.Form> forms() {
    List<RowCase.Form> forms = new ArrayList<>(RowCase.forms());
    forms.add(new RowCase.Form(AlsObjective.implicit(0.15, 0.02, 1, 0.3, 0.4), true));
    return forms;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void solvesTheObjectiveThatIsWrittenOutOverAllPairs(RowCase.Form form) {
    for (double density : new double[] {0.4, 1}) {
      KeptCase c = new KeptCase(new RowCase(form, density, density == 1));
      RowSolver solver = new RowSolver(c.step, RANK);
      for (int row = 0; row < c.block.rows(); row++) {
        SparseTable solved = c.solve(solver, row);
        double[] at = RandomTables.row(solved, row);
        assertThat(at)
            .as("row %s", row)
            .usingComparatorWithPrecision(2e-5)
            .containsExactly(minimum(c, row));
        double loss = c.loss(row, at);
        assertThat(solver.loss()).isCloseTo(loss, within(1e-5 * (1 + Math.abs(loss))));
      }
    }
  }

  /** Newton's step by differences: the objective is quadratic. */
  private static double[] minimum(KeptCase c, int row) {
    int[] support = c.rows.support(row);
    double[] zero = new double[RANK];
    double here = c.loss(row, zero);
    int k = support.length;
    double[][] system = new double[k][k + 1];
    for (int a = 0; a < k; a++) {
      double up = c.loss(row, moved(zero, support[a], 1));
      double down = c.loss(row, moved(zero, support[a], -1));
      system[a][k] = -(up - down) / 2;
      for (int b = 0; b < k; b++) {
        double both = c.loss(row, moved(moved(zero, support[a], 1), support[b], 1));
        system[a][b] = both - up - c.loss(row, moved(zero, support[b], 1)) + here;
      }
    }
    double[] solution = NaiveRow.gauss(system);
    double[] at = new double[RANK];
    for (int a = 0; a < k; a++) {
      at[support[a]] = solution[a];
    }
    return at;
  }

  private static double[] moved(double[] row, int dim, double by) {
    double[] moved = row.clone();
    moved[dim] += by;
    return moved;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void scoresAreTheFiniteDifferencesOfTheObjective(RowCase.Form form) {
    KeptCase c = new KeptCase(new RowCase(form, 0.4, false));
    RowSolver solver = new RowSolver(c.step, RANK);
    PositionScores scores = new PositionScores(c.step, RANK);
    for (int row = 0; row < c.block.rows(); row++) {
      SparseTable solved = c.solve(solver, row);
      scores.score(c.block, row, solved);
      double[] at = RandomTables.row(solved, row);
      double here = c.loss(row, at);
      for (int j = 0; j < RANK; j++) {
        double up = c.loss(row, moved(at, j, STEP));
        double down = c.loss(row, moved(at, j, -STEP));
        double g = (up - down) / (4 * STEP);
        double h = (up - 2 * here + down) / (2 * STEP * STEP);
        double tolerance = 1e-4 * (1 + Math.abs(h));
        assertThat(scores.curvature(j)).isCloseTo(h, within(tolerance));
        int dim = j;
        if (Arrays.stream(c.rows.support(row)).anyMatch(s -> s == dim)) {
          assertThat(g).as("the gradient on the support").isCloseTo(0, within(tolerance));
          double pruned = c.loss(row, moved(at, j, -at[j])) - here;
          assertThat((double) scores.saliency(j, (float) at[j]))
              .isCloseTo(pruned, within(tolerance));
          assertThat(scores.importance(j, (float) at[j])).isCloseTo(pruned, within(tolerance));
        } else {
          assertThat(scores.gradient(j)).isCloseTo(g, within(tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void slackKnowsTheLossAtThePresentWeights(RowCase.Form form) {
    KeptCase c = new KeptCase(new RowCase(form, 0.4, false));
    RowSolver solver = new RowSolver(c.step, RANK);
    PositionScores scores = new PositionScores(c.step, RANK);
    for (int row = 0; row < c.block.rows(); row++) {
      double before = c.loss(row, RandomTables.row(c.rows.mine, row));
      assertThat(scores.slack(c.block, row, c.rows.mine)).isPositive();
      assertThat(scores.loss()).isCloseTo(before, within(1e-8 * (1 + Math.abs(before))));
      SparseTable solved = c.solve(solver, row);
      assertThat(scores.slack(c.block, row, solved)).isCloseTo(0, within(1e-6));
      assertThat(scores.loss()).isCloseTo(solver.loss(), within(1e-5 * (1 + Math.abs(before))));
    }
  }

  /**
   * By hand: one item with q_0 = 1 and now q = 2, observed by the row's user twice of four earlier
   * pairs; w_0 = 3, alpha_0 = 1/2, gamma = 1, reg = reg_0 = 1/4, nothing new. Shares: the user had
   * 2 of a mean of 2, the item 4 of a mean of 4, and a pair 2 * 4 / 4 = 2 observations. So 2 (2 w -
   * 3)^2 + 1/2 (2 w - 3)^2 + 1/4 (w - 3)^2 is least where 5 (2 w - 3) + 1/4 (w - 3) = 0, at 63/41.
   */
  @Test
  void givesTheWorkedExample() {
    AlsObjective objective = AlsObjective.implicit(0.5, 0.25, 0, 0, 0);
    SparseTable now = new SparseTable(1, new int[] {0, 1}, new short[] {0}, new float[] {2});
    SparseTable before = new SparseTable(1, new int[] {0, 1}, new short[] {0}, new float[] {1});
    KeptScores.Counts counts = new KeptScores.Counts(2, 1, 2, 1, 4);
    KeptSums sums = new KeptSums(1);
    sums.add(
        now,
        new EarlierRows(new int[] {4}, before),
        counts.shares(objective, Side.ITEMS),
        KeptSums.scratch(1));
    HalfSweep step =
        new HalfSweep(
            objective,
            1,
            1,
            new double[] {4},
            new SparseTable[] {now},
            RowCode.forBlocks(1),
            false,
            KeptScores.of(objective, Side.USERS, 1, counts, sums.matrices()));
    SparseTable own = new SparseTable(1, new int[] {0, 1}, new short[] {0}, new float[] {3});
    InteractionBlock block =
        new InteractionBlock(0, new long[] {5}, new int[] {0, 0}, new int[0], null, null)
            .withEarlier(new EarlierRows(new int[] {2}, own));
    float[] weights = {3};
    new RowSolver(step, 1).solve(block, 0, new short[] {0}, 0, 1, weights);
    assertThat(weights[0]).isEqualTo((float) (63 / 41.0));
  }

  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.02, 1, 0.2, 0.1);
  private static final PlantedData DATA = PlantedData.of(90, 60, 3, 0.5, 0.02, 9);
  private static final int BLOCKS = 3;

  /** Of a run on pairs of the first users and items. */
  private record Past(
      Map<Side, Map<Long, SparseTable>> rows, Map<Side, Map<Long, Integer>> degrees) {}

  private static int[] pairs(IntPredicate wanted) {
    return IntStream.range(0, DATA.users().length).filter(wanted).toArray();
  }

  private static boolean old(int pair) {
    return DATA.users()[pair] < 70 && DATA.items()[pair] < 50 && pair % 4 != 0;
  }

  private static LocalBlocks blocks(AlsObjective objective, int[] pairs, Past past) {
    long[] users = Arrays.stream(pairs).mapToLong(i -> DATA.users()[i]).toArray();
    long[] items = Arrays.stream(pairs).mapToLong(i -> DATA.items()[i]).toArray();
    return past == null
        ? LocalBlocks.of(users, items, null, objective, BLOCKS)
        : LocalBlocks.of(
            users,
            items,
            null,
            objective,
            BLOCKS,
            past.rows.get(Side.USERS).keySet().stream().mapToLong(id -> id).toArray(),
            past.rows.get(Side.ITEMS).keySet().stream().mapToLong(id -> id).toArray(),
            past.degrees.get(Side.USERS),
            past.degrees.get(Side.ITEMS));
  }

  private static Past past(AlsObjective objective, int[] pairs) {
    LocalEngine engine =
        new LocalEngine(blocks(objective, pairs, null), objective, RANK, 0.6, 1, 5);
    train(engine, 12, 0.3);
    Map<Side, Map<Long, SparseTable>> rows = new EnumMap<>(Side.class);
    Map<Side, Map<Long, Integer>> degrees = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, SparseTable> byId = new TreeMap<>();
      Map<Long, Integer> counts = new HashMap<>();
      for (int b = 0; b < BLOCKS; b++) {
        SparseTable table = engine.tables(side)[b];
        InteractionBlock block = engine.blocks(side)[b];
        for (int row = 0; row < table.rows(); row++) {
          short[] dims = table.rowDims(row);
          byId.put(
              block.ids()[row],
              new SparseTable(RANK, new int[] {0, dims.length}, dims, table.rowWeights(row)));
          counts.put(block.ids()[row], block.observations(row));
        }
      }
      rows.put(side, byId);
      degrees.put(side, counts);
    }
    return new Past(rows, degrees);
  }

  private static List<SweepRecord> train(LocalEngine engine, int sweeps, double ratio) {
    TrainerSettings settings =
        new TrainerSettings(sweeps, ratio, UpdateSchedule.CONSTANT, 2, 0, null);
    return new DynamicSparseTrainer(settings, engine, sweep -> {})
        .train(TrainerState.FRESH)
        .sweeps();
  }

  private static LocalEngine continued(AlsObjective objective, int[] pairs, Past past) {
    return new LocalEngine(
        blocks(objective, pairs, past),
        objective,
        RANK,
        0.6,
        1,
        5,
        past.rows,
        new Continuation(true, 1));
  }

  /** Both half-sweeps have one objective: without explorations it never rises. */
  @ParameterizedTest
  @EnumSource(AlsObjective.Feedback.class)
  void theObjectiveFallsFromSweepToSweep(AlsObjective.Feedback feedback) {
    for (boolean bias : new boolean[] {false, true}) {
      AlsObjective objective = new AlsObjective(feedback, 0.1, 2, 0.02, 1, 0.2, 0.1, bias);
      Past past = past(objective, pairs(KeptScoresTest::old));
      LocalEngine engine =
          continued(objective, pairs(i -> !old(i)), past).withScoresOf(past.rows, past.degrees, 1);
      List<SweepRecord> sweeps = train(engine, 8, 0);
      for (int i = 2; i < sweeps.size(); i++) {
        double before = sweeps.get(i - 1).loss();
        assertThat(sweeps.get(i).loss()).isLessThan(before + 1e-6 * Math.abs(before));
      }
    }
  }

  /** What was learnt is a fixed point: with nothing new, nothing moves but what had not settled. */
  @Test
  void withoutNewPairsTheScoresStay() {
    Past past = past(OBJECTIVE, pairs(KeptScoresTest::old));
    LocalEngine engine =
        continued(OBJECTIVE, new int[0], past).withScoresOf(past.rows, past.degrees, 1);
    train(engine, 3, 0);
    double worst = 0;
    Map<Side, Map<Long, double[]>> now = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      now.put(side, new HashMap<>());
      for (int b = 0; b < BLOCKS; b++) {
        for (int row = 0; row < engine.tables(side)[b].rows(); row++) {
          now.get(side)
              .put(
                  engine.blocks(side)[b].ids()[row], RandomTables.row(engine.tables(side)[b], row));
        }
      }
    }
    for (long user : past.rows.get(Side.USERS).keySet()) {
      double[] before = RandomTables.row(past.rows.get(Side.USERS).get(user), 0);
      for (long item : past.rows.get(Side.ITEMS).keySet()) {
        double then =
            NaiveModel.dot(before, RandomTables.row(past.rows.get(Side.ITEMS).get(item), 0));
        double score = NaiveModel.dot(now.get(Side.USERS).get(user), now.get(Side.ITEMS).get(item));
        worst = Math.max(worst, Math.abs(score - then));
      }
    }
    assertThat(worst).isLessThan(1e-5);
  }

  /** The loss on all pairs, as training from scratch has it: kept scores come near to it. */
  @Test
  void newPairsAloneForgetAndKeptScoresDoNot() {
    int[] all = pairs(i -> true);
    Past past = past(OBJECTIVE, pairs(KeptScoresTest::old));
    NaiveModel naive = new NaiveModel(DATA, OBJECTIVE, false);
    LocalEngine scratch = new LocalEngine(blocks(OBJECTIVE, all, null), OBJECTIVE, RANK, 0.6, 1, 5);
    LocalEngine alone = continued(OBJECTIVE, pairs(i -> !old(i)), past);
    LocalEngine kept =
        continued(OBJECTIVE, pairs(i -> !old(i)), past).withScoresOf(past.rows, past.degrees, 1);
    double best = loss(naive, scratch);
    assertThat(loss(naive, alone)).isGreaterThan(1.3 * best);
    assertThat(loss(naive, kept)).isLessThan(1.1 * best);
  }

  private static double loss(NaiveModel naive, LocalEngine engine) {
    train(engine, 6, 0.1);
    return naive.loss(NaiveModel.rows(engine, Side.USERS), NaiveModel.rows(engine, Side.ITEMS));
  }

  @Test
  void sumsDoNotDependOnTheOrderOfTheBlocks() {
    SparseTable[] present = {RandomTables.of(RANK, 8, 0.5, 1), RandomTables.of(RANK, 7, 0.5, 2)};
    SparseTable[] before = {RandomTables.of(RANK, 8, 0.4, 3), RandomTables.of(RANK, 7, 0.4, 4)};
    EarlierShares shares = new EarlierShares(2, 0.3);
    KeptSums[] parts = new KeptSums[2];
    KeptSums forwards = new KeptSums(RANK);
    for (int b = 0; b < 2; b++) {
      int[] degrees = IntStream.range(0, present[b].rows()).map(i -> i % 4).toArray();
      EarlierRows earlier = new EarlierRows(degrees, before[b]);
      parts[b] = new KeptSums(RANK);
      parts[b].add(present[b], earlier, shares, KeptSums.scratch(RANK));
      forwards.add(present[b], earlier, shares, KeptSums.scratch(RANK));
    }
    parts[1].add(parts[0]);
    assertThat(parts[1].matrices().weighted()).containsExactly(forwards.matrices().weighted());
    assertThat(parts[1].matrices().weightedCross())
        .containsExactly(forwards.matrices().weightedCross());
    assertThat(parts[1].matrices().cross()).containsExactly(forwards.matrices().cross());
  }
}
