package dev.coppice.core.als;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.mask.Growth;
import dev.coppice.core.mask.ScoreHistogram;
import dev.coppice.core.mask.ThresholdSearch;
import dev.coppice.core.mask.UpdateSchedule;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Growth rules and protection of weights, against plain lists of all positions. */
class ScoringTest {
  private static final int RANK = 14;
  private static final long SEED = 3;
  private static final AlsObjective OBJECTIVE = AlsObjective.implicit(0.1, 0.02, 0.5, 0.3, 0.2);
  private static final PlantedData DATA = PlantedData.of(41, 29, 3, 0.5, 0.05, 6);

  private static LocalEngine engine(int numBlocks, ExploreRule rule) {
    return new LocalEngine(DATA.blocks(OBJECTIVE, false, numBlocks), OBJECTIVE, RANK, 0.3, 1, SEED)
        .withRule(rule, null);
  }

  private static ExploreRule rule(Growth growth) {
    return new ExploreRule(growth, 0, 0);
  }

  private static TrainerSettings sweeps(int maxIter) {
    return new TrainerSettings(maxIter, 0.3, UpdateSchedule.CONSTANT, 1, 0, null);
  }

  /** Positions of a side as id * RANK + dim. */
  private static Set<Long> positions(LocalEngine engine, Side side) {
    Set<Long> all = new HashSet<>();
    for (int b = 0; b < engine.blocks(side).length; b++) {
      SparseTable table = engine.tables(side)[b];
      for (int row = 0; row < table.rows(); row++) {
        for (int p = table.begin(row); p < table.end(row); p++) {
          all.add(engine.blocks(side)[b].ids()[row] * RANK + table.dim(p));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Growth.class)
  void everyRuleKeepsTheBudget(Growth growth) {
    LocalEngine engine = engine(4, rule(growth));
    List<SweepRecord> records = new ArrayList<>();
    new DynamicSparseTrainer(sweeps(4), engine, records::add).train(TrainerState.FRESH);
    for (Side side : Side.values()) {
      assertThat(positions(engine, side)).hasSize((int) engine.budget(side).weights());
    }
    assertThat(records.get(0).userMoved()).isPositive();
    assertThat(records.get(2).itemMoved()).isPositive();
  }

  @Test
  void rulesGrowDifferentPositions() {
    Map<Growth, Set<Long>> ends = new EnumMap<>(Growth.class);
    for (Growth growth : Growth.values()) {
      LocalEngine engine = engine(2, rule(growth));
      new DynamicSparseTrainer(sweeps(4), engine, record -> {}).train(TrainerState.FRESH);
      ends.put(growth, positions(engine, Side.USERS));
    }
    assertThat(new HashSet<>(ends.values())).hasSize(Growth.values().length);
  }

  /** What grew in a side's exploration of a sweep, by that sweep. */
  private static List<Set<Long>> grown(LocalEngine engine, Side side, int maxIter) {
    List<Set<Long>> grown = new ArrayList<>();
    Set<Long> before = new HashSet<>(positions(engine, side));
    new DynamicSparseTrainer(
            sweeps(maxIter),
            engine,
            record -> {
              Set<Long> now = positions(engine, side);
              Set<Long> added = new HashSet<>(now);
              added.removeAll(before);
              grown.add(added);
              before.clear();
              before.addAll(now);
            })
        .train(TrainerState.FRESH);
    return grown;
  }

  @Test
  void unfiredGrowsNoPositionTwiceWhileThereAreOthers() {
    LocalEngine engine = engine(3, rule(Growth.UNFIRED));
    Set<Long> held = positions(engine, Side.USERS);
    long all = (long) RANK * DATA.userCount();
    int explorations = 0;
    for (Set<Long> added : grown(engine, Side.USERS, 10)) {
      if (added.isEmpty()) {
        continue;
      }
      explorations++;
      Set<Long> again = new HashSet<>(added);
      again.retainAll(held);
      // Once all positions held a weight, those that did must come again.
      long unheld = all - held.size();
      assertThat(again).hasSize((int) Math.max(0, added.size() - unheld));
      held.addAll(added);
    }
    assertThat(explorations).isEqualTo(9);
    assertThat((long) held.size()).as("all were held in the end").isEqualTo(all);
  }

  @Test
  void randomGrowthIsEvenOverEmptyPositionsAndAnotherEverySweep() {
    LocalEngine one = engine(3, rule(Growth.RANDOM));
    List<Set<Long>> grown = grown(one, Side.USERS, 3);
    assertThat(grown.get(0)).isNotEmpty().isNotEqualTo(grown.get(1));
    long low = grown.get(0).stream().filter(at -> at % RANK < RANK / 2).count();
    assertThat((double) low / grown.get(0).size()).isBetween(0.3, 0.7);
    LocalEngine gradient = engine(3, rule(Growth.GRADIENT));
    assertThat(grown(gradient, Side.USERS, 3).get(0)).isNotEqualTo(grown.get(0));
  }

  @Test
  void momentumIsTheRunningMeanOfTheLargestScaledGradients() {
    LocalEngine engine = engine(2, rule(Growth.MOMENTUM));
    Map<Long, Double> means = new HashMap<>();
    for (int sweep = 1; sweep <= 3; sweep++) {
      for (Side side : Side.values()) {
        AlsEngine.Solution solved = engine.solve(side, 9);
        if (side == Side.ITEMS) {
          explore(engine, side, solved);
          continue;
        }
        Map<Long, Double> expected = new HashMap<>();
        List<Map.Entry<Long, Double>> largest = new ArrayList<>();
        HalfSweep step = step(engine, side);
        PositionScores scores = new PositionScores(step, RANK);
        for (int b = 0; b < 2; b++) {
          InteractionBlock block = engine.blocks(side)[b];
          SparseTable table = engine.tables(side)[b];
          for (int row = 0; row < table.rows(); row++) {
            scores.score(block, row, table);
            boolean[] stored = new boolean[RANK];
            for (int p = table.begin(row); p < table.end(row); p++) {
              stored[table.dim(p)] = true;
            }
            List<Map.Entry<Long, Double>> open = new ArrayList<>();
            for (int dim = 0; dim < RANK; dim++) {
              if (!stored[dim]) {
                long at = block.ids()[row] * RANK + dim;
                double now = scores.gradient(dim) / Math.sqrt(scores.curvature(dim));
                open.add(Map.entry(at, 0.5 * means.getOrDefault(at, 0.0) + 0.5 * now));
              }
            }
            largest.addAll(open);
            open.sort(Comparator.comparingDouble(e -> -Math.abs(e.getValue())));
            open.subList(0, Math.min(open.size(), table.stored(row)))
                .forEach(e -> expected.put(e.getKey(), e.getValue()));
          }
        }
        Set<Long> before = positions(engine, side);
        long moves = explore(engine, side, solved);
        Set<Long> added = positions(engine, side);
        added.removeAll(before);
        largest.sort(Comparator.comparingDouble(e -> -Math.abs(e.getValue())));
        Set<Long> wanted = new HashSet<>();
        largest.subList(0, (int) moves).forEach(e -> wanted.add(e.getKey()));
        assertThat(added).as("sweep %d", sweep).isEqualTo(wanted);
        means.clear();
        for (int b = 0; b < 2; b++) {
          SparseTable memory = engine.history(side, b).memory();
          memory.validate();
          for (int row = 0; row < memory.rows(); row++) {
            for (int p = memory.begin(row); p < memory.end(row); p++) {
              means.put(
                  engine.blocks(side)[b].ids()[row] * RANK + memory.dim(p),
                  (double) memory.weights()[p]);
            }
          }
        }
        assertThat(means.keySet()).isEqualTo(expected.keySet());
        expected.forEach((at, mean) -> assertThat(means.get(at)).isCloseTo(mean, within(1e-6)));
      }
    }
  }

  /** Moves 30 % of a side's weights; returns their number. */
  private static long explore(LocalEngine engine, Side side, AlsEngine.Solution solved) {
    long moves = (long) (0.3 * engine.budget(side).weights());
    ThresholdSearch prune = new ThresholdSearch(moves);
    ThresholdSearch grow = new ThresholdSearch(moves);
    ScoreHistogram counts = solved.listed().histogram();
    while (!prune.done() || !grow.done()) {
      if (!prune.done()) {
        prune.accept(counts.prune());
      }
      if (!grow.done()) {
        grow.accept(counts.grow());
      }
      counts = engine.count(side, prune.prefix(), grow.prefix());
    }
    engine.move(side, prune.threshold(), grow.threshold());
    return moves;
  }

  private static HalfSweep step(LocalEngine engine, Side side) {
    Gramian sum = new Gramian(RANK);
    for (SparseTable table : engine.tables(side.other())) {
      sum.add(table, Gramian.scratch(RANK));
    }
    LocalBlocks blocks = DATA.blocks(OBJECTIVE, false, engine.blocks(side).length);
    double n = blocks.observations();
    return new HalfSweep(
        OBJECTIVE,
        OBJECTIVE.confidenceScale(n / DATA.userCount(), n / DATA.itemCount()),
        engine.budget(side.other()).rows(),
        sum.toMatrix(),
        engine.tables(side.other()),
        blocks.code(),
        false);
  }

  @ParameterizedTest
  @CsvSource({"USERS, 0", "ITEMS, 0", "USERS, 0.6"})
  void importanceIsGradientTimesWeightWithoutTheWeight(Side side, double decay) {
    LocalEngine engine = engine(2, new ExploreRule(Growth.GRADIENT, 1, decay));
    new DynamicSparseTrainer(sweeps(3), engine, record -> {}).train(TrainerState.FRESH);
    Map<Side, SparseTable[]> before = new EnumMap<>(Side.class);
    for (Side one : Side.values()) {
      before.put(
          one,
          Arrays.stream(engine.tables(one))
              .map(
                  table -> {
                    float[] values = new float[table.stored()];
                    Arrays.fill(values, 10);
                    return table.withWeights(values);
                  })
              .toArray(SparseTable[]::new));
    }
    engine.withRule(new ExploreRule(Growth.GRADIENT, 1, decay), decay == 0 ? null : before);
    SparseTable[] importance = engine.importance(side);
    PositionScores scores = new PositionScores(step(engine, side), RANK);
    for (int b = 0; b < 2; b++) {
      InteractionBlock block = engine.blocks(side)[b];
      SparseTable table = engine.tables(side)[b];
      for (int row = 0; row < table.rows(); row++) {
        for (int p = table.begin(row); p < table.end(row); p++) {
          double slope = slopeWithout(scores, block, row, table, p);
          double expected = Math.abs(table.weights()[p] * slope) + decay * 10;
          double found = importance[b].weights()[p];
          assertThat(found).isCloseTo(expected, within(1e-4 * (0.01 + expected)));
        }
      }
    }
  }

  /** Half the derivative by a weight where it is 0, by central differences of the objective. */
  private static double slopeWithout(
      PositionScores scores, InteractionBlock block, int row, SparseTable table, int at) {
    double step = 0.25;
    double[] loss = new double[2];
    for (int i = 0; i < 2; i++) {
      float[] weights = table.weights().clone();
      weights[at] = (float) (i == 0 ? -step : step);
      scores.slack(block, row, table.withWeights(weights));
      loss[i] = scores.loss();
    }
    return (loss[1] - loss[0]) / (4 * step);
  }

  @Test
  void importantWeightsAreNotPruned() {
    LocalEngine free = engine(3, ExploreRule.EXACT);
    Set<Long> before = positions(free, Side.USERS);
    new DynamicSparseTrainer(sweeps(2), free, record -> {}).train(TrainerState.FRESH);
    Set<Long> pruned = new HashSet<>(before);
    pruned.removeAll(positions(free, Side.USERS));
    assertThat(pruned).isNotEmpty();

    LocalEngine guarded = engine(3, ExploreRule.EXACT);
    Map<Side, SparseTable[]> importance = new EnumMap<>(Side.class);
    importance.put(Side.ITEMS, null);
    SparseTable[] users = new SparseTable[3];
    for (int b = 0; b < 3; b++) {
      SparseTable table = guarded.tables(Side.USERS)[b];
      float[] values = new float[table.stored()];
      for (int row = 0; row < table.rows(); row++) {
        for (int p = table.begin(row); p < table.end(row); p++) {
          long at = guarded.blocks(Side.USERS)[b].ids()[row] * RANK + table.dim(p);
          values[p] = pruned.contains(at) ? 1e6f : 0;
        }
      }
      users[b] = table.withWeights(values);
    }
    importance.put(Side.USERS, users);
    guarded.withRule(new ExploreRule(Growth.GRADIENT, 0.5, 1), importance);
    new DynamicSparseTrainer(sweeps(2), guarded, record -> {}).train(TrainerState.FRESH);
    Set<Long> after = positions(guarded, Side.USERS);
    assertThat(after).containsAll(pruned);
    assertThat(after).hasSize(before.size()).isNotEqualTo(before);
  }

  @Test
  void rulesOutOfRangeAreRefused() {
    for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new ExploreRule(Growth.GRADIENT, bad, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("protect is " + bad);
    }
    assertThatThrownBy(() -> new ExploreRule(Growth.GRADIENT, 1, 1.1))
        .hasMessage("protectDecay is 1.1; it must lie between 0 and 1");
    assertThatThrownBy(() -> Growth.parse("magic"))
        .hasMessage("growth is 'magic'; it must be one of gradient, momentum, random, unfired");
    assertThat(Growth.parse("Unfired")).isEqualTo(Growth.UNFIRED);
  }
}
