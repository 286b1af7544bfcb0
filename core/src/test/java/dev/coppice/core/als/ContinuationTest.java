package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.mask.InitialMask;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.Budget;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New rows that are folded in, and rows that rest. */
class ContinuationTest {
  private static final int RANK = 12;
  private static final int BLOCKS = 3;
  private static final long SEED = 5;
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.02, 1, 0, 0);
  private static final PlantedData DATA = PlantedData.of(60, 40, 2, 0.5, 0.02, 9);

  private static TrainerSettings sweeps(int maxIter) {
    return new TrainerSettings(maxIter, 0.3, UpdateSchedule.CONSTANT, 2, 0, null);
  }

  private static int[] pairsBelow(int users, int items) {
    return IntStream.range(0, DATA.users().length)
        .filter(i -> DATA.users()[i] < users && DATA.items()[i] < items)
        .toArray();
  }

  private static LocalBlocks blocks(int users, int items) {
    int[] pairs = pairsBelow(users, items);
    return LocalBlocks.of(
        Arrays.stream(pairs).mapToLong(i -> DATA.users()[i]).toArray(),
        Arrays.stream(pairs).mapToLong(i -> DATA.items()[i]).toArray(),
        null,
        OBJECTIVE,
        BLOCKS);
  }

  private static Map<Side, Map<Long, SparseTable>> rows(LocalEngine engine) {
    Map<Side, Map<Long, SparseTable>> rows = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      Map<Long, SparseTable> byId = new TreeMap<>();
      for (int b = 0; b < BLOCKS; b++) {
        SparseTable table = engine.tables(side)[b];
        for (int row = 0; row < table.rows(); row++) {
          short[] dims = table.rowDims(row);
          byId.put(
              engine.blocks(side)[b].ids()[row],
              new SparseTable(RANK, new int[] {0, dims.length}, dims, table.rowWeights(row)));
        }
      }
      rows.put(side, byId);
    }
    return rows;
  }

  private static Map<Side, Map<Long, SparseTable>> earlier() {
    LocalEngine engine = new LocalEngine(blocks(40, 30), OBJECTIVE, RANK, 0.5, 1, SEED);
    new DynamicSparseTrainer(sweeps(8), engine, sweep -> {}).train(TrainerState.FRESH);
    return rows(engine);
  }

  private static double loss(Continuation continuation, int maxIter) {
    LocalEngine engine =
        new LocalEngine(blocks(60, 40), OBJECTIVE, RANK, 0.5, 1, SEED, earlier(), continuation);
    List<SweepRecord> sweeps =
        new DynamicSparseTrainer(sweeps(maxIter), engine, sweep -> {})
            .train(TrainerState.FRESH)
            .sweeps();
    return sweeps.get(sweeps.size() - 1).loss();
  }

  @Test
  void foldedRowsBeginBetterThanRandomOnes() {
    assertThat(loss(new Continuation(true, 1), 1)).isLessThan(0.9 * loss(Continuation.NONE, 1));
  }

  @Test
  void rowsThatOnlyKnowNewRowsAreLearntToo() {
    // Without a known row everything is new: users keep their drawn weights, items learn from them.
    Map<Side, Map<Long, SparseTable>> nothing = new EnumMap<>(Side.class);
    nothing.put(Side.USERS, Map.of());
    nothing.put(Side.ITEMS, Map.of());
    LocalEngine engine =
        new LocalEngine(
            blocks(60, 40), OBJECTIVE, RANK, 0.5, 1, SEED, nothing, new Continuation(true, 1));
    List<SweepRecord> sweeps =
        new DynamicSparseTrainer(sweeps(8), engine, sweep -> {}).train(TrainerState.FRESH).sweeps();
    LocalEngine fresh = new LocalEngine(blocks(60, 40), OBJECTIVE, RANK, 0.5, 1, SEED);
    List<SweepRecord> expected =
        new DynamicSparseTrainer(sweeps(8), fresh, sweep -> {}).train(TrainerState.FRESH).sweeps();
    assertThat(sweeps.get(7).loss()).isLessThan(1.1 * expected.get(7).loss());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.5, 1})
  void lossIsThatOfAllRowsWhateverRests(double share) {
    LocalEngine engine =
        new LocalEngine(
            blocks(60, 40),
            OBJECTIVE,
            RANK,
            0.5,
            1,
            SEED,
            earlier(),
            new Continuation(true, share));
    List<SweepRecord> sweeps =
        new DynamicSparseTrainer(
                new TrainerSettings(2, 0.3, UpdateSchedule.CONSTANT, 1, 0, null),
                engine,
                sweep -> {})
            .train(TrainerState.FRESH)
            .sweeps();
    assertThat(sweeps.get(1).loss()).isCloseTo(naiveLoss(engine), within(1e-3 * naiveLoss(engine)));
  }

  /** The objective, pair by pair. */
  private static double naiveLoss(LocalEngine engine) {
    Map<Side, Map<Long, SparseTable>> rows = rows(engine);
    double loss = 0;
    int[] userDegrees = new int[60];
    int[] itemDegrees = new int[40];
    int[] pairs = pairsBelow(60, 40);
    for (int i : pairs) {
      int user = (int) DATA.users()[i];
      int item = (int) DATA.items()[i];
      userDegrees[user]++;
      itemDegrees[item]++;
      loss += Math.pow(1 - product(rows, user, item), 2);
    }
    for (int user = 0; user < 60; user++) {
      for (int item = 0; item < 40; item++) {
        loss += 0.1 * Math.pow(product(rows, user, item), 2);
      }
      loss += 0.02 * (userDegrees[user] + 0.1 * 40) * squares(rows.get(Side.USERS), user);
    }
    for (int item = 0; item < 40; item++) {
      loss += 0.02 * (itemDegrees[item] + 0.1 * 60) * squares(rows.get(Side.ITEMS), item);
    }
    return loss;
  }

  private static double product(Map<Side, Map<Long, SparseTable>> rows, long user, long item) {
    float[] p = new float[RANK];
    rows.get(Side.USERS).get(user).scatter(0, p);
    SparseTable q = rows.get(Side.ITEMS).get(item);
    double sum = 0;
    for (int i = 0; i < q.stored(); i++) {
      sum += (double) p[q.dim(i)] * q.weights()[i];
    }
    return sum;
  }

  private static double squares(Map<Long, SparseTable> rows, long id) {
    double sum = 0;
    for (float weight : rows.get(id).weights()) {
      sum += (double) weight * weight;
    }
    return sum;
  }

  @Test
  void theRowsWithTheLargestGainsAreSolvedAndTheOthersStay() {
    LocalBlocks data = blocks(60, 40);
    InteractionBlock block = data.blocks().get(Side.USERS)[0];
    SparseTable[] items = new SparseTable[BLOCKS];
    long itemRows = 0;
    for (int b = 0; b < BLOCKS; b++) {
      long[] ids = data.blocks().get(Side.ITEMS)[b].ids();
      items[b] = InitialMask.uniform(Budget.of(0.5, RANK, 40), itemRows, ids, 1);
      itemRows += ids.length;
    }
    Gramian gramian = new Gramian(RANK);
    for (SparseTable table : items) {
      gramian.add(table, Gramian.scratch(RANK));
    }
    HalfSweep step = new HalfSweep(OBJECTIVE, 1, 40, gramian.toMatrix(), items, data.code(), false);
    BlockSolver solver = new BlockSolver(step, RANK, 1);
    SparseTable solved =
        solver
            .solve(
                0,
                block,
                InitialMask.uniform(Budget.of(0.5, RANK, 60), 0, block.ids(), 2),
                SolveScope.ALL)
            .table();
    // All rows are at their minimum; two of them are moved away from it.
    float[] weights = solved.weights().clone();
    weights[solved.begin(1)] += 3;
    weights[solved.begin(4)] -= 3;
    SparseTable moved = solved.withWeights(weights);
    double share = 2.0 / block.rows();
    BlockSolver.Solved again = solver.solve(0, block, moved, new SolveScope(false, share, 0));
    assertThat(again.resting().contains(1)).isFalse();
    assertThat(again.resting().contains(4)).isFalse();
    assertThat(again.resting().weights())
        .isEqualTo(solved.stored() - solved.stored(1) - solved.stored(4));
    assertThat(again.table().weights()).containsExactly(solved.weights(), within(1e-5f));
    PositionScores scores = new PositionScores(step, RANK);
    assertThat(scores.slack(block, 0, solved)).isLessThan(1e-9);
    assertThat(scores.slack(block, 1, moved)).isGreaterThan(0.01);
  }

  @Test
  void sharesOutOfRangeAreRefused() {
    for (double share : new double[] {0, -1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> new Continuation(true, share))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("solveShare is " + share);
    }
  }
}
