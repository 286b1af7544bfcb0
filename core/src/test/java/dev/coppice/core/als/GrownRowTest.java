package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrownRowTest {
  private static final int RANK = 9;
  private static final PlantedData DATA = PlantedData.of(23, 17, 2, 0.4, 0.1, 8);

  /** Four rounds over the objective as it is written, gains being differences of its values. */
  private static double[] naive(NaiveRow row, boolean itemBias, int size) {
    List<Integer> support = new ArrayList<>();
    if (itemBias) {
      support.add(AlsObjective.BIAS_DIM);
    }
    double[] grown = row.solve(RANK, support.stream().mapToInt(Integer::intValue).toArray());
    for (int round = 1; round <= 4; round++) {
      double[] at = grown;
      IntStream.range(0, RANK)
          .boxed()
          .filter(j -> !support.contains(j))
          .sorted(Comparator.comparingDouble(j -> -gain(row, at, j)))
          .limit(Math.max(0, size * round / 4 - support.size()))
          .toList()
          .forEach(support::add);
      int[] dims = support.stream().sorted().mapToInt(Integer::intValue).toArray();
      grown = row.solve(RANK, dims);
    }
    return grown;
  }

  private static double gain(NaiveRow row, double[] at, int dim) {
    double[] up = at.clone();
    double[] down = at.clone();
    up[dim] += 0.1;
    down[dim] -= 0.1;
    double here = row.loss(at);
    double slope = (row.loss(up) - row.loss(down)) / 0.2;
    double curvature = (row.loss(up) - 2 * here + row.loss(down)) / 0.01;
    double[] best = at.clone();
    best[dim] -= slope / curvature;
    return here - row.loss(best);
  }

  private static GrownRow grower(HalfSweep step) {
    return new GrownRow(new RowSolver(step, RANK), new PositionScores(step, RANK), RANK);
  }

  @ParameterizedTest
  @CsvSource({
    "USERS, IMPLICIT, false",
    "USERS, CONFIDENCE, false",
    "USERS, EXPLICIT, false",
    "USERS, IMPLICIT, true",
    "USERS, EXPLICIT, true",
    "ITEMS, IMPLICIT, false",
    "ITEMS, IMPLICIT, true",
    "ITEMS, EXPLICIT, true"
  })
  void addsTheLargestGainsInRounds(Side side, Feedback feedback, boolean itemBias) {
    AlsObjective objective = new AlsObjective(feedback, 0.1, 2, 0.05, 0.5, 0, 0, itemBias);
    LocalEngine engine =
        new LocalEngine(DATA.blocks(objective, true, 2), objective, RANK, 0.6, 1, 3);
    new DynamicSparseTrainer(
            new TrainerSettings(3, 0.3, UpdateSchedule.COSINE, 1, 0, null), engine, sweep -> {})
        .train(TrainerState.FRESH);
    NaiveModel model = new NaiveModel(DATA, objective, true);
    double[][] others = NaiveModel.rows(engine, side.other());
    GrownRow grower = grower(engine.halfSweep(side));
    for (InteractionBlock block : engine.blocks(side)) {
      for (int row = 0; row < block.rows(); row++) {
        NaiveRow plain = model.row(side == Side.USERS, (int) block.ids()[row], others);
        for (int size = 1; size < RANK; size++) {
          SparseTable grown = grower.solved(block, row, size);
          grown.validate();
          double[] actual = RandomTables.row(grown, 0);
          double[] expected = naive(plain, itemBias, size);
          for (int j = 0; j < RANK; j++) {
            assertThat(actual[j]).isCloseTo(expected[j], within(1e-5 * (1 + Math.abs(actual[j]))));
          }
          assertThat(grower.support(block, row, size)).isEqualTo(grown.dims());
        }
      }
    }
  }

  /** Two items: one in dimensions 3, 5 and 6 alike, one in 1, which the row did not observe. */
  @Test
  void ofEqualGainsTheLowerDimensionComesFirstAndNoneWithoutAGain() {
    SparseTable items =
        new SparseTable(
            RANK, new int[] {0, 3, 4}, new short[] {3, 5, 6, 1}, new float[] {1, 1, 1, 1});
    HalfSweep step =
        new HalfSweep(
            Objectives.explicit(0.1, 0),
            1,
            2,
            null,
            new SparseTable[] {items},
            RowCode.forBlocks(1),
            false);
    InteractionBlock block =
        new InteractionBlock(
            0, new long[] {4, 7}, new int[] {0, 1, 1}, new int[] {0}, null, new float[] {2});
    GrownRow grower = grower(step);
    assertThat(grower.solved(block, 0, 2).dims()).containsExactly(3, 5);
    assertThat(grower.solved(block, 0, 8).dims()).containsExactly(3, 5, 6);
    assertThat(grower.solved(block, 1, 8).stored()).isZero();
    assertThat(grower.support(block, 0, 8)).containsExactly(3, 5, 6);
    // What stays need not be in order, and stays although it is more than asked for.
    PositionScores scores = new PositionScores(step, RANK);
    scores.score(block, 0, SparseTable.empty(RANK, 1));
    LargestGains gains = new LargestGains(scores, RANK);
    assertThat(gains.added(new short[] {8, 5}, 3)).containsExactly(3, 5, 8);
    assertThat(gains.added(new short[] {8, 2, 5}, 1)).containsExactly(2, 5, 8);
  }
}
