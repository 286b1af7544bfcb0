package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.AlsObjective.Feedback;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ScoreKey;
import dev.coppice.core.mask.ThresholdSearch;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One exploration, step by step, against a full sort of all scores. */
class ExplorationTest {
  private static final int RANK = 20;

  /** A share that lists every position. */
  private static final double ALL = 4;

  private static final PlantedData DATA = PlantedData.of(37, 23, 3, 0.5, 0.05, 4);
  private static final AlsObjective IMPLICIT = AlsObjective.implicit(0.1, 0.02, 0.5, 0.5, 0.3);

  private record Scored(long row, int dim, int score) {
    int compareLargestFirst(Scored other) {
      return ScoreKey.compare(
          other.score, ScoreKey.tie(other.row, other.dim), score, ScoreKey.tie(row, dim));
    }
  }

  /** What one exploration does on a side of an engine that was solved before. */
  private static final class Exploration {
    final List<Scored> prunable = new ArrayList<>();
    final List<Scored> growable = new ArrayList<>();
    final Map<Long, Float> before;
    private final Map<Long, Float> steps = new HashMap<>();
    Map<Long, Float> after;
    AlsEngine.Moved moved;

    Exploration(LocalEngine engine, Side side, HalfSweep step, int minWeights) {
      before = positions(engine, side);
      PositionScores scores = new PositionScores(step, RANK);
      for (int b = 0; b < engine.blocks(side).length; b++) {
        InteractionBlock block = engine.blocks(side)[b];
        SparseTable table = engine.tables(side)[b];
        for (int row = 0; row < block.rows(); row++) {
          score(scores, block, row, table, minWeights);
        }
      }
    }

    private void score(
        PositionScores scores, InteractionBlock block, int row, SparseTable table, int minWeights) {
      scores.score(block, row, table);
      long global = block.firstRow() + row;
      double[] dense = RandomTables.row(table, row);
      Set<Integer> held = new HashSet<>();
      List<Scored> ofRow = new ArrayList<>();
      for (int p = table.begin(row); p < table.end(row); p++) {
        int dim = table.dim(p);
        held.add(dim);
        float saliency = scores.saliency(dim, (float) dense[dim]);
        ofRow.add(new Scored(global, dim, ScoreKey.prune(saliency)));
      }
      // Least salient first; among equals the lower dimension may go.
      ofRow.sort(Comparator.comparingInt(Scored::score).reversed());
      prunable.addAll(ofRow.subList(0, Math.max(0, ofRow.size() - minWeights)));
      for (int dim = 0; dim < RANK; dim++) {
        if (!held.contains(dim) && scores.gain(dim) > 0) {
          growable.add(new Scored(global, dim, ScoreKey.grow(scores.gain(dim))));
          steps.put(global * RANK + dim, (float) (-scores.gradient(dim) / scores.curvature(dim)));
        }
      }
    }

    void move(LocalEngine engine, Side side, Listed listed, long moves) {
      ThresholdSearch prune = new ThresholdSearch(moves);
      ThresholdSearch grow = new ThresholdSearch(moves);
      ScoreHistogram counts = listed.histogram();
      while (!prune.done() || !grow.done()) {
        if (!prune.done()) {
          prune.accept(counts.prune());
        }
        if (!grow.done()) {
          grow.accept(counts.grow());
        }
        counts = engine.count(side, prune.prefix(), grow.prefix());
      }
      moved = engine.move(side, prune.threshold(), grow.threshold());
      after = positions(engine, side);
    }

    /** Weights that stay are as they were, grown ones where the loss is least along them. */
    void checkWeights() {
      after.forEach(
          (at, weight) ->
              assertThat(weight)
                  .isEqualTo(before.containsKey(at) ? before.get(at) : steps.get(at)));
    }

    Set<Long> expected(int moves) {
      Set<Long> positions = new HashSet<>(before.keySet());
      prunable.sort(Scored::compareLargestFirst);
      growable.sort(Scored::compareLargestFirst);
      prunable.subList(0, moves).forEach(s -> positions.remove(s.row * RANK + s.dim));
      growable.subList(0, moves).forEach(s -> positions.add(s.row * RANK + s.dim));
      return positions;
    }
  }

