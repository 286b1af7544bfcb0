package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows without a weight below 0. */
class NonnegativeTest {
  private static final int RANK = RowCase.RANK;
  private static final PlantedData SMALL = PlantedData.of(41, 29, 3, 0.5, 0.05, 2);
  private static final PlantedData PLANTED = PlantedData.of(240, 120, 4, 0.35, 0.02, 6);
  private static final AlsObjective IMPLICIT =
      Objectives.nonnegative(AlsObjective.implicit(0.1, 0.01, 0.5, 0.4, 0.3));

  static List<RowCase.Form> forms() {
    return RowCase.forms().stream()
        .map(form -> new RowCase.Form(Objectives.nonnegative(form.objective()), form.weighted()))
        .toList();
  }

  /** The least loss over all sets of positions whose own minimum has no weight below 0. */
  private static double[] exhaustive(NaiveRow naive, int[] support) {
    double[] best = new double[RANK];
    for (int set = 1; set < 1 << support.length; set++) {
      int chosen = set;
      int[] some =
          IntStream.range(0, support.length)
              .filter(i -> (chosen >> i & 1) != 0)
              .map(i -> support[i])
              .toArray();
      double[] row = naive.solve(RANK, some);
      if (Arrays.stream(row).allMatch(w -> w >= 0) && naive.loss(row) < naive.loss(best)) {
        best = row;
      }
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void solvesARowAsTheBestOfAllSupports(RowCase.Form form) {
    RowCase c = new RowCase(form, 0.4, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    int zeros = 0;
    for (int row = 1; row < c.block.rows(); row++) {
      double[] solved = RandomTables.row(c.solve(solver, row), row);
      NaiveRow naive = c.naive(row);
      double[] expected = exhaustive(naive, c.support(row));
      for (int j = 0; j < RANK; j++) {
        assertThat(solved[j]).isCloseTo(expected[j], within(1e-6 * (1 + expected[j])));
      }
      double least = naive.loss(expected);
      assertThat(solver.loss()).isCloseTo(least, within(1e-9 * (1 + Math.abs(least))));
      zeros += (int) Arrays.stream(c.support(row)).filter(dim -> solved[dim] == 0).count();
    }
    assertThat(zeros).isPositive();
  }

  /**
   * By hand: the example of {@link RowSolverTest}, A = (9/4 1/2; 1/2 3/4) and b = (1, 0), whose
   * minimum has a weight of -8/23: w = (4/9, 0), as on the support {0}; loss 5/9.
   */
  @Test
  void givesTheWorkedExample() {
    HalfSweep step = WorkedRow.step(Objectives.nonnegative(WorkedRow.OBJECTIVE));
    InteractionBlock block = WorkedRow.block();
    RowSolver solver = new RowSolver(step, 2);
    float[] both = new float[2];
    solver.solve(block, 0, new short[] {0, 1}, 0, 2, both);
    assertThat(both).containsExactly((float) (4 / 9.0), 0);
    assertThat(solver.loss()).isCloseTo(5 / 9.0, within(1e-15));
    // Position 1 would have to fall: g_1 = 1/2 * 4/9 above 0.
    PositionScores scores = new PositionScores(step, 2);
    SparseTable row = new SparseTable(2, new int[] {0, 1}, new short[] {0}, new float[] {both[0]});
    scores.score(block, 0, row);
    assertThat(scores.gradient(1)).isCloseTo(2 / 9.0, within(1e-7));
    assertThat(scores.gain(1)).isZero();
    assertThat(scores.gains()[1]).isZero();
    assertThat(scores.slack(block, 0, row)).isCloseTo(0, within(1e-12));
    // From (4/9, 1/9) to 0 the loss falls by w (2 g - h w), g = 2/9 + 3/4 w, h = 3/4.
    SparseTable off =
        new SparseTable(2, new int[] {0, 2}, new short[] {0, 1}, new float[] {4 / 9f, 1 / 9f});
    double ofFirst = Math.pow(0.5 / 9, 2) / 2.25;
    double ofSecond = 1 / 9.0 * (2 * (2 / 9.0 + 0.75 / 9) - 0.75 / 9);
    assertThat(scores.slack(block, 0, off)).isCloseTo(ofFirst + ofSecond, within(1e-7));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void onlyWhatMayRiseHasAGain(RowCase.Form form) {
    RowCase c = new RowCase(form, 0.4, false);
    RowCase any =
        new RowCase(
            new RowCase.Form(Objectives.signed(form.objective()), form.weighted()), 0.4, false);
    RowSolver solver = new RowSolver(c.step, RANK);
    PositionScores scores = new PositionScores(c.step, RANK);
    PositionScores plain = new PositionScores(any.step, RANK);
    int refused = 0;
    for (int row = 1; row < c.block.rows(); row++) {
      SparseTable solved = c.solve(solver, row);
      scores.score(c.block, row, solved);
      plain.score(any.block, row, solved);
      float[] gains = scores.gains();
      for (int j = 0; j < RANK; j++) {
        boolean rises = scores.gradient(j) < 0;
        assertThat(scores.gain(j)).isEqualTo(rises ? plain.gain(j) : 0).isEqualTo(gains[j]);
        refused += rises || plain.gain(j) == 0 ? 0 : 1;
      }
    }
    assertThat(refused).isPositive();
  }

  private static TrainerSettings settings(int sweeps, double ratio) {
    return new TrainerSettings(sweeps, ratio, UpdateSchedule.COSINE, 1, 0, null);
  }

  private static List<SweepRecord> train(
      LocalEngine engine, TrainerSettings settings, Consumer<SweepRecord> listener) {
    return new DynamicSparseTrainer(settings, engine, listener).train(TrainerState.FRESH).sweeps();
  }

  private static void requireNonnegative(LocalEngine engine) {
    for (Side side : Side.values()) {
      for (SparseTable table : engine.tables(side)) {
        for (float weight : table.weights()) {
          // Zeros have no sign either.
          assertThat(Float.floatToRawIntBits(weight)).isNotNegative();
        }
      }
    }
  }

  private static long stored(LocalEngine engine, Side side) {
    return Arrays.stream(engine.tables(side)).mapToLong(SparseTable::stored).sum();
  }

  @ParameterizedTest
  @EnumSource
  void everyWeightStaysAndTheBudgetIsMetByEveryGrowth(Growth growth) {
    for (boolean biased : new boolean[] {false, true}) {
      AlsObjective objective = Objectives.withItemBias(IMPLICIT, biased);
      LocalEngine engine =
          new LocalEngine(SMALL.blocks(objective, false, 3), objective, 40, 0.2, 1, 5)
              .withRule(new ExploreRule(growth, 0, 0), null);
      requireNonnegative(engine);
      List<SweepRecord> sweeps =
          train(
              engine,
              settings(6, 0.5),
              record -> {
                requireNonnegative(engine);
                for (Side side : Side.values()) {
                  assertThat(stored(engine, side)).isEqualTo(engine.budget(side).weights());
                }
              });
      assertThat(sweeps.get(0).userMoved()).isPositive();
      for (SparseTable table : engine.tables(Side.USERS)) {
        for (int row = 0; biased && row < table.rows(); row++) {
          assertThat(table.dim(table.begin(row))).isZero();
          assertThat(table.weights()[table.begin(row)]).isEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.3, IMPLICIT", "0.3, EXPLICIT", "1, IMPLICIT", "1, EXPLICIT", "1, CONFIDENCE"})
  void theLossFallsAndIsTheObjectiveOverAllPairs(double density, Feedback feedback) {
    AlsObjective objective =
        Objectives.nonnegative(
            feedback == Feedback.CONFIDENCE
                ? Objectives.confidence(1.5, 0.05, 0.5)
                : new AlsObjective(feedback, 0.1, 1.5, 0.05, 0.5, 0.4, 0.3, false));
    LocalEngine engine =
        new LocalEngine(SMALL.blocks(objective, true, 3), objective, 10, density, 1, 5);
    NaiveModel naive = new NaiveModel(SMALL, objective, true);
    List<SweepRecord> sweeps =
        train(
            engine,
            settings(8, 0),
            record -> {
              double expected =
                  naive.loss(
                      NaiveModel.rows(engine, Side.USERS), NaiveModel.rows(engine, Side.ITEMS));
              assertThat(record.loss()).isCloseTo(expected, within(1e-5 * expected));
            });
    for (int s = 1; s < sweeps.size(); s++) {
      assertThat(sweeps.get(s).loss()).isLessThan(sweeps.get(s - 1).loss() * (1 + 1e-6));
    }
  }

  /** Communities are nonnegative structure: each is a dimension, and the rows find it. */
  @Test
  void recoversPlantedCommunitiesWithoutASign() {
    AlsObjective objective = Objectives.nonnegative(AlsObjective.implicit(0.1, 0.2, 0.5, 0.4, 0.3));
    LocalEngine engine =
        new LocalEngine(PLANTED.blocks(objective, false, 4), objective, 40, 0.15, 1, 5);
    train(engine, settings(8, 0.5), record -> {});
    double[][] users = NaiveModel.rows(engine, Side.USERS);
    double[][] items = NaiveModel.rows(engine, Side.ITEMS);
    int inside = 0;
    for (int u = 0; u < users.length; u++) {
      double[] scores = new double[items.length];
      for (int i = 0; i < items.length; i++) {
        scores[i] = NaiveModel.dot(users[u], items[i]);
      }
      int community = u % 4;
      inside +=
          (int)
              IntStream.range(0, items.length)
                  .boxed()
                  .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                  .limit(10)
                  .filter(i -> i % 4 == community)
                  .count();
    }
    assertThat(inside / (10.0 * users.length)).isGreaterThan(0.9);
  }

  @Test
  void exploringFindsABetterMaskThanTheStart() {
    double[] losses = new double[2];
    for (int explores = 0; explores < 2; explores++) {
      LocalEngine engine =
          new LocalEngine(PLANTED.blocks(IMPLICIT, false, 4), IMPLICIT, 40, 0.15, 1, 5);
      losses[explores] = train(engine, settings(6, 0.5 * explores), r -> {}).get(5).loss();
    }
    assertThat(losses[1]).isLessThan(0.9 * losses[0]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunThatGoesOnKeepsItsWeights(boolean foldIn) {
    LocalEngine first = new LocalEngine(SMALL.blocks(IMPLICIT, false, 3), IMPLICIT, 24, 0.3, 1, 5);
    train(first, settings(4, 0.5), record -> {});
    Map<Side, Map<Long, SparseTable>> half = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, SparseTable> rows = new HashMap<>();
      for (int b = 0; b < 3; b++) {
        SparseTable table = first.tables(side)[b];
        for (int row = 0; row < table.rows(); row += 2) {
          rows.put(
              first.blocks(side)[b].ids()[row],
              new SparseTable(
                  24, new int[] {0, table.stored(row)}, table.rowDims(row), table.rowWeights(row)));
        }
      }
      half.put(side, rows);
    }
    LocalEngine next =
        new LocalEngine(
            SMALL.blocks(IMPLICIT, false, 3),
            IMPLICIT,
            24,
            0.3,
            1,
            6,
            half,
            new Continuation(foldIn, 0.5));
    requireNonnegative(next);
    List<SweepRecord> sweeps = train(next, settings(4, 0.3), record -> requireNonnegative(next));
    assertThat(sweeps.get(3).loss()).isLessThan(sweeps.get(0).loss());
    assertThat(stored(next, Side.USERS)).isEqualTo(next.budget(Side.USERS).weights());
  }

  @Test
  void foldsUsersInWithoutAWeightBelowZero() {
    SparseTable items = RandomTables.of(16, 12, 0.6, 4);
    double[] gramian = new double[16 * 16];
    Gramian sums = new Gramian(16);
    sums.add(items, Gramian.scratch(16));
    System.arraycopy(sums.toMatrix(), 0, gramian, 0, gramian.length);
    boolean[] below = new boolean[2];
    for (AlsObjective objective : List.of(Objectives.signed(IMPLICIT), IMPLICIT)) {
      FoldInSettings settings = new FoldInSettings(16, 0.5, objective, 1, 1, 12);
      float[] row =
          new FoldInSolver(settings, gramian)
              .solve(items, new int[12], new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})
              .weights();
      for (float weight : row) {
        below[objective.nonnegative() ? 1 : 0] |= weight < 0;
      }
    }
    assertThat(below).containsExactly(true, false);
  }
}
