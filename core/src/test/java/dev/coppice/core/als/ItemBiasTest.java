package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Item biases: dimension 0 of every row, 1 for users (docs/design.md section 5, "Item biases"). */
class ItemBiasTest {
  private static final PlantedData DATA = PlantedData.of(41, 29, 3, 0.5, 0.05, 2);
  private static final AlsObjective IMPLICIT =
      Objectives.withItemBias(AlsObjective.implicit(0.1, 0.05, 0.5, 0.4, 0.3), true);

  private static AlsObjective objective(Feedback feedback) {
    return switch (feedback) {
      case IMPLICIT -> IMPLICIT;
      case CONFIDENCE -> Objectives.withItemBias(Objectives.confidence(1.5, 0.05, 0.5), true);
      case EXPLICIT ->
          Objectives.withItemBias(
              new AlsObjective(Feedback.EXPLICIT, 0, 1, 0.05, 0.5, 0.4, 0.3, false), true);
    };
  }

  private static LocalEngine engine(AlsObjective objective, int rank, double density) {
    return new LocalEngine(DATA.blocks(objective, true, 3), objective, rank, density, 1, 5);
  }

  private static List<SweepRecord> train(LocalEngine engine, int sweeps, double ratio) {
    return train(engine, sweeps, ratio, record -> {});
  }

  private static List<SweepRecord> train(
      LocalEngine engine, int sweeps, double ratio, Consumer<SweepRecord> listener) {
    TrainerSettings settings =
        new TrainerSettings(sweeps, ratio, UpdateSchedule.COSINE, 1, 0, null);
    return new DynamicSparseTrainer(settings, engine, listener).train(TrainerState.FRESH).sweeps();
  }

  private static int[] support(SparseTable table, int row) {
    return IntStream.range(table.begin(row), table.end(row)).map(table::dim).toArray();
  }