  /** Weights by row * RANK + dim. */
  private static Map<Long, Float> positions(LocalEngine engine, Side side) {
    Map<Long, Float> positions = new HashMap<>();
    for (int b = 0; b < engine.blocks(side).length; b++) {
      SparseTable table = engine.tables(side)[b];
      table.validate();
      for (int row = 0; row < table.rows(); row++) {
        for (int p = table.begin(row); p < table.end(row); p++) {
          positions.put(
              (engine.blocks(side)[b].firstRow() + row) * RANK + table.dim(p), table.weights()[p]);
        }
      }
    }
    return positions;
  }

  private static HalfSweep step(LocalEngine engine, LocalBlocks blocks, Side side, AlsObjective o) {
    double[] gramian = null;
    if (o.needsGramian()) {
      Gramian sum = new Gramian(RANK);
      for (SparseTable table : engine.tables(side.other())) {
        sum.add(table, Gramian.scratch(RANK));
      }
      gramian = sum.toMatrix();
    }
    double n = blocks.observations();
    return new HalfSweep(
        o,
        o.confidenceScale(n / DATA.userCount(), n / DATA.itemCount()),
        engine.budget(side.other()).rows(),
        gramian,
        engine.tables(side.other()),
        blocks.code(),
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "IMPLICIT, USERS, 1, 0, 1",
    "IMPLICIT, USERS, 1, 1, 60",
    "IMPLICIT, ITEMS, 3, 2, 40",
    "IMPLICIT, USERS, 5, 4, 37",
    "CONFIDENCE, ITEMS, 4, 1, 50",
    "EXPLICIT, USERS, 2, 1, 80",
    "EXPLICIT, ITEMS, 7, 0, 100"
  })
  void movesWhatAFullSortOfAllScoresMoves(
      Feedback feedback, Side side, int numBlocks, int minWeights, int moves) {
    AlsObjective objective = new AlsObjective(feedback, 0.1, 2, 0.02, 0.5, 0.4, 0.3, false);
    LocalBlocks blocks = DATA.blocks(objective, true, numBlocks);
    LocalEngine engine = new LocalEngine(blocks, objective, RANK, 0.25, minWeights, 8);
    HalfSweep step = step(engine, blocks, side, objective);
    AlsEngine.Solution solution = engine.solve(side, ALL);

    Exploration exploration = new Exploration(engine, side, step, minWeights);
    assertThat(ScoreHistogram.total(solution.listed().histogram().prune()))
        .isEqualTo(exploration.prunable.size());
    assertThat(ScoreHistogram.total(solution.listed().histogram().grow()))
        .isEqualTo(exploration.growable.size());
    exploration.move(engine, side, solution.listed(), moves);

    assertThat(exploration.after.keySet()).isEqualTo(exploration.expected(moves));
    assertThat(exploration.moved.stored()).isEqualTo(engine.budget(side).weights());
    assertThat(solution.listed().complete()).isTrue();
    assertThat(solution.listed().bytes()).isBetween(24L * moves, 14L * RANK * 37);
    exploration.checkWeights();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "3", "5", "6"})
  void aRowKeepsItsMostSalientWeights(int minWeights) {
    LocalBlocks blocks = DATA.blocks(IMPLICIT, false, 3);
    LocalEngine engine = new LocalEngine(blocks, IMPLICIT, RANK, 0.25, minWeights, 8);
    AlsEngine.Solution solution = engine.solve(Side.USERS, ALL);
    // Five weights a row at the start.
    long prunable = ScoreHistogram.total(solution.listed().histogram().prune());
    assertThat(prunable).isEqualTo(37L * Math.max(0, 5 - minWeights));
    if (prunable > 0) {
      Exploration exploration =
          new Exploration(
              engine, Side.USERS, step(engine, blocks, Side.USERS, IMPLICIT), minWeights);
      exploration.move(engine, Side.USERS, solution.listed(), prunable);
      for (SparseTable table : engine.tables(Side.USERS)) {
        for (int row = 0; row < table.rows(); row++) {
          assertThat(table.stored(row)).isGreaterThanOrEqualTo(minWeights);
        }
      }
      // What was pruned is not grown again in the same exploration.
      Set<Long> kept = new HashSet<>(exploration.before.keySet());
      kept.retainAll(exploration.after.keySet());
      assertThat(kept).hasSize(37 * minWeights);
    }
  }

  @Test
  void listsBlocksOnTheirOwn() {
    LocalBlocks blocks = DATA.blocks(IMPLICIT, false, 3);
    LocalEngine engine = new LocalEngine(blocks, IMPLICIT, RANK, 0.25, 1, 8);
    BlockSolver solver = new BlockSolver(step(engine, blocks, Side.USERS, IMPLICIT), RANK, 1);
    BlockSolver.Exploration exploration =
        new BlockSolver.Exploration(ExploreRule.EXACT.scoring(1, 8), History.NONE, ALL);
    List<Listed> parts = new ArrayList<>();
    for (int b = 0; b < 3; b++) {
      InteractionBlock block = engine.blocks(Side.USERS)[b];
      SparseTable start = engine.tables(Side.USERS)[b];
      BlockSolver.Explored explored = solver.explore(b, block, start, SolveScope.ALL, exploration);
      BlockSolver.Solved solved = solver.solve(b, block, start, SolveScope.ALL);
      assertThat(explored.solved().stats()).isEqualTo(solved.stats());
      assertThat(explored.solved().table().weights()).isEqualTo(solved.table().weights());
      Movable again = solver.list(block, solved.table(), Resting.NONE, exploration);
      assertThat(again).usingRecursiveComparison().isEqualTo(explored.movable());
      parts.add(Listed.of(again));
    }
    Listed sum = parts.get(2).plus(parts.get(0)).plus(parts.get(1));
    Listed whole = engine.solve(Side.USERS, ALL).listed();
    assertThat(sum.histogram().prune()).isEqualTo(whole.histogram().prune());
    assertThat(sum.histogram().grow()).isEqualTo(whole.histogram().grow());
    assertThat(sum.bytes()).isEqualTo(whole.bytes());
  }

  /** Lists that turn out to be too short are made again, and end in the same tables. */
  @ParameterizedTest
  @CsvSource({"1, 0.9", "1, 0.3", "3, 0.9"})
  void theLengthOfTheListsChangesNothing(int numBlocks, double ratio) {
    PlantedData data = PlantedData.of(240, 120, 4, 0.35, 0.02, 6);
    TrainerSettings settings = new TrainerSettings(4, ratio, UpdateSchedule.COSINE, 1, 0, null);
    int[] again = new int[1];
    List<LocalEngine> engines = new ArrayList<>();
    for (double length : new double[] {1, 0.01, 100}) {
      LocalEngine engine =
          new LocalEngine(data.blocks(IMPLICIT, false, numBlocks), IMPLICIT, RANK, 0.25, 1, 8);
      engine.withListsOf(share -> length * share, () -> again[0] += length == 0.01 ? 1 : 0);
      new DynamicSparseTrainer(settings, engine, sweep -> {}).train(TrainerState.FRESH);
      engines.add(engine);
    }
    assertThat(again[0]).isPositive();
    for (Side side : Side.values()) {
      assertThat(positions(engines.get(1), side)).isEqualTo(positions(engines.get(0), side));
      assertThat(positions(engines.get(2), side)).isEqualTo(positions(engines.get(0), side));
    }
  }

  @Test
  void refusesANegativeMinimum() {
    LocalBlocks blocks = DATA.blocks(IMPLICIT, false, 1);
    LocalEngine engine = new LocalEngine(blocks, IMPLICIT, RANK, 0.25, 0, 8);
    HalfSweep step = step(engine, blocks, Side.USERS, IMPLICIT);
    assertThatThrownBy(() -> new BlockSolver(step, RANK, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minWeightsPerRow is -1; it must be at least 0");
  }

  @Test
  void blockStatsAddInTheOrderOfTheBlocks() {
    List<BlockStats> stats =
        List.of(new BlockStats(2, -1e16, 1), new BlockStats(0, 1e16, 2), new BlockStats(1, 0.5, 4));
    // (1e16 + 0.5) - 1e16 in this order: the half is lost.
    assertThat(BlockStats.sum(stats)).isEqualTo(new BlockStats(-1, 0, 7));
    assertThat(BlockStats.sum(List.of())).isEqualTo(new BlockStats(-1, 0, 0));
  }
}