  /** Every user's and item's row against the system of the other weights, written out. */
  @ParameterizedTest
  @CsvSource({
    "IMPLICIT, .3",
    "CONFIDENCE, .3",
    "EXPLICIT, .3",
    "IMPLICIT, 1",
    "CONFIDENCE, 1",
    "EXPLICIT, 1"
  })
  void rowsAreThoseOfTheNaiveReference(Feedback feedback, double density) {
    AlsObjective objective = objective(feedback);
    int rank = density < 1 ? 16 : 7;
    LocalEngine engine = engine(objective, rank, density);
    NaiveModel naive = new NaiveModel(DATA, objective, true);
    train(engine, 3, 0.5);
    for (Side side : Side.values()) {
      engine.solve(side, 0);
      double[][] others = NaiveModel.rows(engine, side.other());
      for (int b = 0; b < 3; b++) {
        SparseTable table = engine.tables(side)[b];
        for (int row = 0; row < table.rows(); row++) {
          int id = (int) engine.blocks(side)[b].ids()[row];
          double[] expected =
              naive.row(side == Side.USERS, id, others).solve(rank, support(table, row));
          double[] actual = RandomTables.row(table, row);
          for (int j = 0; j < rank; j++) {
            assertThat(actual[j]).isCloseTo(expected[j], within(1e-5 * (1 + Math.abs(actual[j]))));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scoresOfAUserAreTheFiniteDifferencesOfTheObjective(Feedback feedback) {
    AlsObjective objective = objective(feedback);
    int rank = 16;
    LocalEngine engine = engine(objective, rank, 0.3);
    NaiveModel naive = new NaiveModel(DATA, objective, true);
    train(engine, 3, 0.5);
    engine.solve(Side.USERS, 0);
    double[][] items = NaiveModel.rows(engine, Side.ITEMS);
    HalfSweep half = engine.halfSweep(Side.USERS);
    assertThat(half.pinned()).isTrue();
    RowSolver solver = new RowSolver(half, rank);
    PositionScores scores = new PositionScores(half, rank);
    InteractionBlock block = engine.blocks(Side.USERS)[0];
    SparseTable table = engine.tables(Side.USERS)[0];
    double step = 1e-2;
    for (int row = 0; row < table.rows(); row++) {
      NaiveRow plain = naive.row(true, (int) block.ids()[row], items);
      double[] at = RandomTables.row(table, row);
      assertThat(at[0]).isEqualTo(1);
      double here = plain.loss(at);
      solver.solve(
          block, row, table.dims(), table.begin(row), table.end(row), table.weights().clone());
      assertThat(solver.loss()).isCloseTo(here, within(1e-5 * here));
      assertThat(scores.slack(block, row, table)).isCloseTo(0, within(1e-6));
      assertThat(scores.loss()).isCloseTo(here, within(1e-5 * here));
      scores.score(block, row, table);
      assertThat(scores.saliency(0, 1)).isEqualTo(Float.POSITIVE_INFINITY);
      int[] held = support(table, row);
      for (int j = 1; j < rank; j++) {
        double[] up = at.clone();
        double[] down = at.clone();
        up[j] += step;
        down[j] -= step;
        double g = (plain.loss(up) - plain.loss(down)) / (4 * step);
        double h = (plain.loss(up) - 2 * here + plain.loss(down)) / (2 * step * step);
        double tolerance = 1e-4 * (1 + Math.abs(h));
        assertThat(scores.curvature(j)).isCloseTo(h, within(tolerance));
        boolean stored = Arrays.binarySearch(held, j) >= 0;
        assertThat(stored ? 0 : scores.gradient(j)).isCloseTo(g, within(tolerance));
      }
    }
  }

  /**
   * By hand: q_1 = (1/2, 1), q_2 = (1/4, 0), the user observed q_1, alpha_0 = 1/2, reg = 1/4. With
   * w_0 = 1 the loss is (1/2 - w)^2 + ((1/2 + w)^2 + 1/16) / 2 + w^2 / 4, least at w = 1/7, where
   * it is 83/224. At w = 0 its slack is g^2/h = (1/4)^2 / (7/4) = 1/28.
   */
  @Test
  void givesTheWorkedExample() {
    AlsObjective objective =
        Objectives.withItemBias(AlsObjective.implicit(0.5, 0.25, 0, 0, 0), true);
    SparseTable src =
        new SparseTable(
            2, new int[] {0, 2, 3}, new short[] {0, 1, 0}, new float[] {0.5f, 1, 0.25f});
    HalfSweep step =
        new HalfSweep(
            objective,
            1,
            2,
            new double[] {0.3125, 0.5, 0.5, 1},
            new SparseTable[] {src},
            RowCode.forBlocks(1),
            true);
    InteractionBlock block =
        new InteractionBlock(0, new long[] {5}, new int[] {0, 1}, new int[] {0}, null, null);
    RowSolver solver = new RowSolver(step, 2);
    PositionScores scores = new PositionScores(step, 2);
    float[] weights = new float[2];
    solver.solve(block, 0, new short[] {0, 1}, 0, 2, weights);
    assertThat(weights).containsExactly(1, (float) (1 / 7.0));
    assertThat(solver.loss()).isCloseTo(83 / 224.0, within(1e-15));
    SparseTable start =
        new SparseTable(2, new int[] {0, 2}, new short[] {0, 1}, new float[] {1, 0});
    assertThat(scores.slack(block, 0, start)).isCloseTo(1 / 28.0, within(1e-15));
    // The same with the second position empty.
    scores.score(block, 0, step.bareRow(2));
    assertThat(scores.gain(1)).isCloseTo((float) (1 / 28.0), within(1e-8f));
    assertThatThrownBy(() -> solver.solve(block, 0, new short[] {1}, 0, 1, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a row of 1 weights holds none in dimension 0, which is that of the item biases");
  }

  /** One weight a row leaves the biases alone: b = n / (n + alpha_0 U + reg), the popular first. */
  @Test
  void biasesAloneArePopularity() {
    AlsObjective objective =
        Objectives.withItemBias(AlsObjective.implicit(0.1, 0.05, 0.5, 0, 0), true);
    LocalEngine engine =
        new LocalEngine(DATA.blocks(objective, false, 3), objective, 4, 0.25, 0, 5);
    train(engine, 3, 0.5);
    int[] degrees = new int[29];
    Arrays.stream(DATA.items()).forEach(item -> degrees[(int) item]++);
    double[][] items = NaiveModel.rows(engine, Side.ITEMS);
    for (int i = 0; i < 29; i++) {
      double shown = 0.1 * 41;
      double expected = degrees[i] / (degrees[i] + shown + 0.05 * Math.sqrt(degrees[i] + shown));
      assertThat(items[i][0]).isCloseTo(expected, within(1e-6));
      assertThat(Arrays.stream(items[i]).skip(1)).containsOnly(0.0);
    }
    Comparator<Integer> byBias = Comparator.comparingDouble(i -> items[i][0]);
    List<Integer> order = IntStream.range(0, 29).boxed().sorted(byBias).toList();
    for (int i = 1; i < 29; i++) {
      assertThat(degrees[order.get(i)]).isGreaterThanOrEqualTo(degrees[order.get(i - 1)]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReportedLossIsTheObjectiveOverAllPairs(Feedback feedback) {
    AlsObjective objective = objective(feedback);
    LocalEngine engine = engine(objective, 16, 0.3);
    NaiveModel naive = new NaiveModel(DATA, objective, true);
    int[] checked = new int[1];
    train(
        engine,
        4,
        0.5,
        record -> {
          double expected =
              naive.loss(
                  NaiveModel.rows(engine, Side.USERS),
                  NaiveModel.rows(engine, Side.ITEMS, engine.solvedItems()));
          assertThat(record.loss()).isCloseTo(expected, within(1e-5 * expected));
          checked[0]++;
        });
    assertThat(checked[0]).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 1, 1", "0.025, 1, 0", "0.05, 1, 0", "0.31, 0.9, 2", "0.9, 1, 3"})
  void explorationsLeaveTheBiasesAndMeetTheBudget(double density, double ratio, int minWeights) {
    int rank = 40;
    LocalEngine engine =
        new LocalEngine(DATA.blocks(IMPLICIT, false, 3), IMPLICIT, rank, density, minWeights, 5);
    List<SweepRecord> sweeps =
        train(
            engine,
            4,
            ratio,
            record -> {
              for (Side side : Side.values()) {
                long stored = 0;
                for (SparseTable table : engine.tables(side)) {
                  table.validate();
                  stored += table.stored();
                  for (int row = 0; row < table.rows(); row++) {
                    assertThat(table.dim(table.begin(row))).isZero();
                    assertThat(table.stored(row)).isGreaterThanOrEqualTo(Math.max(1, minWeights));
                    float bias = table.weights()[table.begin(row)];
                    assertThat(bias == 1f).isEqualTo(side == Side.USERS);
                  }
                }
                assertThat(stored).isEqualTo(engine.budget(side).weights());
              }
            });
    boolean free = density * rank >= 2 || density * rank > Math.max(1, minWeights);
    assertThat(sweeps.get(0).userMoved() > 0).isEqualTo(free);
  }

  private static Map<Side, Map<Long, SparseTable>> rows(LocalEngine engine, int users, int items) {
    Map<Side, Map<Long, SparseTable>> rows = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, SparseTable> byId = new TreeMap<>();
      for (int b = 0; b < 3; b++) {
        SparseTable table = engine.tables(side)[b];
        for (int row = 0; row < table.rows(); row++) {
          long id = engine.blocks(side)[b].ids()[row];
          short[] dims = table.rowDims(row);
          if (id < (side == Side.USERS ? users : items)) {
            byId.put(
                id,
                new SparseTable(
                    table.rank(), new int[] {0, dims.length}, dims, table.rowWeights(row)));
          }
        }
      }
      rows.put(side, byId);
    }
    return rows;
  }

  /** Most rows come from an earlier run, the others are new; at .2 known rows are cut as well. */
  @ParameterizedTest
  @CsvSource({".3, true", ".3, false", ".2, true", ".4, true", "1, true", "1, false"})
  void aRunGoesOnFromEarlierRows(double density, boolean foldIn) {
    int rank = 16;
    LocalEngine first = engine(IMPLICIT, rank, density == 1 ? 1 : 0.3);
    train(first, 5, 0.5);
    LocalEngine engine =
        new LocalEngine(
            DATA.blocks(IMPLICIT, true, 3),
            IMPLICIT,
            rank,
            density,
            1,
            5,
            rows(first, 33, 24),
            new Continuation(foldIn, 0.6));
    for (Side side : Side.values()) {
      for (SparseTable table : engine.tables(side)) {
        for (int row = 0; row < table.rows(); row++) {
          assertThat(table.dim(table.begin(row))).isZero();
        }
      }
    }
    NaiveModel naive = new NaiveModel(DATA, IMPLICIT, true);
    List<SweepRecord> sweeps =
        train(
            engine,
            5,
            0.3,
            record -> {
              double expected =
                  naive.loss(
                      NaiveModel.rows(engine, Side.USERS),
                      NaiveModel.rows(engine, Side.ITEMS, engine.solvedItems()));
              assertThat(record.loss()).isCloseTo(expected, within(1e-3 * expected));
            });
    LocalEngine fresh = engine(IMPLICIT, rank, density);
    List<SweepRecord> expected = train(fresh, 6, 0.3);
    assertThat(sweeps.get(4).loss()).isLessThan(1.1 * expected.get(5).loss());
  }

  /** A new row's support is grown for a full table, too, with and without biases. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void newRowsOfAFullTableAreFoldedIn(boolean bias) {
    AlsObjective objective = Objectives.withItemBias(IMPLICIT, bias);
    LocalEngine first = engine(objective, 16, 1);
    train(first, 5, 0);
    LocalEngine engine =
        new LocalEngine(
            DATA.blocks(objective, true, 3),
            objective,
            16,
            1,
            1,
            5,
            rows(first, 33, 24),
            new Continuation(true, 1));
    List<SweepRecord> sweeps = train(engine, 2, 0);
    assertThat(sweeps.get(1).loss())
        .isCloseTo(train(first, 2, 0).get(1).loss(), withinPercentage(3));
  }

  @Test
  void aFoldedInRowIsTheTrainedOne() {
    int rank = 6;
    AlsObjective objective =
        Objectives.withItemBias(AlsObjective.implicit(0.1, 0.05, 0.5, 0, 0.3), true);
    LocalEngine engine =
        new LocalEngine(DATA.blocks(objective, false, 3), objective, rank, 1, 1, 5);
    train(engine, 4, 0);
    engine.solve(Side.USERS, 0);
    Map<Long, SparseTable> items = rows(engine, 41, 29).get(Side.ITEMS);
    int[] degrees = new int[29];
    Arrays.stream(DATA.items()).forEach(item -> degrees[(int) item]++);
    FoldInSolver solver =
        new FoldInSolver(
            new FoldInSettings(
                rank,
                1,
                objective,
                objective.confidenceScale(DATA.users().length / 41.0, DATA.users().length / 29.0),
                DATA.users().length / 29.0,
                29),
            engine.halfSweep(Side.USERS).gramian());
    Map<Long, SparseTable> users = rows(engine, 41, 29).get(Side.USERS);
    for (int user = 0; user < 41; user++) {
      int id = user;
      int[] mine =
          IntStream.range(0, DATA.users().length)
              .filter(i -> DATA.users()[i] == id)
              .map(i -> (int) DATA.items()[i])
              .sorted()
              .toArray();
      int[] offsets = IntStream.rangeClosed(0, mine.length).map(i -> i * rank).toArray();
      short[] dims = new short[mine.length * rank];
      float[] weights = new float[dims.length];
      float[] ones = new float[mine.length];
      Arrays.fill(ones, 1);
      for (int i = 0; i < mine.length; i++) {
        SparseTable row = items.get((long) mine[i]);
        System.arraycopy(row.dims(), 0, dims, i * rank, rank);
        System.arraycopy(row.weights(), 0, weights, i * rank, rank);
      }
      SparseTable folded =
          solver.solve(
              new SparseTable(rank, offsets, dims, weights),
              Arrays.stream(mine).map(i -> degrees[i]).toArray(),
              ones);
      assertThat(folded.weights()[0]).isEqualTo(1);
      assertThat(folded.weights()).containsExactly(users.get((long) user).weights(), within(1e-5f));
    }
  }

  @Test
  void theObjectiveSaysWhichSideIsPinned() {
    assertThat(IMPLICIT.pins(Side.USERS)).isTrue();
    assertThat(IMPLICIT.pins(Side.ITEMS)).isFalse();
    assertThat(Objectives.withItemBias(IMPLICIT, false).pins(Side.USERS)).isFalse();
    assertThat(IMPLICIT.leastWeights(0)).isEqualTo(1);
    assertThat(IMPLICIT.leastWeights(3)).isEqualTo(3);
    assertThat(Objectives.withItemBias(IMPLICIT, false).leastWeights(0)).isZero();
  }
}
